// What lowering is for: one pass, nothing of the size of the inputs, contractions where there are some.

import { describe, expect, it } from "vitest";
import { catalogue } from "../../src/index.ts";
import { lower, printKernel } from "../../src/passes/lower/index.ts";
import type { Kernel, Loop, Statement } from "../../src/passes/lower/ir.ts";
import { vectorsOf } from "../vectors.ts";
import { requestOf } from "./request.ts";

function kernelOf(name: string, options: object = {}): Kernel {
  const [{ inputs }] = vectorsOf(name).cases;
  const run = () =>
    catalogue.get(name)!.valueAndGrad(inputs as never, { ...options, engine: "reference" } as never);
  return lower(requestOf(run).program);
}
const loopsIn = (statements: readonly Statement[]): Loop[] =>
  statements.filter((statement) => statement.kind === "loop");
const nested = (statements: readonly Statement[]): Statement[] =>
  statements.flatMap((statement) => [
    statement,
    ...(statement.kind === "loop" ? nested(statement.body) : []),
  ]);
const made = ({ buffers }: Kernel) =>
  buffers.filter(({ role }) => role === "temporary" || role === "scratch");
const ops = (kernel: Kernel, op: string) =>
  nested(kernel.body).filter((one) => one.kind === "compute" && one.op === op);

describe("a loss of every element", () => {
  it.each([
    "mse",
    "mae",
    "huber",
    "smoothL1",
    "bce",
    "bceWithLogits",
    "binaryFocal",
    "powerBce",
    "tukeyBiweight",
    "hinge",
    "ramp",
    "l2Penalty",
  ])("%s is one loop that stores nothing but its gradient", (name) => {
    const kernel = kernelOf(name);
    const loops = nested(kernel.body).filter(({ kind }) => kind === "loop");
    expect(loops).toHaveLength(1);
    expect(made(kernel)).toEqual([]);
  });

  it("with weights sums them first and computes the loss once", () => {
    const [{ inputs }] = vectorsOf("bceWithLogits").cases as never as [
      { inputs: { logits: readonly unknown[] } },
    ];
    const kernel = kernelOf("bceWithLogits", { weight: inputs.logits.map((_, i) => i + 1) });
    expect(loopsIn(kernel.body)).toHaveLength(2);
    expect(ops(kernel, "log1p")).toHaveLength(1);
  });

  it("bceWithLogits takes one exponential, one logarithm and one division", () => {
    const kernel = kernelOf("bceWithLogits");
    const [loop] = loopsIn(kernel.body);
    const count = (op: string) => loop.body.filter((one) => one.kind === "compute" && one.op === op).length;
    expect([count("exp"), count("log1p"), count("div"), count("sigmoid"), count("softplus")]).toEqual([
      1, 1, 1, 0, 0,
    ]);
  });
});

describe("a loss of rows", () => {
  it("klDivergence keeps its exponentials in a row of their own: the loop that reads them folds, and may run again", () => {
    const kernel = kernelOf("klDivergence");
    const [samples] = loopsIn(kernel.body);
    expect(loopsIn(samples.body).map(({ axis }) => axis)).toEqual(["c", "c", "c"]);
    expect(made(kernel).map(({ role, axes }) => [role, axes])).toEqual([["scratch", ["c"]]]);
  });

  it.each(["crossEntropy", "focal"])(
    "%s goes over a row three times and keeps its exponentials where the gradient will stand",
    (name) => {
      const kernel = kernelOf(name);
      const [samples, ...others] = loopsIn(kernel.body);
      expect(others).toEqual([]);
      expect(loopsIn(samples.body).map(({ axis }) => axis)).toEqual(["c", "c", "c"]);
      expect(made(kernel)).toEqual([]);
      const [, exponentials, gradient] = loopsIn(samples.body);
      const stores = [exponentials, gradient].flatMap(({ body }) =>
        body.filter((statement) => statement.kind === "store"),
      );
      expect(stores.map(({ buffer, at }) => [buffer.role, at])).toEqual([
        ["output", ["n", "c"]],
        ["output", ["n", "c"]],
      ]);
    },
  );

  it("multiclassHinge goes over a row once: its label's gradient is patched", () => {
    const [samples] = loopsIn(kernelOf("multiclassHinge").body);
    expect(loopsIn(samples.body)).toHaveLength(1);
  });

  it.each(["giou", "ciou"])("%s has its four coordinates written out", (name) => {
    const kernel = kernelOf(name);
    expect(nested(kernel.body).filter(({ kind }) => kind === "loop")).toHaveLength(1);
    expect(made(kernel)).toEqual([]);
  });
});

describe("a loss of tables", () => {
  it.each(["arcFace", "largeMarginSoftmax"])("%s makes three contractions a tile", (name) => {
    expect(nested(kernelOf(name).body).filter(({ kind }) => kind === "contract")).toHaveLength(3);
  });

  it("arcFace goes through its tiles in phases, each of which threads can share", () => {
    const tiles = loopsIn(kernelOf("arcFace").body).filter(({ role }) => role === "tiles");
    expect(tiles).toHaveLength(1);
    expect(loopsIn(tiles[0].body).map(({ axis, role }) => [axis, role])).toEqual([
      ["n", "samples"],
      ["c", "samples"],
      ["n", "samples"],
      ["c", "samples"],
      ["d", "samples"],
      ["n", "samples"],
    ]);
  });

  it("l2Softmax meets its weights in panels, though they lie in memory as they are", () => {
    const all = nested(kernelOf("l2Softmax").body);
    const panels = all.filter(
      (one) => one.kind === "loop" && one.block !== undefined && one.role === "inner",
    );
    expect(panels.map((loop) => (loop as Loop).body.map(({ kind }) => kind))).toEqual([["contract"]]);
  });

  it("tripletSemiHard shares its distances, and adds to the pairs' gradients on one thread", () => {
    const tiles = loopsIn(kernelOf("tripletSemiHard").body).filter(({ role }) => role === "tiles");
    expect(tiles.flatMap(({ body }) => loopsIn(body)).map(({ axis, role }) => [axis, role])).toEqual([
      ["n", "samples"],
      ["m", "samples"],
      ["n", "serial"],
    ]);
  });

  it("arcFace keeps a number per class and rows of a tile", () => {
    const kernel = kernelOf("arcFace");
    for (const { axes, tiled = [] } of made(kernel))
      expect(axes.length - tiled.length).toBeLessThanOrEqual(1);
  });

  it("tripletBatchHard finds the hardest pairs in tiles and adds their gradients up in one loop over the batch", () => {
    const kernel = kernelOf("tripletBatchHard");
    const listing = printKernel(kernel);
    expect(listing.match(/squaredDifference\(/g)).toHaveLength(1);
    const serial = loopsIn(kernel.body).filter(({ role }) => role === "serial");
    expect(serial).toHaveLength(1);
    expect(loopsIn(serial[0].body).map(({ axis }) => axis)).toEqual(["d"]);
  });
});
