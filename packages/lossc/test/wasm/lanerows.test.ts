// Short rows with a sample in each lane give what a row at a time gives, for every loss that has rows, and the reference's
// numbers for any number of rows.

import { describe, expect, it } from "vitest";
import type { Bindings } from "../../src/backends/backend.ts";
import { compileKernel, planFor } from "../../src/backends/wasm/compile.ts";
import { keptKernel } from "../../src/backends/wasm/kernel.ts";
import { fitsLanes, shortAxes } from "../../src/backends/wasm/lanerows.ts";
import type { Precision } from "../../src/backends/wasm/lanes.ts";
import { noRanges } from "../../src/backends/wasm/shared.ts";
import { catalogue, crossEntropy, defineLoss } from "../../src/index.ts";
import { kernelOf } from "../../src/passes/lower/index.ts";
import type { Kernel } from "../../src/passes/lower/ir.ts";
import { requestOf } from "../lower/request.ts";
import { vectorNames, vectorsOf } from "../vectors.ts";
import { watchKernelSizes } from "./modules.ts";

type Outputs = Readonly<Record<string, ArrayLike<number>>>;

function outputsOf(kernel: Kernel, bindings: Bindings, precision: Precision, inLanes: boolean): Outputs {
  const short = shortAxes(kernel.body, () => (inLanes ? 1 : 100));
  const compiled = compileKernel(kernel, precision, noRanges, short);
  const kept = keptKernel(planFor(compiled, bindings.sizes), bindings, 1);
  kept.run();
  return kept.outputs;
}

/** The largest difference, as a share of the largest number or of 1. */
function distance(got: ArrayLike<number>, want: ArrayLike<number>): number {
  const largest = Array.from(want)
    .filter(Number.isFinite)
    .map(Math.abs)
    .reduce((a, b) => Math.max(a, b), 1);
  return Array.from(want).reduce((worst, x, i) => {
    if (Object.is(got[i], x) || got[i] === x) return worst;
    const error = Math.abs(got[i] - x) / largest;
    return Math.max(worst, Number.isNaN(error) ? Number.POSITIVE_INFINITY : error);
  }, 0);
}

/** Of each loss: forms differ by inputs and options, and these come first. */
const CASES = 3;
const cases = vectorNames.flatMap((name) =>
  vectorsOf(name)
    .cases.slice(0, CASES)
    .flatMap(({ name: title, inputs, options }) => {
      const call = () =>
        catalogue.get(name)!.valueAndGrad(inputs as never, { ...options, engine: "reference" } as never);
      const { program, bindings } = requestOf(call);
      const kernel = kernelOf(program);
      const fits = kernel.body.some((loop) => loop.kind === "loop" && fitsLanes(loop));
      return fits ? [[`${name}, ${title}`, kernel, bindings] as const] : [];
    }),
);

describe("what a row at a time gives", () => {
  it.each(["crossEntropy", "focal", "klDivergence", "multiclassHinge", "ldam"])(
    "%s is among them",
    (name) => {
      expect(cases.some(([title]) => title.startsWith(`${name}, `))).toBe(true);
    },
  );

  it.each(cases)("%s", (_, kernel, bindings) => {
    for (const [precision, tolerance] of [
      ["float64", 1e-13],
      ["float32", 2e-6],
    ] as const) {
      const [got, want] = [true, false].map((inLanes) => outputsOf(kernel, bindings, precision, inLanes));
      for (const [name, numbers] of Object.entries(want))
        expect(distance(got[name], numbers), `${name} in ${precision}`).toBeLessThanOrEqual(tolerance);
    }
  });
});

describe("any number of rows of any length", () => {
  it("is short up to 32 numbers", () => {
    const [, kernel] = cases.find(([title]) => title.startsWith("crossEntropy, "))!;
    expect([1, 32, 33].map((length) => shortAxes(kernel.body, () => length).size)).toEqual([1, 1, 0]);
  });

  it.each(["float32", "float64"] as const)("in %s", (dtype) => {
    for (let rows = 1; rows <= 9; rows++) {
      for (const length of [1, 2, 3, 4, 5, 7, 8, 10, 15, 16, 17, 31, 32, 33]) {
        const logits = Array.from({ length: rows }, (_, n) =>
          Array.from({ length }, (_, c) => 5 * Math.sin(1 + 7 * n + 3 * c * (n + 1))),
        );
        const target = logits.map((_, n) => (n * 5) % length);
        const [got, want] = (["wasm", "reference"] as const).map((engine) =>
          crossEntropy.valueAndGrad({ logits, target }, { engine, dtype, reduction: "sum" }),
        );
        const title = `${rows} rows of ${length}`;
        expect(distance([got.value], [want.value]), title).toBeLessThan(1e-6);
        expect(distance(got.grads.logits.data, want.grads.logits.data), title).toBeLessThan(1e-6);
      }
    }
  });
});

/** Its gradient is 1 at the place of a row's largest. */
const largest = defineLoss({
  name: "largest",
  family: "multiclass",
  inputs: { row: "n c" },
  references: [],
  check: { inputs: { row: [[1, 3, 2]] }, value: 3 },
  expr: ({ row }) => row.max("c"),
});

it.each(["float32", "float64"] as const)("the first of equals and the first NaN of a row, in %s", (dtype) => {
  const numbers = [1, 2, 2, Number.NaN, Number.NEGATIVE_INFINITY, 2, 0, Number.POSITIVE_INFINITY];
  for (let length = 1; length <= 11; length++) {
    // Rows begin at any of the numbers and take them in steps of 1, 2 and 3; those of step 2 hold no NaN, or no 2.
    const row = Array.from({ length: 24 }, (_, n) =>
      Array.from({ length }, (_, c) => numbers[(n + c * (1 + (n % 3))) % numbers.length]),
    );
    const [got, want] = (["wasm", "reference"] as const).map((engine) =>
      largest.valueAndGrad({ row }, { engine, dtype, reduction: "sum", validate: false }),
    );
    expect(got.engine).toBe("wasm");
    expect([...got.grads.row.data], `rows of ${length}`).toEqual([...want.grads.row.data]);
  }
});

it.each(["float32", "float64"] as const)("labels inside their row have a loss, in %s", (dtype) => {
  const losses = [0, 4, 5, -1, Number.NaN, 2].map((label) => {
    const given = { logits: [[0, 1, 2, 3, 4]], target: [label] };
    return crossEntropy.valueAndGrad(given, { engine: "wasm", dtype, validate: false }).value;
  });
  expect(losses.map(Number.isNaN)).toEqual([false, false, true, true, true, false]);
});

/** Two rows of different lengths for each sample. */
const twoRows = defineLoss({
  name: "twoRows",
  family: "multiclass",
  inputs: { short: "n c", long: "n d" },
  references: [],
  check: { inputs: { short: [[0, 0]], long: [[0, 0, 0]] }, value: Math.log(2) + Math.log(3) },
  expr: ({ short, long }) => short.logSumExp("c").add(long.logSumExp("d")),
});

it.each([
  [3, 5],
  [3, 500],
  [200, 7],
])("rows of %s and of %s numbers in one loop", (short, long) => {
  const row = (length: number) =>
    Array.from({ length: 6 }, (_, n) => Array.from({ length }, (_, i) => 4 * Math.sin(n + i * 3)));
  const inputs = { short: row(short), long: row(long) };
  for (const dtype of ["float32", "float64"] as const) {
    const [got, want] = (["wasm", "reference"] as const).map((engine) =>
      twoRows.valueAndGrad(inputs, { engine, dtype }),
    );
    expect(got.engine).toBe("wasm");
    expect(distance([got.value], [want.value])).toBeLessThan(1e-6);
    for (const name of ["short", "long"] as const)
      expect(distance(got.grads[name].data, want.grads[name].data), name).toBeLessThan(1e-6);
  }
});

it("infinite logits, NaN and labels that are none keep to their rows", () => {
  const logits = Float32Array.from({ length: 7 * 5 }, (_, i) => Math.sin(i * 3) * 4);
  logits[2 * 5 + 1] = Number.POSITIVE_INFINITY;
  logits[3 * 5 + 4] = Number.NaN;
  logits.fill(Number.NEGATIVE_INFINITY, 5 * 5, 5 * 5 + 3);
  const given = { logits: { data: logits, shape: [7, 5] }, target: [0, 4, 1, 2, 3, 4, 0] };
  const settings = { dtype: "float32", reduction: "none" } as const;
  const [got, want] = (["wasm", "reference"] as const).map((engine) =>
    crossEntropy.valueAndGrad(given as never, { ...settings, engine } as never),
  ) as unknown as { value: { data: Float32Array }; grads: { logits: { data: Float32Array } } }[];
  expect(distance(got.grads.logits.data, want.grads.logits.data)).toBeLessThan(1e-6);
});

watchKernelSizes();
