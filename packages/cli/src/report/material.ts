// What pictures and pages are made of.

import type { Distributions } from "../eval/collect/histogram.ts";
import type { Plan } from "../eval/plan.ts";
import type { EvalResult } from "../eval/result.ts";

export interface Material {
  readonly result: EvalResult;
  readonly plans: readonly Plan[];
  readonly distributions: Distributions;
  /** What was said of the rows while they were read. */
  readonly notes: readonly string[];
}
