// The language: axes, interning, types, printing, verification.

import { describe, expect, it } from "vitest";
import { parseAxes } from "../src/language/axes.ts";
import { constant, Expr, input, iota, make, param, size, where } from "../src/language/expr.ts";
import { printProgram } from "../src/language/listing.ts";
import { opNames, opRow } from "../src/language/ops.ts";
import { verify } from "../src/language/verify.ts";
import { evaluate } from "./evaluate.ts";

const x = input("x", ["n", "c"]);
const y = input("y", ["n"]);

describe("axes", () => {
  it("parseAxes reads names, sizes and words for any number of dimensions", () => {
    expect(parseAxes("n... 4")).toEqual([
      { name: "n", many: true },
      { name: "4", many: false, size: 4 },
    ]);
    expect(parseAxes("...")).toEqual([{ name: "...", many: true }]);
  });
  it.each(["n n", "... n...", "n-1", "0"])("parseAxes refuses %s", (text) => {
    expect(() => parseAxes(text)).toThrow(/axes|axis/);
  });
  it("elementwise operations take the union of axes, reductions remove one", () => {
    expect(x.add(y).axes).toEqual(["n", "c"]);
    expect(y.add(x).axes).toEqual(["n", "c"]);
    expect(x.sum("c").axes).toEqual(["n"]);
    expect(x.softmax("c").axes).toEqual(["n", "c"]);
    expect(x.take(input("label", ["n"], "int"), "c").axes).toEqual(["n"]);
    expect(y.segmentSum(input("label", ["n"], "int"), "n", "c").axes).toEqual(["c"]);
    expect(y.sub(y.rename("n", "m")).axes).toEqual(["n", "m"]);
  });
  it("rename to an axis that is there already is an error", () => {
    expect(() => x.rename("n", "c")).toThrow(/already/);
  });
});

describe("expressions", () => {
  it("are interned: the same expression is the same object", () => {
    expect(x.sub(y).square()).toBe(x.sub(y).square());
    expect(constant(0)).not.toBe(constant(-0));
  });
  it("are immutable", () => {
    expect(Object.isFrozen(x.add(1))).toBe(true);
    expect(Object.isFrozen(x.add(1).args)).toBe(true);
  });
  it("have a method for every elementwise operation, reduction and row operation", () => {
    const methods = opNames.filter((op) => ["elementwise", "reduce", "row"].includes(opRow(op).kind));
    for (const op of methods) expect(typeof Expr.prototype[op as "add"], op).toBe("function");
  });
  it("are typed: a condition must be a truth value", () => {
    expect(() => where(x, 1, 0)).toThrow(/bool/);
    expect(() => x.not()).toThrow(/Compare first/);
    expect(() => make("add", [x])).toThrow(/2 arguments/);
  });
  it("print as infix text, with brackets where they are needed", () => {
    const beta = param("beta");
    expect(String(x.sub(y).mul(2).add(beta))).toBe("(x - y) * 2 + beta");
    expect(String(x.sub(y.sub(1)))).toBe("x - (y - 1)");
    expect(String(x.neg().exp().sum("c").div(size("c")))).toBe("sum(exp(-x); c) / size(c)");
    expect(String(where(iota("c").eq(y), x, 0))).toBe("where(iota(c) == y, x, 0)");
  });
  it("printProgram names what is used twice", () => {
    const shared = x.sub(y);
    expect(printProgram({ value: shared.mul(shared.exp()) })).toBe(
      "%1 [n c] = x - y\nvalue [n c] = %1 * exp(%1)",
    );
  });
});

describe("verify", () => {
  it("passes well-formed graphs", () => {
    expect(() => verify([x.logSoftmax("c").sum("c")])).not.toThrow();
  });
  it("names a node whose axes are not what its op says, and the pass that made it", () => {
    const wrong = new Expr("exp", [x], {}, ["n"], "float", 1e9);
    expect(() => verify([wrong], "simplify")).toThrow(/after simplify: exp has axes \[n\], not \[n,c\]/);
  });
  it("names a reduction without an axis", () => {
    const wrong = new Expr("sum", [x], {}, ["n", "c"], "float", 1e9);
    expect(() => verify([wrong])).toThrow(/names no axis/);
  });
});

describe("meaning", () => {
  it("a reduction over an axis the expression lacks treats it as constant", () => {
    expect(evaluate(constant(3).sum("n"), { sizes: { n: 4 } })).toEqual([12]);
    expect(evaluate(constant(3).max("n"), { sizes: { n: 4 } })).toEqual([3]);
  });
  it("weigh(a, b) is 0 where either is 0, whatever the other is", () => {
    const zero = constant(0);
    for (const other of [Infinity, Number.NaN, 5]) {
      expect(evaluate(zero.weigh(other))).toEqual([0]);
      expect(evaluate(constant(other).weigh(0))).toEqual([0]);
    }
  });
  it.each(["min", "max", "relu", "abs", "sign", "step", "above", "add"])("%s lets NaN through", (op) => {
    const nan = constant(Number.NaN);
    const args = opRow(op as "min").arity === 2 ? [nan, constant(1)] : [nan];
    expect(evaluate(make(op as "min", args))).toEqual([Number.NaN]);
    if (args.length === 2) expect(evaluate(make(op as "min", [...args].reverse()))).toEqual([Number.NaN]);
  });
  it("argmax takes the first of equals, and NaN beats all", () => {
    const row = input("row", ["c"]);
    expect(evaluate(row.argmax("c"), { sizes: { c: 3 }, inputs: { row: [1, 2, 2] } })).toEqual([1]);
    expect(evaluate(row.argmax("c"), { sizes: { c: 3 }, inputs: { row: [1, Number.NaN, 2] } })).toEqual([1]);
  });
  it("reductions over nothing give their neutral element", () => {
    const row = input("row", ["c"]);
    const empty = { sizes: { c: 0 }, inputs: { row: [] } };
    expect(evaluate(row.sum("c"), empty)).toEqual([0]);
    expect(evaluate(row.max("c"), empty)).toEqual([-Infinity]);
    expect(evaluate(row.min("c"), empty)).toEqual([Infinity]);
    expect(evaluate(row.norm("c"), empty)).toEqual([0]);
    expect(evaluate(row.median("c"), empty)).toEqual([Number.NaN]);
  });
  it("order puts the largest first, equals in their order, NaN before all; cumsum adds up what came before", () => {
    const row = input("row", ["c"]);
    const of = (numbers: number[]) => ({ sizes: { c: numbers.length }, inputs: { row: numbers } });
    expect(evaluate(row.order("c"), of([1, 3, Number.NaN, 3]))).toEqual([2, 1, 3, 0]);
    expect(evaluate(row.order("c"), of([-Infinity, Infinity, 0, -0]))).toEqual([1, 2, 3, 0]);
    expect(evaluate(row.cumsum("c"), of([1, 1e100, 1, -1e100]))).toEqual([1, 1e100, 1e100, 2]);
    expect(evaluate(row.order("c"), of([]))).toEqual([]);
  });
  it("quantile is linear between order statistics", () => {
    const row = input("row", ["c"]);
    const leaves = { sizes: { c: 4 }, inputs: { row: [4, 1, 3, 2] } };
    expect(evaluate(row.median("c"), leaves)).toEqual([2.5]);
    expect(evaluate(row.quantile(1, "c"), leaves)).toEqual([4]);
  });
  it.each(["lgamma", "digamma", "trigamma"] as const)("%s of a number below 0 is NaN, and at once", (op) => {
    const row = input("row", ["c"]);
    const given = { sizes: { c: 3 }, inputs: { row: [-0.5, -1e300, Number.NEGATIVE_INFINITY] } };
    expect(evaluate(make(op, [row]), given)).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  });
  it("norm does not overflow or underflow", () => {
    const row = input("row", ["c"]);
    expect(evaluate(row.norm("c"), { sizes: { c: 2 }, inputs: { row: [3e200, 4e200] } })[0]).toBeCloseTo(
      5e200,
      -190,
    );
    expect(
      evaluate(row.norm("c"), { sizes: { c: 2 }, inputs: { row: [3e-200, 4e-200] } })[0] / 5e-200,
    ).toBeCloseTo(1, 14);
  });
  it("sums keep the digits that a plain loop loses", () => {
    const row = input("row", ["c"]);
    expect(evaluate(row.sum("c"), { sizes: { c: 3 }, inputs: { row: [1, 1e100, -1e100] } })).toEqual([1]);
    expect(evaluate(row.sum("c"), { sizes: { c: 2 }, inputs: { row: [1, Infinity] } })).toEqual([Infinity]);
  });
});
