// lossc/formulas: the printer of formulas apart from what a page loads first.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { formulaOf } from "../src/backends/latex/later.ts";
import { formulasLater, loadFormulas } from "../src/formulas.ts";
import { huber, LossError } from "../src/index.ts";

const source = fileURLToPath(new URL("../src/", import.meta.url));
const plugin = formulasLater();
/** What the plugin makes of an import, by a build that finds every file. */
const resolved = (asked: string) =>
  plugin.resolveId.call({ resolve: async (id) => ({ id }) }, asked, "importer.js");

it("a formula before the printer has come is an error that says what to wait for; then it is the loss's own", async () => {
  const print = () => formulaOf(huber.expr as never, []);
  expect(print).toThrow(LossError);
  expect(print).toThrow(/await loadFormulas\(\)/);
  await loadFormulas();
  expect(print().value).toBe(huber.formula.value);
  await loadFormulas();
  expect(print().gradient).toEqual({});
});

it("of all imports in the library, one is led to the printer that comes later", async () => {
  const led: string[] = [];
  for (const file of readdirSync(source, { recursive: true }) as string[]) {
    if (!file.endsWith(".ts")) continue;
    const text = readFileSync(join(source, file), "utf8");
    for (const [, asked] of text.matchAll(/(?:from |import\()"(\.[^"]+)\.ts"/g)) {
      const found = await resolved(`${asked}.js`);
      if (found) led.push(`${file}: ${found.id}`);
    }
  }
  expect(led).toEqual(["contract/define.ts: ../backends/latex/later.js"]);
});

it("what is not the printer is left to the build", async () => {
  for (const asked of ["./index.js", "katex/latex/index.css", "lossc", "../backends/latex/later.js"])
    expect(await resolved(asked)).toBeNull();
});
