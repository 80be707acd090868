// The algebra that lowering leans on.

import { expect, it } from "vitest";
import { constant, type Expr, input, iota, make, oneHot, param, where } from "../../src/language/expr.ts";
import type { Rewrite } from "../../src/language/rewrite.ts";
import { joinAlike } from "../../src/passes/lower/alike.ts";
import { takeOutScalars } from "../../src/passes/lower/factors.ts";
import { pushMoves } from "../../src/passes/lower/moves.ts";
import { sumSpikes } from "../../src/passes/lower/sparse.ts";
import { simplify } from "../../src/passes/simplify.ts";

const x = input("x", ["n", "c"]);
const label = input("label", ["n"], "int");
const one = (pass: Rewrite, expr: Expr): string => String(pass([expr])[0]);

it("a condition that always or never holds chooses", () => {
  expect(one(simplify, where(constant(1).eq(constant(2)), x, 0))).toBe("0");
  expect(one(simplify, where(label.eq(label), x, 0))).toBe("x");
  expect(one(simplify, where(label.ne(label).or(x.gt(0)), x, 0))).toBe("where(x > 0, x, 0)");
});

it("a number may be NaN and need not equal itself", () => {
  expect(one(simplify, where(x.eq(x), x, 0))).toBe("where(x == x, x, 0)");
});

it("the slope of a power of a sigmoid is a power again", () => {
  const s = x.sigmoid();
  const slope = x.weigh(param("g").weigh(s.pow(param("g").sub(1)))).weigh(s.mul(x.neg().sigmoid()));
  expect(one(simplify, slope)).toBe("weigh(weigh(x, weigh(g, sigmoid(x) ^ g)), sigmoid(-x))");
});

it("what reaches 0 at a limit needs no condition there", () => {
  const rest = constant(1).sub(x.min(1)).square();
  const inside = make("above", [constant(1), x]);
  expect(one(simplify, constant(3).mul(rest).weigh(inside))).toBe("3 * square(1 - min(x, 1))");
  expect(one(simplify, rest.mul(make("above", [constant(2), x])))).toContain("above");
  expect(one(simplify, x.min(1).square().mul(inside))).toContain("above");
});

it("a lookup goes down to what it reads", () => {
  expect(one(pushMoves, x.mul(2).exp().take(label, "c"))).toBe("exp(x[c=label] * 2)");
  expect(one(pushMoves, where(oneHot(label, "c"), x, 0).take(label, "c"))).toBe(
    "where(label == label, x[c=label], 0)",
  );
});

it("a sum of what is 0 but at one place is a lookup, or a sum into bins", () => {
  const spike = where(iota("c").eq(label), x, 0).mul(input("y", ["n", "c"]));
  expect(one(sumSpikes, spike.sum("c"))).toBe("(x * y)[c=label]");
  expect(one(sumSpikes, spike.sum("n"))).toBe("segmentSum((x * y)[c=label], label; n -> c)");
});

it("a number that is the same for all multiplies once, after a sum", () => {
  const [a, n] = [param("a"), constant(1).div(x.sum("n").sum("c").mul(0).add(2))];
  expect(one(takeOutScalars, x.mul(a).add(x.exp().mul(a)))).toBe("(x + exp(x)) * a");
  expect(String(takeOutScalars([x.mul(n)])[0])).toContain("x *");
});

it("a product that another product holds is computed once", () => {
  const y = input("y", ["n", "c"]);
  const both = joinAlike([x.mul(y.exp()), x.mul(y.exp().mul(y))]).map(String);
  expect(both).toEqual(["x * exp(y)", "x * exp(y) * y"]);
  // Not where the inner one is there for others anyway.
  const inner = y.exp().mul(y);
  expect(joinAlike([x.mul(y.exp()), x.mul(inner), inner])[1]).toBe(x.mul(inner));
});

it("a truth value in a sum keeps its scale", () => {
  const share = oneHot(label, "c").mul(1).mul(param("a"));
  expect(one(takeOutScalars, x.mul(param("a")).mul(0.5).sub(share))).toBe(
    "(x * 0.5 - (iota(c) == label)) * a",
  );
});
