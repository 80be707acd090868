// Whose NaN a value may be.

import { expect, it } from "vitest";
import { anything, computedRange, exactly, type Range } from "../../src/passes/ranges.ts";

const given: Range = { ...anything, onlyGiven: true };
const one = exactly(1);

it("a NaN that arithmetic made keeps its maker through what makes none", () => {
  const difference = computedRange(7, "sub", [given, given], "float64"); //     ∞ − ∞
  expect(difference.nanOf).toBe(7);
  const square = computedRange(8, "square", [difference], "float64");
  const bounded = computedRange(9, "min", [square, one], "float64");
  expect([square.nanOf, bounded.nanOf]).toEqual([7, 7]);
  expect(bounded).toMatchObject({ low: 0, high: 1, mayBeNaN: true });
});

it("what may make one itself, or have it from two, is its own maker", () => {
  const [a, b] = [7, 8].map((id) => computedRange(id, "sub", [given, given], "float64"));
  expect(computedRange(9, "mul", [a, a], "float64").nanOf).toBe(9); //          0 · ∞
  expect(computedRange(9, "min", [a, b], "float64").nanOf).toBe(9);
});

it("a NaN that was given is nobody's", () => {
  expect(computedRange(9, "square", [given], "float64").nanOf).toBeUndefined();
});
