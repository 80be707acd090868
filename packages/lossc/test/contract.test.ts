// Every engine, loss and vector: values and gradients against outside oracles.

import { describe, expect, it } from "vitest";
import { catalogue, type Tensor } from "../src/index.ts";
import { difference, flat, shapeOf, vectorNames, vectorsOf } from "./vectors.ts";
import { watchKernelSizes } from "./wasm/modules.ts";

const engines = ["reference", "wasm"] as const;
const ORACLE_TOLERANCE = 1e-9;

describe.each(engines)("engine %s", (engine) => {
  it("has vectors for every loss of the catalogue, and no others", () => {
    expect(vectorNames.sort()).toEqual([...catalogue.keys()].sort());
  });

  describe.each(vectorNames)("%s", (name) => {
    const loss = catalogue.get(name)!;
    const { cases } = vectorsOf(name);

    it.each(cases.map((one) => [one.name, one] as const))("agrees with the oracle: %s", (_, one) => {
      const options = { ...one.options, engine };
      const tolerance = one.tolerance ?? ORACLE_TOLERANCE;
      const result = loss.valueAndGrad(one.inputs, options);
      expect(result.engine).toBe(engine);
      const direct = loss(one.inputs, options);
      const isTensor = typeof direct !== "number";
      const faults = [
        ["value", difference(isTensor ? direct.data : [direct], flat(one.value), tolerance)],
        [
          "weightSum",
          one.weightSum === undefined
            ? undefined
            : difference([result.weightSum], [one.weightSum], tolerance),
        ],
        ["count", one.count === undefined ? undefined : difference([result.count], [one.count], 0)],
        ...Object.entries(one.grads).map(([input, grad]) => [
          `gradient of ${input}`,
          difference((result.grads[input] as Tensor).data, flat(grad), tolerance),
        ]),
      ].filter(([, fault]) => fault !== undefined);
      expect(faults).toEqual([]);
      for (const [input, grad] of Object.entries(one.grads)) {
        expect((result.grads[input] as Tensor).shape).toEqual(shapeOf(grad));
      }
    });
  });
});

watchKernelSizes();
