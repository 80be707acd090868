// All phrases: every sentence that the library and the page's own modules say by one, read from their sources.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseAst } from "vite";

const folders = ["../../packages/lossc/src/", "../src/"].map((folder) =>
  fileURLToPath(new URL(folder, import.meta.url)),
);

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

/** Each once; the empty one is what says nothing. */
export const allPhrases = (): string[] => [
  ...new Set(
    folders
      .flatMap((folder) =>
        (readdirSync(folder, { recursive: true }) as string[]).map((file) => join(folder, file)),
      )
      .filter((file) => file.endsWith(".ts") && !/phrase\.ts$|\.svelte\.ts$/.test(file))
      .flatMap((file) => phrasesOf(readFileSync(file, "utf8")))
      .filter((text) => text !== ""),
  ),
];
