// The views of the catalogue's losses, found when the page is built: asking ninety losses for theirs takes a second of a
// slow machine's time, and they do not change until the next build.

import { catalogue, viewsOf } from "lossc";
import type { Plugin } from "vite";

const id = "virtual:views";
/** JSON has no infinities; a module has. */
const literal = (value: unknown): string =>
  typeof value === "number"
    ? String(value)
    : Array.isArray(value)
      ? `[${value.map(literal)}]`
      : typeof value === "object" && value !== null
        ? `{${Object.entries(value).map(([key, part]) => `${key}:${literal(part)}`)}}`
        : JSON.stringify(value);

export function views(): Plugin {
  return {
    name: "lossc-views",
    resolveId: (source) => (source === id ? `\0${id}` : undefined),
    load(source) {
      if (source !== `\0${id}`) return undefined;
      const views = new Map<string, number>(); // most losses share theirs
      const indexOf = (text: string) => views.get(text) ?? views.set(text, views.size).size - 1;
      const rows = [...catalogue].map(
        ([name, loss]) => `${name}:[${viewsOf(loss).map((view) => `v[${indexOf(literal(view))}]`)}]`,
      );
      return `const v=[${[...views.keys()]}];export default {${rows.join(",")}};`;
    },
  };
}
