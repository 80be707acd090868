// The quick look at values finds what the checks find: the first numbers beyond each bound, and none before.

import { expect, it } from "vitest";
import * as quick from "../src/contract/quick.ts";

const MANY = 37;
const with1 = (good: number, x: number, place: number): Float64Array => {
  const data = new Float64Array(MANY).fill(good);
  data[place] = x;
  return data;
};

it("float32 numbers between 0 and 1, which are compared as whole numbers", () => {
  const isWell = quick.between(0, 1);
  for (const place of [0, 18, 35, MANY - 1]) {
    for (const x of [0, -0, 1e-45, 0.5, 1, Number.NaN])
      expect(isWell(Float32Array.from(with1(0.5, x, place))), `${x}`).toBe(true);
    for (const x of [-1e-45, 1 + 2 ** -23, Infinity, -Infinity, -1])
      expect(isWell(Float32Array.from(with1(0.5, x, place))), `${x}`).toBe(false);
  }
});

it.each<[string, (data: ArrayLike<number>) => boolean, readonly number[], readonly number[]]>([
  ["between 0 and 1", quick.between(0, 1), [0, -0, 0.5, 1, Number.NaN], [-5e-324, 1 + 2 ** -52, Infinity]],
  ["above 0", quick.above(0), [5e-324, 1, Infinity, Number.NaN], [0, -0, -1]],
  ["above −1", quick.above(-1), [-1 + 2 ** -53, 0, Infinity, Number.NaN], [-1, -2, -Infinity]],
  ["finite from 0", quick.finiteFromZero, [0, 1, Number.MAX_VALUE], [-1, Infinity, Number.NaN]],
  ["−1 or 1", quick.either(-1, 1), [-1, 1], [0, 0.5, Number.NaN]],
  ["whole from 0 to 4", quick.whole(0, 5), [0, 4], [-1, 5, 1.5, 2 ** 32, Number.NaN]],
])("%s", (_, isWell, good, bad) => {
  for (const place of [0, 18, MANY - 1]) {
    for (const x of good) expect(isWell(with1(good[0], x, place)), `${x}`).toBe(true);
    for (const x of bad) expect(isWell(with1(good[0], x, place)), `${x}`).toBe(false);
  }
});

it("rows that sum to 1", () => {
  const isWell = quick.sumToOne(3, 1e-3);
  expect(isWell([0.2, 0.3, 0.5, 1, 0, 0])).toBe(true);
  expect(isWell([0.2, 0.3, 0.5, 1, 0.1, 0])).toBe(false);
  expect(isWell([0.2, 0.3, 0.5, 1.1, -0.1, 0])).toBe(false);
});

it("boxes in order", () => {
  const [corners, sizes] = [quick.boxes(true), quick.boxes(false)];
  expect([
    corners([1, 2, 3, 4]),
    corners([1, 2, 1, 2]),
    corners([3, 2, 1, 4]),
    corners([1, 4, 3, 2]),
  ]).toEqual([true, true, false, false]);
  expect([sizes([5, 5, 1, 0]), sizes([5, 5, -1, 1]), sizes([5, 5, 1, -1])]).toEqual([true, false, false]);
});
