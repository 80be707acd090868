// Evaluates single expressions in tests, without a loss around them.

import type { Program } from "../src/backends/backend.ts";
import { reference } from "../src/backends/reference/index.ts";
import type { Expr } from "../src/language/expr.ts";
import { runPasses } from "../src/passes/index.ts";

export interface Leaves {
  readonly sizes?: Readonly<Record<string, number>>;
  readonly inputs?: Readonly<Record<string, ArrayLike<number>>>;
  readonly params?: Readonly<Record<string, number>>;
}

/** The values of an expression, as it stands or after the passes. */
export function evaluate(expr: Expr, leaves: Leaves = {}, passes = false): number[] {
  const [final] = passes ? runPasses([expr], true) : [expr];
  const program: Program = { outputs: { result: { expr: final, axes: expr.axes } }, aliases: new Map() };
  const bindings = {
    sizes: new Map(Object.entries(leaves.sizes ?? {})),
    inputs: new Map(Object.entries(leaves.inputs ?? {})),
    params: new Map(Object.entries(leaves.params ?? {})),
  };
  return Array.from(reference.run(program, bindings).result);
}
