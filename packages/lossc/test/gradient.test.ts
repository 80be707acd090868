// Derivatives: every op's row against central differences, and the passes that rewrite them.

import { describe, expect, it } from "vitest";
import { constant, type Expr, input, iota, make } from "../src/language/expr.ts";
import { type Op, opNames, opRow } from "../src/language/ops.ts";
import { gradient, simplify, stabilize } from "../src/passes/index.ts";
import { evaluate } from "./evaluate.ts";

/** Where each op is smooth and defined, and away from its kinks. */
const points: { readonly [K in Op]?: readonly (readonly number[])[] } = {
  neg: [[0.7]],
  abs: [[0.7], [-1.3]],
  relu: [[0.7], [-1.3]],
  square: [[-1.3]],
  sqrt: [[0.7]],
  exp: [[0.7], [-3]],
  expm1: [[0.7], [-3]],
  log: [[0.7]],
  log1p: [[0.7], [-0.4]],
  log1mexp: [[-0.3], [-2]],
  softplus: [[0.7], [-3]],
  sigmoid: [[0.7], [-3]],
  tanh: [[0.7], [-3]],
  sin: [[0.7]],
  cos: [[0.7]],
  atan: [[0.7]],
  lgamma: [[0.3], [4.2]],
  digamma: [[0.3], [4.2]],
  add: [[0.7, 1.1]],
  sub: [[0.7, 1.1]],
  mul: [[0.7, 1.1]],
  div: [[0.7, 1.1]],
  atan2: [
    [0.7, 1.1],
    [0.7, -1.1],
  ],
  pow: [[0.7, 1.3]],
  min: [
    [0.7, 1.1],
    [1.1, 0.7],
  ],
  max: [
    [0.7, 1.1],
    [1.1, 0.7],
  ],
  weigh: [[0.7, 1.1]],
  exprel: [
    [0.3, 1],
    [-2.2, 1],
    [3.1, 2],
    [1e-9, 1],
  ],
};
const constantInSecond: readonly Op[] = ["exprel"];

const derivative = (op: Op, at: readonly number[], which: number, order: 1 | 2): number => {
  const leaves = at.map((_, i) => input(`x${i}`, []));
  let expr: Expr = make(op, op === "exprel" ? [leaves[0], constant(at[1])] : leaves);
  for (let i = 0; i < order; i++) [expr] = gradient(expr, [leaves[which]]);
  return evaluate(expr, { inputs: Object.fromEntries(at.map((value, i) => [`x${i}`, [value]])) }, true)[0];
};
const value = (op: Op, at: readonly number[]): number => evaluate(make(op, at.map(constant)))[0];

describe("gradient", () => {
  const differentiable = opNames.filter((op) => opRow(op).kind === "elementwise" && points[op]);
  it("every elementwise op with a slope has a test point", () => {
    const flat = ["sign", "step", "floor", "above", "lt", "le", "gt", "ge", "eq", "ne", "and", "or", "not"];
    const others = ["where", "trigamma", "gap", "geometric"];
    const missing = opNames.filter((op) => opRow(op).kind === "elementwise" && !points[op]);
    expect(missing.sort()).toEqual([...flat, ...others].sort());
  });
  it.each(differentiable)("%s: the row is the central difference", (op) => {
    for (const at of points[op]!) {
      const arity = constantInSecond.includes(op) ? 1 : at.length;
      for (let which = 0; which < arity; which++) {
        const h = 1e-6;
        const moved = (by: number) => at.map((x, i) => (i === which ? x + by : x));
        const difference = (value(op, moved(h)) - value(op, moved(-h))) / (2 * h);
        expect(derivative(op, at, which, 1), `${op}(${at}), argument ${which}`).toBeCloseTo(difference, 7);
      }
    }
  });
  it.each(["square", "exp", "softplus", "sigmoid", "log", "tanh", "sqrt", "lgamma"] as const)(
    "%s: applied twice it is the second difference",
    (op) => {
      const at = 0.7;
      const h = 1e-4;
      const difference = (value(op, [at + h]) - 2 * value(op, [at]) + value(op, [at - h])) / h ** 2;
      expect(derivative(op, [at], 0, 2)).toBeCloseTo(difference, 5);
    },
  );

  const z = input("z", ["n", "c"]);
  const leaves = { sizes: { n: 2, c: 3 }, inputs: { z: [3, 1, -3, 0.5, 0.25, 2] } };
  it.each([
    ["sum", (e: Expr) => e.square().sum("c")],
    ["norm", (e: Expr) => e.norm("c")],
    ["logSumExp", (e: Expr) => e.logSumExp("c")],
    ["softmax", (e: Expr) => e.softmax("c").square().sum("c")],
    ["logSoftmax", (e: Expr) => e.logSoftmax("c").square().sum("c")],
    ["reduceMax", (e: Expr) => e.max("c")],
    ["reduceMin", (e: Expr) => e.min("c")],
    ["unit", (e: Expr) => e.unit("c").mul(iota("c")).sum("c").square()],
    ["cumsum", (e: Expr) => e.cumsum("c").square().sum("c")],
    ["inOrder", (e: Expr) => e.inOrder(e.order("c"), "c", "k").mul(iota("k")).square().sum("k")],
    ["contract", (e: Expr) => e.contract(e.square(), "c")],
    ["take", (e: Expr) => e.take(e.argmin("c"), "c").square()],
    ["segmentSum", (e: Expr) => e.segmentSum(e.argmax("c"), "n", "bin").square().sum("c").sum("bin")],
    ["rename", (e: Expr) => e.sub(e.rename("n", "m")).square().sum("m").sum("c")],
    ["at", (e: Expr) => e.at("c", 1).mul(e.at("c", 2))],
    ["mean over an axis it lacks", (e: Expr) => e.sum("c").sum("other")],
  ])("%s over an axis: the gradient is the central difference", (_, make) => {
    const sizes = { ...leaves.sizes, m: 2, k: 3, bin: 3, other: 4 };
    const root = make(z);
    const scalar = root.axes.reduce((sum, axis) => sum.sum(axis), root);
    const [slope] = gradient(scalar, [z]);
    const laidOut = evaluate(z.mul(0).add(slope), { ...leaves, sizes }, true);
    leaves.inputs.z.forEach((_at, i) => {
      const h = 1e-6;
      const moved = (by: number) =>
        evaluate(
          scalar,
          { sizes, inputs: { z: leaves.inputs.z.map((old, k) => (k === i ? old + by : old)) } },
          true,
        )[0];
      expect(laidOut[i]).toBeCloseTo((moved(h) - moved(-h)) / (2 * h), 6);
    });
  });

  it("an input that does not appear has gradient 0", () => {
    expect(gradient(constant(1), [z])[0]).toBe(constant(0));
  });
  it("only a number can be differentiated", () => {
    expect(() => gradient(z, [z])).toThrow(/without axes/);
  });
  it("stopGradient holds its argument constant", () => {
    const x = input("x", []);
    const [slope] = gradient(x.mul(x.stopGradient()), [x]);
    expect(evaluate(slope, { inputs: { x: [3] } })).toEqual([3]);
  });
});

describe("simplify", () => {
  const x = input("x", ["n"]);
  const w = input("w", []);
  it.each([
    ["x + 0", x.add(0), x],
    ["1 * x", constant(1).mul(x), x],
    ["-(-x)", x.neg().neg(), x],
    ["0 * x", x.mul(0), constant(0)],
    ["2 * (3 * x)", constant(2).mul(constant(3).mul(x)), constant(6).mul(x)],
    ["|x|²", x.abs().square(), x.square()],
    ["sign(x)·|x|", x.sign().mul(x.abs()), x],
    ["weigh(1, log x)", constant(1).weigh(x.log()), x.log()],
    ["Σ w·x", w.mul(x).sum("n"), w.mul(x.sum("n"))],
  ])("%s", (_, before, after) => {
    expect(String(simplify([before])[0])).toBe(String(after));
  });
  it("leaves weigh where the other factor may be infinite", () => {
    expect(String(simplify([x.weigh(w)])[0])).toBe("weigh(x, w)");
  });
});

describe("stabilize", () => {
  const x = input("x", []);
  const z = input("z", ["c"]);
  it.each([
    ["log(1 + exp(x))", x.exp().add(1).log(), "softplus(x)"],
    ["log(1 + x)", x.add(1).log(), "log1p(x)"],
    ["exp(x) - 1", x.exp().sub(1), "expm1(x)"],
    ["log(sigmoid(x))", x.sigmoid().log(), "-softplus(-x)"],
    ["log(1 - sigmoid(x))", constant(1).sub(x.sigmoid()).log(), "-softplus(x)"],
    ["1 - sigmoid(x)", constant(1).sub(x.sigmoid()), "sigmoid(-x)"],
    ["log(1 - exp(x))", constant(1).sub(x.exp()).log(), "log1mexp(x)"],
    ["log(1 - x)", constant(1).sub(x).log(), "log1p(-x)"],
  ])("%s", (_, before, after) => {
    expect(String(simplify(stabilize([before]))[0])).toBe(after);
  });
  it("log(sum(exp(z))), z - logSumExp(z) and log(softmax(z)) end in the same stable pieces", () => {
    const written = z.sub(z.exp().sum("c").log());
    expect(stabilize([written])[0]).toBe(stabilize([z.logSoftmax("c")])[0]);
    expect(stabilize([z.softmax("c").log()])[0]).toBe(stabilize([z.logSoftmax("c")])[0]);
  });
  it("1 - (1 - w)³ keeps the digits of a small w", () => {
    const cube = constant(1).sub(constant(1).sub(x).pow(3));
    expect(evaluate(cube, { inputs: { x: [1e-20] } }, true)[0] / 3e-20).toBeCloseTo(1, 14);
  });
});
