// How long a first call waits for its kernel: from the expressions of a loss to a module, for the whole catalogue.

import { expect, it } from "vitest";
import { compileKernel } from "../../src/backends/wasm/compile.ts";
import { catalogue } from "../../src/index.ts";
import { lower, verifyKernel } from "../../src/passes/lower/index.ts";
import { requestOf } from "../lower/request.ts";
import { vectorNames, vectorsOf } from "../vectors.ts";

/** Milliseconds for a loss, with the compiler warm, on a machine that does nothing else. */
const BUDGET = 20;
/** What is measured is the processor's time, the best of several tries: others that run on the same machine do not count
 * for waiting, but they do for caches and the second half of a core. So much longer it may be. */
const SLACK = 2.5;
const TRIES = 5;

/** The processor's milliseconds, of this process. */
const busy = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

const programs = vectorNames.map((name) => {
  const { inputs, options } = vectorsOf(name).cases[0];
  const call = () =>
    catalogue.get(name)!.valueAndGrad(inputs as never, { ...options, engine: "reference" } as never);
  return [name, requestOf(call).program] as const;
});

it("from a loss's expressions to its kernel takes less than 20 ms", () => {
  const best = new Map<string, number>();
  for (let round = 0; round < TRIES; round++) {
    for (const [name, program] of programs) {
      const start = busy();
      const kernel = lower(program);
      verifyKernel(kernel);
      compileKernel(kernel, "float32");
      best.set(name, Math.min(best.get(name) ?? Number.POSITIVE_INFINITY, busy() - start));
    }
  }
  const slow = [...best].filter(([, time]) => time > BUDGET * SLACK);
  expect(slow).toEqual([]);
  const sorted = [...best.values()].sort((a, b) => a - b);
  expect(sorted[sorted.length >> 1]).toBeLessThan(BUDGET / 2);
  if (process.env.SHOW)
    console.log(sorted[sorted.length >> 1], [...best].sort((a, b) => b[1] - a[1]).slice(0, 12));
});
