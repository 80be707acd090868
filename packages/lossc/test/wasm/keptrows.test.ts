// Rows that several loops read: what of them stays in scratch, and what memory must hold all the same.

import { expect, it } from "vitest";
import { keepRows } from "../../src/backends/wasm/keptrows.ts";
import { crossEntropy } from "../../src/index.ts";
import { kernelOf } from "../../src/passes/lower/index.ts";
import type { Buffer, Kernel, Loop, Place, Statement, Value } from "../../src/passes/lower/ir.ts";
import { printKernel } from "../../src/passes/lower/print.ts";
import { requestOf } from "../lower/request.ts";

const buffer = (name: string, role: Buffer["role"]): Buffer => ({
  name,
  role,
  type: "float",
  axes: ["n", "c"],
});
const [x, y] = [buffer("x", "input"), buffer("y", "output")];
const value = (id: number): Value => ({ id, type: "float" });
const load = (of: Buffer, id: number, place: Place = "c"): Statement => ({
  kind: "load",
  result: value(id),
  buffer: of,
  at: ["n", place],
});
const store = (of: Buffer, id: number, place: Place = "c"): Statement => ({
  kind: "store",
  buffer: of,
  at: ["n", place],
  value: value(id),
});
const row = (...body: Statement[]): Loop => ({
  kind: "loop",
  axis: "c",
  role: "inner",
  body,
  reductions: [],
});
const samples = (...body: Statement[]): Loop => ({ ...row(...body), axis: "n", role: "samples" });
const kernel = (...body: Statement[]): Kernel => ({ buffers: [x, y], body, axes: {} });

/** What loads and stores name, in order: memory with two places, scratch with one. */
const accesses = (of: Kernel): string[] =>
  printKernel(keepRows(of, new Set(["c"])))
    .split("\n")
    .flatMap((line) => line.replace(".row", "").match(/[xy]\[.*?\]/) ?? []);

it("a row that is read again is read from scratch", () => {
  const body = [row(load(x, 1)), row(load(x, 2), store(y, 2))];
  expect(accesses(kernel(samples(...body)))).toEqual(["x[n, c]", "x[c]", "x[c]", "y[n, c]"]);
  const { buffers } = keepRows(kernel(samples(...body)), new Set(["c"]));
  expect(buffers[2]).toEqual({ ...x, name: "x.row", role: "scratch", axes: ["c"], rowOf: x });
});

it("a row that is read once, or is not short, stays where it is", () => {
  const once = kernel(samples(row(load(x, 1), store(y, 1))));
  expect(keepRows(once, new Set(["c"]))).toEqual(once);
  const long = kernel(samples(row(load(x, 1)), row(load(x, 2), store(y, 2))));
  expect(keepRows(long, new Set())).toEqual(long);
});

it("what one loop leaves for another is in scratch alone, if memory is written before it is looked at", () => {
  const first = [row(load(x, 1), store(y, 1)), row(load(y, 2), store(y, 2))];
  expect(accesses(kernel(samples(...first, load(y, 3, 0))))).toEqual([
    "x[n, c]",
    "y[c]",
    "y[c]",
    "y[n, c]",
    "y[n, 0]",
  ]);
});

it.each([
  ["a place", [load(y, 2, 0)]],
  ["nothing more", []],
])("memory has the row as well where %s is read before the next store", (_, between) => {
  const body = [row(load(x, 1), store(y, 1)), ...between, row(load(y, 3))];
  expect(accesses(kernel(samples(...body))).filter((name) => name !== "y[n, 0]")).toEqual([
    "x[n, c]",
    "y[n, c]",
    "y[c]",
    "y[c]",
  ]);
});

it("a row that changed at a place is read again", () => {
  const body = [row(load(x, 1), store(y, 1)), row(load(y, 2)), store(y, 1, 0), row(load(y, 3))];
  expect(accesses(kernel(samples(...body)))).toEqual([
    "x[n, c]",
    "y[n, c]",
    "y[c]",
    "y[c]",
    "y[n, 0]",
    "y[n, c]",
  ]);
});

it("each loop over samples has rows of its own", () => {
  const loop = (): Loop => samples(row(load(x, 1)), row(load(x, 2), store(y, 2)));
  const { buffers } = keepRows(kernel(loop(), loop()), new Set(["c"]));
  expect(buffers.length).toBe(4);
  expect(buffers[2]).not.toBe(buffers[3]);
});

it("a cross-entropy's logits are put into lanes once, and its gradient is taken out of them once", () => {
  const inputs = { logits: [[1, 2, 3]], target: [0] };
  const { program } = requestOf(() => crossEntropy.valueAndGrad(inputs, { engine: "reference" }));
  const listing = printKernel(keepRows(kernelOf(program), new Set(["c"])));
  expect(listing.match(/= logits\[n, c\]/g)).toHaveLength(1);
  expect(listing.match(/grad\.logits\[n, c\] =/g)).toHaveLength(1);
});
