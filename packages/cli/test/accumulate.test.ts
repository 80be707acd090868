// Partial sums: cut anywhere, in any order, they merge to the same whole.

import fc from "fast-check";
import { expect, test } from "vitest";
import { Accumulator, Sum } from "../src/eval/accumulate.ts";

test("Sum adds 1, 1e100, 1, -1e100 to 2", () => {
  const sum = new Sum();
  for (const x of [1, 1e100, 1, -1e100]) sum.add(x);
  expect(sum.total).toBe(2);
});

test("Sum.merge of two parts equals the sum of all, wherever they were cut", () => {
  const value = fc.double({ min: 0, max: 1e6, noNaN: true });
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 200 }), fc.nat(), (values, cut) => {
      const [whole, left, right] = [new Sum(), new Sum(), new Sum()];
      values.forEach((x, i) => {
        whole.add(x);
        (i < cut % values.length ? left : right).add(x);
      });
      right.merge(left);
      expect(right.total).toBeCloseTo(whole.total, 9);
      expect(Math.abs(right.total - whole.total)).toBeLessThanOrEqual(Number.EPSILON * whole.total);
    }),
  );
});

test("Accumulator keeps an infinite loss apart: the mean is infinite and the count of such rows is kept", () => {
  const sums = new Accumulator();
  for (const loss of [1, Number.POSITIVE_INFINITY, 2]) sums.addLoss(loss);
  sums.addWeight(3, 3);
  expect(sums.mean("weight")).toBe(Number.POSITIVE_INFINITY);
  expect(sums.nonFinite).toBe(1);
});

test("Accumulator over nothing has no mean", () => {
  expect(new Accumulator().mean("weight")).toBeNull();
});
