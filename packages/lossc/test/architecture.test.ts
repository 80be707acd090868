// The structure: imports point one way, files are small, and nothing outside losses/ names a loss.

import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { catalogue } from "../src/index.ts";

const source = fileURLToPath(new URL("../src/", import.meta.url));
const files = (readdirSync(source, { recursive: true }) as string[]).filter((file) => file.endsWith(".ts"));
const read = (file: string) => readFileSync(join(source, file), "utf8");

/** What each room may import from, besides itself. errors.ts and phrase.ts are for all. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  language: [],
  passes: ["language"],
  backends: ["passes", "language"],
  analysis: ["language"],
  contract: ["analysis", "backends", "passes", "language"],
  diagnose: ["contract", "language"],
  helpers: ["contract", "language"],
  names: [],
  columns: [],
  losses: ["contract", "language"],
};

/** Names of losses that are words of their own: a box's middle, an op of the language. */
const alsoWords = new Set(["center", "quantile"]);

const room = (path: string) => (path.includes("/") ? path.split("/")[0] : "");

it.each(Object.entries(allowed))("%s imports only from %o", (name, others) => {
  for (const file of files.filter((path) => room(path) === name)) {
    for (const [, target] of read(file).matchAll(/from "(\.[^"]+)"/g)) {
      const path = relative(source, join(source, file, "..", target));
      if (path === "errors.ts" || path === "phrase.ts") continue;
      expect([name, ...others], `${file} imports ${path}`).toContain(room(path));
    }
  }
});

it("the library imports nothing from outside itself", () => {
  for (const file of files) {
    for (const [, target] of read(file).matchAll(/^(?:import|export)[^"]*? from "([^"]+)"/gm))
      expect(target, file).toMatch(/^\./);
  }
});

it("no file has more than 400 lines, and no loss more than 80", () => {
  for (const file of files.filter((path) => path !== "docs.ts")) {
    const most = /^losses\/[^/]+$/.test(file) && file !== "losses/index.ts" ? 80 : 400;
    expect(read(file).split("\n").length, file).toBeLessThanOrEqual(most);
  }
});

/** Data about losses by name, which nothing that computes may import: the doc comments, the dictionary of other
 * libraries' names. */
const isData = (file: string): boolean => file === "docs.ts" || room(file) === "names";

it("no code outside losses/ asks which loss it holds", () => {
  for (const file of files.filter((path) => !path.startsWith("losses/") && !isData(path))) {
    const code = read(file).replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
    for (const name of catalogue.keys()) {
      if (alsoWords.has(name)) continue;
      expect(code, `${file} names ${name}`).not.toMatch(new RegExp(`["'\`]${name}["'\`]`));
    }
  }
});
