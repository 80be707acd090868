// Lowering keeps the meaning: for every vector the loop program gives what the reference engine gives.

import { describe, expect, it } from "vitest";
import { catalogue } from "../../src/index.ts";
import { lower, verifyKernel } from "../../src/passes/lower/index.ts";
import { difference, hasKernel, vectorNames, vectorsOf } from "../vectors.ts";
import { interpret } from "./interpret.ts";
import { requestOf } from "./request.ts";

describe.each(vectorNames.filter(hasKernel))("%s", (name) => {
  const { cases } = vectorsOf(name);
  it.each(cases.map((one) => [one.name, one] as const))(
    "lowers to loops that give the same: %s",
    (_, one) => {
      const { program, bindings, answer } = requestOf(() =>
        catalogue
          .get(name)!
          .valueAndGrad(one.inputs as never, { ...one.options, engine: "reference" } as never),
      );
      const kernel = lower(program);
      verifyKernel(kernel);
      const results = interpret(kernel, bindings);
      const faults = Object.entries(answer)
        .map(([output, expected]) => [output, difference(results[output], Array.from(expected), 1e-12)])
        .filter(([, fault]) => fault !== undefined);
      expect(faults).toEqual([]);
    },
  );
});
