// The texts of a language, one file for translators, in parts for the page: what every room needs, each room's own, and
// the library's sentences, which English has from the library.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

const id = "virtual:strings";
const languages = ["en", "zh"];
const fileOf = (language: string) =>
  fileURLToPath(new URL(`../src/strings/${language}.json`, import.meta.url));

interface Texts {
  readonly phrases?: Readonly<Record<string, string>>;
  readonly rooms: Readonly<Record<string, string | { readonly title: string; readonly sentence: string }>>;
}

export function strings(): Plugin {
  return {
    name: "lossc-studio-strings",
    resolveId: (source) => (source.startsWith(id) ? `\0${source}` : undefined),
    load(source) {
      if (!source.startsWith(`\0${id}`)) return undefined;
      if (source === `\0${id}`) {
        const rows = languages.map((language) => {
          const part = (name: string) => `"${name}":()=>import("${id}/${language}/${name}")`;
          return `${language}:{${Object.keys(partsOf(read(language))).map(part)}}`;
        });
        return `export default {${rows}};`;
      }
      const [, language, name] = source.split("/");
      this.addWatchFile(fileOf(language));
      return `export default ${JSON.stringify(partsOf(read(language))[name])};`;
    },
  };
}

const read = (language: string): Texts => JSON.parse(readFileSync(fileOf(language), "utf8"));

const partsOf = (texts: Texts): Readonly<Record<string, unknown>> => ({
  "": shared(texts),
  ...(texts.phrases && { phrases: texts.phrases }),
  ...texts.rooms,
});

/** Of a room, its title alone: the menu has it. */
const shared = ({ phrases: _, ...texts }: Texts): object => ({
  ...texts,
  rooms: Object.fromEntries(
    Object.entries(texts.rooms).map(([name, room]) => [
      name,
      typeof room === "string" ? room : { title: room.title },
    ]),
  ),
});
