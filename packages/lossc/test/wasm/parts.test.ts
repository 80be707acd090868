// Inputs that come in parts: the bits of one piece, for pointwise and row losses; others in one piece or with a clear error.

import { createHash } from "node:crypto";
import { describe, expect, it, vi } from "vitest";
import type { Bindings, Program } from "../../src/backends/backend.ts";
import { compileProgram, sizeOf } from "../../src/backends/wasm/compile.ts";
import { wasm } from "../../src/backends/wasm/index.ts";
import { tooLarge } from "../../src/backends/wasm/kernel.ts";
import { planParts } from "../../src/backends/wasm/parts.ts";
import { catalogue, type TensorInput } from "../../src/index.ts";
import { labels, noise, positive } from "../lower/numbers.ts";

const table = (seed: number, ...shape: number[]) => ({
  data: Float32Array.from(
    noise(
      shape.reduce((a, b) => a * b),
      seed,
    ),
  ),
  shape,
});
const boxes = (seed: number, n: number) => {
  const made = table(seed, n, 4);
  for (let i = 0; i < n * 4; i += 4)
    for (const k of [0, 1]) made.data[i + 2 + k] = made.data[i + k] + Math.abs(made.data[i + 2 + k]) + 0.1;
  return made;
};
const [N, ROWS] = [150_003, 20_001];
const logits = { logits: table(1, ROWS, 17), target: labels(ROWS, 17) };
const pair = { prediction: table(1, N), target: table(2, N) };

type Case = readonly [string, Record<string, TensorInput>, Record<string, unknown>?];
const cases: readonly Case[] = [
  ["mse", pair],
  ["huber", pair, { weight: Float32Array.from(positive(3, N).data) }],
  ["huber", pair, { weight: Float32Array.from(positive(3, N).data), reduction: "sum", perSample: true }],
  ["bceWithLogits", { logits: table(1, 1500, 100), target: positive(2, 1500, 100) }, { validate: false }],
  ["binaryFocal", { logits: table(1, N), target: positive(2, N) }, { validate: false, perSample: true }],
  ["giou", { prediction: boxes(1, 40_001), target: boxes(2, 40_001) }],
  ["crossEntropy", logits, { perSample: true }],
  ["crossEntropy", logits, { classWeight: positive(4, 17).data, ignoreIndex: 3, labelSmoothing: 0.1 }],
  ["focal", logits, { weight: Float32Array.from(positive(3, ROWS).data) }],
  ["multiclassHinge", logits],
  ["sparsemaxLoss", logits],
];

const bitsOf = (data: ArrayLike<number>): string =>
  createHash("sha256").update(Float64Array.from(data)).digest("hex");

/** What one call asks the engine for; it is not answered. */
function asked([name, inputs, options]: Case): readonly [Program, Bindings] {
  const spy = vi.spyOn(wasm, "run").mockImplementation(() => {
    throw new Error("asked");
  });
  try {
    const call = () => catalogue.get(name)!.valueAndGrad(inputs, { ...options, engine: "wasm" } as never);
    expect(call).toThrow("asked");
    const [program, bindings] = spy.mock.calls[0];
    return [program, bindings];
  } finally {
    spy.mockRestore();
  }
}

/** The bits of each output. */
function outputs([program, bindings]: readonly [Program, Bindings], settings: object) {
  const results = wasm.run(program, bindings, {}, { precision: "float32", ...settings });
  return Object.entries(results).map(([output, data]) => [output, bitsOf(data)]);
}

/** How many parts a call takes. */
function partsOf([program, bindings]: readonly [Program, Bindings], mostBytes: number): number {
  const compiled = compileProgram(program, "float32");
  const { axis, held } = planParts(compiled, bindings.sizes, 1, mostBytes)!;
  return Math.ceil(sizeOf(axis, compiled.kernel, bindings.sizes) / held);
}

describe("in parts as in one piece, to the bit", () => {
  it.each(cases.map((one, i) => [`${one[0]} ${i}`, one] as const))("%s", (_, one) => {
    const request = asked(one);
    const whole = outputs(request, { mostBytes: 2 ** 32, threads: 1 });
    for (const [mostBytes, threads] of [
      [700_000, 1],
      [900_000, 2],
    ]) {
      expect(partsOf(request, mostBytes)).toBeGreaterThan(1);
      expect(outputs(request, { mostBytes, threads })).toEqual(whole);
    }
  });

  it("arrays given to write to are filled", () => {
    const [program, bindings] = asked(["mse", pair]);
    const [narrow, wide] = [new Float32Array(N), new Float64Array(N)];
    for (const out of [narrow, wide])
      wasm.run(program, bindings, { "grad.prediction": out }, { precision: "float32", mostBytes: 700_000 });
    expect([...narrow]).toEqual([...wide]);
    expect(narrow[N - 1]).not.toBe(0);
  });
});

it("a loss whose samples meet runs in one piece whatever it needs", () => {
  const inputs = { embeddings: table(1, 200, 16), labels: labels(200, 5) };
  const request = asked(["supCon", inputs]);
  expect(outputs(request, { mostBytes: 10_000 })).toEqual(outputs(request, {}));
});

it("what no memory has room for is an error with a way out", () => {
  const [program, bindings] = asked(["supCon", { embeddings: table(1, 4, 2), labels: labels(4, 2) }]);
  const sizes = new Map([...bindings.sizes].map(([axis, size]) => [axis, axis === "d" ? 2 ** 29 : size]));
  const huge = { ...bindings, sizes };
  expect(() => wasm.run(program, huge, {}, { precision: "float32" })).toThrow(
    /MiB.*Evaluate smaller batches/,
  );
  expect(() => wasm.compile!(program, huge, { precision: "float32" })).toThrow(tooLarge(0).note);
  // … and the engine still works.
  expect(catalogue.get("mse")!(pair, { engine: "wasm" })).toBeGreaterThan(0);
});
