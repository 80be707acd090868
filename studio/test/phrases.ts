// The library's phrases: every sentence of its card and its diagnosis, read from its sources.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseAst } from "vite";

const sources = fileURLToPath(new URL("../../packages/lossc/src/", import.meta.url));

/** The text of every phrase`…`, with "{0}", "{1}" … for its gaps. */
export function phrasesOf(code: string): string[] {
  const texts: string[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    const { type, tag, quasi } = node as { type?: string; tag?: { name?: string }; quasi?: Quasi };
    if (type === "TaggedTemplateExpression" && tag?.name === "phrase")
      texts.push(
        quasi!.quasis.map(({ value }) => value.cooked).reduce((all, part, i) => `${all}{${i - 1}}${part}`),
      );
    for (const part of Object.values(node)) visit(part);
  };
  visit(parseAst(code, { lang: "ts" }));
  return texts;
}
interface Quasi {
  readonly quasis: readonly { readonly value: { readonly cooked: string } }[];
}

/** Those of the whole library, each once; the empty one is what says nothing. */
export const libraryPhrases = (): string[] => [
  ...new Set(
    (readdirSync(sources, { recursive: true }) as string[])
      .filter((file) => file.endsWith(".ts") && file !== "phrase.ts")
      .flatMap((file) => phrasesOf(readFileSync(join(sources, file), "utf8")))
      .filter((text) => text !== ""),
  ),
];
