// Lowering keeps the meaning: for every vector the loop program gives what the reference engine gives.

import { describe, expect, it, vi } from "vitest";
import type { Bindings, Program } from "../../src/backends/backend.ts";
import { reference } from "../../src/backends/reference/index.ts";
import { catalogue } from "../../src/index.ts";
import { lower } from "../../src/passes/lower/index.ts";
import { interpret } from "../../src/passes/lower/interpret.ts";
import { verifyKernel } from "../../src/passes/lower/verify.ts";
import { difference, vectorNames, vectorsOf } from "../vectors.ts";

/** What the loss asks the reference engine for, and what that answers. */
function requestOf(run: () => void): { program: Program; bindings: Bindings; answer: Record<string, ArrayLike<number>> } {
  const original = reference.run;
  const spy = vi.spyOn(reference, "run");
  try {
    run();
    const [program, bindings] = spy.mock.calls[0];
    return { program, bindings, answer: original(program, bindings) };
  } finally {
    spy.mockRestore();
  }
}

describe.each(vectorNames)("%s", (name) => {
  const { cases } = vectorsOf(name);
  it.each(cases.map((one) => [one.name, one] as const))("lowers to loops that give the same: %s", (_, one) => {
    const { program, bindings, answer } = requestOf(() => catalogue.get(name)!.valueAndGrad(one.inputs as never, one.options as never));
    const kernel = lower(program);
    verifyKernel(kernel);
    const results = interpret(kernel, bindings);
    const faults = Object.entries(answer)
      .map(([output, expected]) => [output, difference(results[output], Array.from(expected), 1e-12)])
      .filter(([, fault]) => fault !== undefined);
    expect(faults).toEqual([]);
  });
});
