// The pipeline, as a list. What a program asks for is differentiated first; every later pass keeps its meaning.

import type { Expr } from "../language/expr.ts";
import type { Rewrite } from "../language/rewrite.ts";
import { verify } from "../language/verify.ts";
import { computedForm } from "./forms.ts";
import { simplify } from "./simplify.ts";
import { stabilize } from "./stabilize.ts";

export interface Pass {
  readonly name: string;
  readonly run: Rewrite;
}

/** In the order they run. `stabilize` wants simple shapes to recognise, and leaves some to tidy up. */
export const passes: readonly Pass[] = [
  { name: "computedForm", run: computedForm },
  { name: "simplify", run: simplify },
  { name: "stabilize", run: stabilize },
  { name: "simplify again", run: simplify },
];

/** Runs all passes; `check` verifies the graph after each. */
export function runPasses(roots: readonly Expr[], check = false): readonly Expr[] {
  let current = roots;
  for (const pass of passes) {
    current = pass.run(current);
    if (check) verify(current, pass.name);
  }
  return current;
}

export { computedForm, formulaForm } from "./forms.ts";
export { gradient } from "./gradient.ts";
export { simplify } from "./simplify.ts";
export { stabilize } from "./stabilize.ts";
