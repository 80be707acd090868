// Lines of charts: where a boundary's line ends.

import fc from "fast-check";
import { expect, it } from "vitest";
import { type Boundary, lineAt, score } from "../src/rooms/margins/losses.ts";

const weight = fc.double({ min: -20, max: 20, noNaN: true });
const boundary = fc.tuple(weight, weight, weight);

it("a boundary's line ends on the plane's edges, where the score is its level", () => {
  fc.assert(
    fc.property(boundary, fc.constantFrom(-1, 0, 1), (given: Boundary, level) => {
      const ends = lineAt(given, level);
      expect([0, 2]).toContain(ends.length);
      for (const [x, y] of ends) {
        expect(Math.min(x, 10 - x, y, 10 - y)).toBeCloseTo(0, 9);
        expect(score(given, { x, y })).toBeCloseTo(level, 9);
      }
    }),
  );
});

it("a boundary that crosses the plane has a line, and one that passes it by or has no direction has none", () => {
  expect(lineAt([1, 0, 0], 0)).toEqual([
    [5, 0],
    [5, 10],
  ]);
  expect(lineAt([1, 1, 3], 0)).toEqual([]);
  expect(lineAt([0, 0, 0], 0)).toEqual([]);
});
