// lossc/later: the printer of formulas and the kernels apart from what a page loads first.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import * as kernels from "../src/backends/kernels/later.ts";
import { formulaOf } from "../src/backends/latex/later.ts";
import { huber, LossError } from "../src/index.ts";
import { formulasLater, kernelsLater, loadFormulas, loadKernels } from "../src/later.ts";
import { requestOf } from "./lower/request.ts";

const source = fileURLToPath(new URL("../src/", import.meta.url));
/** What a plugin makes of an import, by a build that finds every file. */
const resolved = (plugin: ReturnType<typeof kernelsLater>, asked: string) =>
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

it("a program has no kernel before those have come, and says what to wait for; then it has the engine's", async () => {
  const inputs = { prediction: [1, 2, 9], target: [0, 0, 0] };
  const { program, bindings, answer } = requestOf(() => huber(inputs, { engine: "reference" }));
  expect(kernels.obstacleHere()).toMatch(/loadKernels\(\)/);
  expect(kernels.obstacleTo(program)).toMatch(/loadKernels\(\)/);
  for (const early of [
    () => kernels.wasm.run(program, bindings),
    () => kernels.wasm.compile!(program, bindings),
    () => kernels.listingOf(program),
  ]) {
    expect(early).toThrow(LossError);
    expect(early).toThrow(/loadKernels\(\)/);
  }
  await loadKernels();
  expect([kernels.obstacleHere(), kernels.obstacleTo(program)]).toEqual([undefined, undefined]);
  expect(kernels.wasm.run(program, bindings).value[0]).toBe(answer.value[0]);
  expect(kernels.listingOf(program)).toContain("delta");
});

it.each([
  ["formulas", formulasLater(), ["contract/define.ts"]],
  ["kernels", kernelsLater(), ["contract/compile.ts", "contract/engines.ts", "contract/loops.ts"]],
])("of all imports in the library those of the %s are led to what comes later", async (_, plugin, files) => {
  const led = new Map<string, string>();
  for (const file of readdirSync(source, { recursive: true }) as string[]) {
    if (!file.endsWith(".ts")) continue;
    const text = readFileSync(join(source, file), "utf8");
    for (const [, asked] of text.matchAll(/(?:from |import\()"(\.[^"]+)\.ts"/g)) {
      const found = await resolved(plugin, `${asked}.js`);
      if (found) led.set(file, found.id);
    }
  }
  expect([...led.keys()].sort()).toEqual(files);
  for (const id of led.values()) expect(id).toMatch(/\/later\.js$/);
});

// Rules of ranges make no kernel; the printer of SQL takes them too.
it("no other file imports what makes kernels: a build can leave it out", () => {
  const others = (readdirSync(source, { recursive: true }) as string[]).filter(
    (file) => file.endsWith(".ts") && !/^(backends\/(wasm|kernels)|passes\/lower)\//.test(file),
  );
  for (const file of others)
    for (const [, asked] of readFileSync(join(source, file), "utf8").matchAll(
      /^(?:import|export) (?!type )[^;"]*"([^"]+)"/gm,
    ))
      expect(asked, file).not.toMatch(/(backends|\.)\/wasm\/(?!ranges)|passes\/lower\/index/);
});

it("what is not such a part is left to the build", async () => {
  for (const asked of ["./index.js", "katex/latex/index.css", "lossc", "../backends/latex/later.js"])
    for (const plugin of [formulasLater(), kernelsLater()]) expect(await resolved(plugin, asked)).toBeNull();
});
