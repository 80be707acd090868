// Memory: what kernels take beside their arrays, that calls leave nothing behind, and what happens where there is none.

import { setTimeout as pause } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, describe, expect, it, vi } from "vitest";
import { stopThreads } from "../../src/backends/wasm/threads.ts";
import {
  arcFace,
  compile,
  crossEntropy,
  huber,
  type LossKernel,
  mse,
  sphereFace,
  supCon,
} from "../../src/index.ts";
import { noise } from "../lower/numbers.ts";

afterAll(() => stopThreads());

const MIB = 2 ** 20;
interface Growing {
  grow(): void;
}

/** In place: an array of numbers to copy from would be counted too. */
function fill({ inputs }: LossKernel, classes: number): void {
  let state = 1;
  for (const [name, array] of Object.entries(inputs)) {
    for (let i = 0; i < array.length; i++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      array[i] = name === "labels" ? state % classes : state / 2 ** 31 - 1;
    }
  }
}

/** The bytes of inputs and gradients. */
const arraysOf = ({ inputs, grads }: LossKernel): number =>
  [...Object.values(inputs), ...Object.values(grads).map(({ data }) => data)].reduce(
    (sum, { byteLength }) => sum + byteLength,
    0,
  );

/** What the engine says it takes beside inputs and gradients, and what the process grows by beside them. */
function extra(make: () => LossKernel, classes: number): { accounted: number; resident: number } {
  const before = process.memoryUsage().rss;
  const kernel = make();
  fill(kernel, classes);
  const { value } = kernel.run();
  expect(Number.isFinite(value)).toBe(true);
  const resident = process.memoryUsage().rss - before - arraysOf(kernel);
  const accounted = kernel.bytes - arraysOf(kernel);
  kernel.dispose();
  return { accounted, resident };
}

// The sizes are those that users have: a table of all samples and classes would take 100 or 256 MiB.
describe("less than 64 MiB beside inputs and gradients", () => {
  it("arcFace with 100,000 classes", { timeout: 240_000 }, () => {
    const shape = { features: [256, 256], weights: [100_000, 256], labels: [256] };
    const { accounted, resident } = extra(() => compile(arcFace, { shape }), 100_000);
    expect(accounted).toBeLessThan(32 * MIB);
    expect(resident).toBeLessThan(64 * MIB);
  });

  it("supCon with 8,192 samples", { timeout: 240_000 }, () => {
    const shape = { embeddings: [8192, 128], labels: [8192] };
    const { accounted, resident } = extra(() => compile(supCon, { shape, threads: 2 }), 100);
    expect(accounted).toBeLessThan(16 * MIB);
    expect(resident).toBeLessThan(64 * MIB);
  });

  it("any number of threads", () => {
    for (const threads of [1, 2, 16]) {
      const heads = { features: [256, 256], weights: [100_000, 256], labels: [256] };
      const batch = { embeddings: [8192, 128], labels: [8192] };
      for (const kernel of [
        compile(arcFace, { shape: heads, threads }),
        compile(sphereFace, { shape: heads, threads }),
        compile(supCon, { shape: batch, threads }),
      ]) {
        expect(kernel.bytes - arraysOf(kernel)).toBeLessThan(64 * MIB);
        kernel.dispose();
      }
    }
  });
});

it("tiles are long where tables are small", () => {
  /** Bytes beside the arrays with so many classes, for each class. */
  const each = (classes: number): number => {
    const shape = { features: [256, 32], weights: [classes, 32], labels: [256] };
    const kernel = compile(arcFace, { shape, threads: 1 });
    const bytes = kernel.bytes - arraysOf(kernel);
    kernel.dispose();
    return bytes / classes;
  };
  // Two tables of float32 logits, and a few numbers for a class.
  expect(each(20_000) / (2 * 4)).toBeGreaterThan(64);
  expect(each(200_000) / (2 * 4)).toBeLessThan(34);
});

describe("a million calls", () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const heap = (): number => {
    for (let i = 0; i < 3; i++) collect();
    const { heapUsed, external, arrayBuffers } = process.memoryUsage();
    return heapUsed + external + arrayBuffers;
  };

  it("of a kernel do not grow the heap: they make nothing", { timeout: 60_000 }, () => {
    const kernel = compile(crossEntropy, { shape: { logits: [4, 3], target: [4] }, threads: 1 });
    kernel.inputs.logits.set(noise(12, 1));
    for (let i = 0; i < 10_000; i++) kernel.run();
    const before = heap();
    let last = 0;
    for (let i = 0; i < 1_000_000; i++) last = kernel.run().value;
    expect(last).toBe(kernel.run().value);
    expect(heap() - before).toBeLessThan(MIB / 2);
  });

  it("by name leave nothing behind, whatever their options", { timeout: 60_000 }, () => {
    const inputs = { prediction: Float32Array.from(noise(64, 1)), target: Float32Array.from(noise(64, 2)) };
    const call = (i: number) => huber.valueAndGrad(inputs, { delta: 1 + (i % 1000) / 1000, engine: "wasm" });
    for (let i = 0; i < 2000; i++) call(i);
    const before = heap();
    for (let i = 0; i < 20_000; i++) call(i);
    expect(heap() - before).toBeLessThan(4 * MIB);
  });

  // Workers hold a kernel's memory too, until they are told that it is gone.
  it.each(["disposed of", "forgotten"])(
    "kernels that are %s are gone, from all threads",
    { timeout: 60_000 },
    async (end) => {
      const shape = { prediction: [500_000], target: [500_000] };
      const round = async (): Promise<void> => {
        for (let i = 0; i < 10; i++) {
          const kernel = compile(mse, { shape, threads: 2 });
          kernel.run();
          if (end === "disposed of") kernel.dispose();
        }
        heap();
        await pause(20); // finalizers run, workers hear of it
      };
      for (let i = 0; i < 5; i++) await round();
      const before = process.memoryUsage().rss;
      for (let i = 0; i < 20; i++) await round(); // 200 of 6 MB
      expect(process.memoryUsage().rss - before).toBeLessThan(300 * MIB);
    },
  );
});

describe("where the runtime gives no memory", () => {
  const api = (
    globalThis as unknown as { WebAssembly: { Memory: (new () => object) & { prototype: Growing } } }
  ).WebAssembly;
  const n = 3_000_000;
  const inputs = { prediction: new Float32Array(n), target: new Float32Array(n).fill(1) };

  it("a call says what it needed and what helps, and the next one works", () => {
    expect(mse(inputs, { engine: "wasm" })).toBe(1);
    const grow = vi.spyOn(api.Memory.prototype, "grow").mockImplementation(() => {
      throw new RangeError("out of memory");
    });
    const labels = new Int32Array(32);
    const embeddings = { data: new Float32Array(32 * 500_000), shape: [32, 500_000] };
    expect(() => supCon({ embeddings, labels }, { engine: "wasm", validate: false })).toThrow(
      /needs \d+ MiB.*Evaluate smaller batches/,
    );
    grow.mockRestore();
    expect(mse(inputs, { engine: "wasm" })).toBe(1);
  });

  it("so does a kernel that cannot have its arrays", () => {
    const make = vi.spyOn(api, "Memory").mockImplementation(function refuse() {
      throw new RangeError("out of memory");
    });
    const shape = { prediction: [n], target: [n] };
    expect(() => compile(mse, { shape })).toThrow(/needs \d+ MiB.*Evaluate smaller batches/);
    make.mockRestore();
    expect(compile(mse, { shape }).run().count).toBe(n);
  });
});
