// What `diagnose` finds.

import type { Phrase } from "../phrase.ts";

/** "error": the result is NaN, infinite or meaningless, or nothing can be learnt; "warning": probably not what was meant;
 * "note": worth knowing. */
export type Severity = "error" | "warning" | "note";

export interface Finding {
  /** Of the rule that found it: "nan-input", "labels-from-one" … */
  readonly code: string;
  readonly severity: Severity;
  /** One sentence: what is wrong, and where first. */
  readonly message: string;
  /** What to do about it, in the terms of the library's options. */
  readonly remedy: string;
  /** Both, for those who say them in another language than English: see `wordsOf`. */
  readonly phrases: { readonly message: Phrase; readonly remedy: Phrase };
  readonly input?: string;
  /** The first place in that input, as indices. */
  readonly at?: readonly number[];
  /** The first sample concerned, counted along the samples' axes in order. */
  readonly sample?: number;
  /** How many places are concerned. */
  readonly count: number;
}

/** How the gradient is shared out among samples; a sample's part is the length of its gradient. */
export interface GradientShares {
  /** Samples that count. */
  readonly samples: number;
  /** Those whose gradient is 0, and their share. */
  readonly zero: number;
  readonly zeroShare: number;
  /** The share that the largest 1 % of samples carry (at least one), and which they are, the largest first. */
  readonly largestShare: number;
  readonly largest: readonly number[];
  /** By label, where samples have one. */
  readonly byClass?: readonly {
    readonly label: number;
    readonly samples: number;
    readonly share: number;
  }[];
}

export interface Diagnosis {
  readonly loss: string;
  /** The worst first. */
  readonly findings: readonly Finding[];
  /** The reduced loss; NaN where the inputs do not allow one to be computed. */
  readonly value: number;
  readonly weightSum: number;
  readonly count: number;
  /** Absent where no gradient could be computed, or a loss has no samples. */
  readonly gradient?: GradientShares;
}
