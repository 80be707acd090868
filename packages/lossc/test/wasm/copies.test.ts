// How often a loop's body is written: copies overlap, as long as they find registers.

import { expect, it } from "vitest";
import { extentOf } from "../../src/backends/wasm/shared.ts";
import { type AnyLoss, catalogue } from "../../src/index.ts";
import { lower } from "../../src/passes/lower/index.ts";
import { requestOf } from "../lower/request.ts";
import { vectorsOf } from "../vectors.ts";

function copiesOf(name: string): number[] {
  const [{ inputs }] = vectorsOf(name).cases;
  const loss = catalogue.get(name) as AnyLoss;
  const { program } = requestOf(() => loss.valueAndGrad(inputs as never, { engine: "reference" }));
  return extentOf(lower(program)).loops.map(({ copies }) => copies);
}

it.each([
  ["mse", 4],
  ["iou", 1],
  ["giou", 1],
])("the body of %s is written %i times", (name, copies) => {
  expect(copiesOf(name)).toEqual([copies]);
});

it("a body that is one function and little else is written five times", () => {
  expect(copiesOf("exponential")).toEqual([5]);
  expect(copiesOf("bceWithLogits")).toEqual([4]);
});

it("a body of 69 operations is written twice", () => {
  expect(copiesOf("multiSimilarity")).toContain(2);
});
