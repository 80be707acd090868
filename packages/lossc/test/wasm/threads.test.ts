// Threads: the same bits for any number of them, and a program that used them ends.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import type { Bindings, CompiledProgram, Program } from "../../src/backends/backend.ts";
import { wasm } from "../../src/backends/wasm/index.ts";
import { stopThreads } from "../../src/backends/wasm/threads.ts";
import { input } from "../../src/language/expr.ts";
import { gradient, runPasses } from "../../src/passes/index.ts";

afterAll(() => stopThreads());

/** Mean of softplus over a million numbers, with its gradient. */
function program(arithmetic?: "float64"): Program {
  const x = input("x", ["n"]);
  const value = x.softplus().mean("n");
  const [passed, slope] = runPasses([value, ...gradient(value, [x])]);
  return {
    outputs: { value: { expr: passed, axes: [] }, slope: { expr: slope, axes: ["n"] } },
    aliases: new Map(),
    ...(arithmetic && { arithmetic }),
  };
}

const LENGTH = 1_000_003;
const bindings = (): Bindings => ({
  sizes: new Map([["n", LENGTH]]),
  inputs: new Map([["x", Float32Array.from({ length: LENGTH }, (_, i) => Math.sin(i) * 20)]]),
  params: new Map(),
});
const bits = ({ outputs }: CompiledProgram): string[] =>
  Object.values(outputs).map((array) => {
    const bytes = Uint8Array.from(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
    return createHash("sha256").update(bytes).digest("hex");
  });

/** What a script of its own prints: it must end by itself, in time. */
const run = (script: string): string =>
  execFileSync(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
    encoding: "utf8",
    timeout: 25_000,
    cwd: new URL("../../../..", import.meta.url),
  }).trim();

describe("threads", () => {
  it.each(["float32", "float64"])(
    "any number of them gives the same bits, in %s arithmetic",
    async (arithmetic) => {
      const made = program(arithmetic === "float64" ? "float64" : undefined);
      const results: string[][] = [];
      for (const threads of [1, 2, 3, 7]) {
        const kernel = wasm.compile!(made, bindings(), { precision: "float32", threads })!;
        // The first runs start the workers, which help as soon as they are there.
        for (let round = 0; round < 4; round++) {
          kernel.run();
          await pause(60);
        }
        results.push(bits(kernel));
        kernel.dispose();
      }
      for (const other of results.slice(1)) expect(other).toEqual(results[0]);
    },
  );

  it("a worker that fails is no hang and no wrong number: the caller does it all", () => {
    const index = new URL("../../src/index.ts", import.meta.url).href;
    // The workers get no module, so that the first thing they do fails.
    const script = `
      import { compile, mse } from ${JSON.stringify(index)};
      import { Worker } from "node:worker_threads";
      const post = Worker.prototype.postMessage;
      Worker.prototype.postMessage = function (message) { post.call(this, { ...message, module: undefined }); };
      const kernel = compile(mse, { shape: { prediction: [2e6], target: [2e6] }, threads: 3 });
      kernel.inputs.target.fill(1);
      const values = new Set();
      for (let i = 0; i < 5; i++) {
        values.add(kernel.run().value);
        await new Promise((done) => setTimeout(done, 50));
      }
      console.log(...values);`;
    expect(run(script)).toBe("1");
  });

  it("a worker that breaks off in the middle of a sum is no wrong number: the caller does all of it again", () => {
    const index = new URL("../../src/index.ts", import.meta.url).href;
    // A worker's loops fail once they have run, so that what they added to the weights' gradient is there twice.
    const script = `
      import { arcFace, compile } from ${JSON.stringify(index)};
      const threads = process.getBuiltinModule("node:worker_threads");
      const { Worker } = threads;
      const call = "scratch + number * scratchBytes);";
      threads.Worker = class extends Worker {
        constructor(source, options) {
          if (!source.includes(call)) console.log("no worker broke off");
          super(source.replace(call, call + "throw 0;"), options);
        }
      };
      const shape = { features: [64, 64], weights: [4000, 64], labels: [64] };
      const hash = ({ grads }) => grads.weights.data.reduce((sum, x) => sum + Math.abs(x), 0);
      const results = [];
      for (const threads of [1, 3]) {
        const kernel = compile(arcFace, { shape, threads });
        kernel.inputs.features.forEach((_, i, all) => { all[i] = Math.sin(i); });
        kernel.inputs.weights.forEach((_, i, all) => { all[i] = Math.cos(i); });
        for (let i = 0; i < 5; i++) {
          results.push([kernel.run().value, hash(kernel)].join());
          await new Promise((done) => setTimeout(done, 50));
        }
      }
      console.log(new Set(results).size, results.length);`;
    expect(run(script)).toBe("1 10");
  });

  it("a kernel that used them ends by itself", () => {
    const index = new URL("../../src/index.ts", import.meta.url).href;
    expect(
      run(`
      import { compile, mse } from ${JSON.stringify(index)};
      const kernel = compile(mse, { shape: { prediction: [2e6], target: [2e6] }, threads: 3 });
      for (let i = 0; i < 20; i++) kernel.run();
      console.log("done");`),
    ).toBe("done");
  });

  it("a program that used them ends by itself", () => {
    const index = new URL("../../src/index.ts", import.meta.url).href;
    const script = `
      import { mse } from ${JSON.stringify(index)};
      const x = new Float32Array(1e6).fill(1);
      for (let i = 0; i < 5; i++) mse({ prediction: x, target: x }, { engine: "wasm" });
      console.log("done");`;
    expect(run(script)).toBe("done");
  });
});
