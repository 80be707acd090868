// What stands behind a loss object: what the calls, the engines and `combine` work on.

import type { Program } from "../backends/backend.ts";
import type { FullInput } from "./spec.ts";
import type { Definition, InputSpecs, ParamSpecs } from "./types.ts";
import type { Part, Variant } from "./variant.ts";

/** What stands behind a loss object: a definition's, or a combination's. */
export interface Body {
  readonly name: string;
  readonly inputs: readonly FullInput[];
  readonly params: ParamSpecs;
  /** `named` says what the caller calls a parameter. */
  parts(variant: Variant, named?: (param: string) => string): readonly Part[];
  readonly valid?: Definition<InputSpecs, ParamSpecs>["valid"] | undefined;
  /** Programs made so far, by what shaped them. */
  readonly programs: Map<string, Prepared>;
}

export interface Prepared {
  readonly program: Program;
  readonly sampleAxes: readonly string[];
}
