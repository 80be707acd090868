// The form of a call: what shapes its expressions, what it wants back, and the summands that come of it.

import type { Expr } from "../language/expr.ts";
import type { Reduction } from "./types.ts";

/** Everything about a call that shapes its expressions, and no number that does not. */
export interface Variant {
  /** Parameter values that reach the definition as themselves. */
  readonly statics: Readonly<Record<string, unknown>>;
  /** Parameters given as one number per element of their axes. */
  readonly vectors: readonly string[];
  /** Whether a class target holds labels or probabilities. */
  readonly forms: Readonly<Record<string, "index" | "distribution">>;
  /** Inputs left out. */
  readonly absent: readonly string[];
  /** Which of the common options are given. */
  readonly given: {
    readonly weight?: boolean;
    readonly mask?: boolean;
    readonly classWeight?: boolean;
    readonly ignoreIndex?: boolean;
    readonly labelSmoothing?: boolean;
    readonly posWeight?: "number" | "tensor";
    readonly binaryEncoding?: boolean;
  };
}

/** What a call wants back. */
export interface Request {
  readonly reduction: Reduction;
  readonly meanOver: "weight" | "count";
  readonly wrt: readonly string[];
  readonly perSample: boolean;
  readonly upstream?: "number" | "perSample";
  /** Whether second derivatives along a direction are wanted: the Hessian times it, by each of `wrt`. */
  readonly along?: true;
}

/** One summand of a loss: a plain loss has one, a combination several. */
export interface Part {
  readonly coefficient: Expr;
  /** The loss of one sample, as engines compute it. */
  readonly loss: Expr;
  /** The same as people read it. */
  readonly formula: Expr;
  /** Numbers that multiply a sample: class weights. */
  readonly weights: readonly Expr[];
  /** Conditions a sample must meet to count. */
  readonly keeps: readonly Expr[];
  /** What its definition asks to be computed in, whatever the precision of the data. */
  readonly arithmetic?: "float64" | undefined;
  readonly notes: Readonly<Record<string, Expr>>;
  readonly state: Readonly<Record<string, Expr>>;
}

/** Names of the leaves that hold common options: a dot keeps them apart from inputs and parameters. */
export const optionLeaf = {
  weight: "option.weight",
  mask: "option.mask",
  classWeight: "option.classWeight",
  ignoreIndex: "option.ignoreIndex",
  labelSmoothing: "option.labelSmoothing",
  posWeight: "option.posWeight",
  upstream: "option.upstream",
  /** The direction of an input. */
  along: (input: string) => `option.along.${input}`,
} as const;
