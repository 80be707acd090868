// Lowering keeps the meaning: for every vector the loop program gives what the reference engine gives.

import { describe, expect, it } from "vitest";
import { catalogue } from "../../src/index.ts";
import { lower, obstacleTo, verifyKernel } from "../../src/passes/lower/index.ts";
import { vectorNames, vectorsOf } from "../vectors.ts";
import { interpret } from "./interpret.ts";
import { requestOf } from "./request.ts";

/** The largest difference, as a share of the largest number or of 1: where terms cancel, the last bits differ. */
function distance(got: ArrayLike<number>, want: ArrayLike<number>): number {
  const finite = Array.from(want).filter(Number.isFinite).map(Math.abs);
  const largest = finite.reduce((a, b) => Math.max(a, b), 1);
  return Array.from(want).reduce((worst, x, i) => {
    if (Object.is(got[i], x) || got[i] === x || (Number.isNaN(x) && Number.isNaN(got[i]))) return worst;
    // A number that is tiny beside 1 is still compared by itself, unless it is rounding.
    const share = Math.abs(x) < 1e-14 * largest ? 1 : Math.max(Math.abs(x), 1e-3 * largest);
    const error = Math.abs(got[i] - x) / share;
    return Math.max(worst, Number.isNaN(error) ? Number.POSITIVE_INFINITY : error);
  }, 0);
}

describe.each(vectorNames)("%s", (name) => {
  const { cases } = vectorsOf(name);
  it.each(cases.map((one) => [one.name, one] as const))(
    "lowers to loops that give the same: %s",
    (_, one) => {
      const { program, bindings, answer } = requestOf(() =>
        catalogue
          .get(name)!
          .valueAndGrad(one.inputs as never, { ...one.options, engine: "reference" } as never),
      );
      expect(obstacleTo(program)).toBeUndefined();
      const kernel = lower(program);
      verifyKernel(kernel);
      const results = interpret(kernel, bindings);
      const faults = Object.entries(answer)
        .map(([output, expected]) => [output, distance(results[output], expected)])
        .filter(([, error]) => !((error as number) <= 1e-12));
      expect(faults).toEqual([]);
    },
  );
});
