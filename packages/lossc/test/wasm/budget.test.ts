// How long a first call waits for its kernel: from the expressions of a loss to a module, for the whole catalogue.

import { expect, it } from "vitest";
import type { Program } from "../../src/backends/backend.ts";
import { compileKernel } from "../../src/backends/wasm/compile.ts";
import { catalogue } from "../../src/index.ts";
import { input, rebuild } from "../../src/language/expr.ts";
import { lower, verifyKernel } from "../../src/passes/lower/index.ts";
import { requestOf } from "../lower/request.ts";
import { fixedWork, paceOf } from "../pace.ts";
import { vectorNames, vectorsOf } from "../vectors.ts";

/** Milliseconds for a loss, with the compiler warm, on a machine of the usual pace that does nothing else. */
const BUDGET = 20;
const TRIES = 5;

const programs = vectorNames.map((name) => {
  const { inputs, options } = vectorsOf(name).cases[0];
  const call = () =>
    catalogue.get(name)!.valueAndGrad(inputs as never, { ...options, engine: "reference" } as never);
  return [name, requestOf(call).program] as const;
});

/** The same program of other inputs: none of its expressions was seen before, as on a first call. */
function fresh({ outputs, ...rest }: Program, round: number): Program {
  const names = Object.keys(outputs);
  const values = rebuild(
    names.map((name) => outputs[name].expr),
    (expr) => (expr.op === "input" ? input(`${expr.attrs.name}${round}`, expr.axes, expr.type) : expr),
  );
  const renamed = names.map((name, i) => [name, { ...outputs[name], expr: values[i] }]);
  return { ...rest, outputs: Object.fromEntries(renamed) };
}

/** Of the machine, right after what was measured. */
const paceNow = (): number =>
  paceOf(
    "node",
    Array.from({ length: 5 }, () => {
      const start = performance.now();
      fixedWork();
      return performance.now() - start;
    }),
  );

it("from a loss's expressions to its kernel takes less than 20 ms", () => {
  const best = new Map<string, number>();
  for (let round = 0; round < TRIES; round++) {
    for (const [name, program] of programs) {
      const once = fresh(program, round);
      const start = performance.now();
      const kernel = lower(once);
      verifyKernel(kernel);
      compileKernel(kernel, "float32");
      best.set(name, Math.min(best.get(name) ?? Number.POSITIVE_INFINITY, performance.now() - start));
    }
  }
  const pace = paceNow();
  const slow = [...best].filter(([, time]) => time > BUDGET * pace);
  expect(slow).toEqual([]);
  const sorted = [...best.values()].sort((a, b) => a - b);
  expect(sorted[sorted.length >> 1]).toBeLessThan((BUDGET / 4) * pace);
  if (process.env.SHOW)
    console.log(sorted[sorted.length >> 1], [...best].sort((a, b) => b[1] - a[1]).slice(0, 12));
});
