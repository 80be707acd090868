// Between what the numbers of each input lie, as its kind and domain say: kernels are cheaper where they know it.

import type { FullInput } from "./spec.ts";
import type { Domain, InputKind } from "./types.ts";

interface Interval {
  readonly low: number;
  readonly high: number;
}

const share: Interval = { low: 0, high: 1 };
const notNegative: Interval = { low: 0, high: Number.POSITIVE_INFINITY };
/** Rows are checked to sum to 1 with a tolerance, so one number may be a little above. */
const inDistribution: Interval = { low: 0, high: 2 };

const kinds: { readonly [K in InputKind]?: Interval } = { binary: share, sign: { low: -1, high: 1 } };
const domains: { readonly [K in Domain]?: Interval } = {
  probability: share,
  mask: share,
  distribution: inDistribution,
  positive: notNegative,
  nonNegative: notNegative,
};

export function rangesOf(
  inputs: readonly FullInput[],
  forms: Readonly<Record<string, "index" | "distribution">>,
): Map<string, Interval> {
  const ranges = new Map<string, Interval>();
  for (const { name, kind, domain } of inputs) {
    const range =
      (typeof domain === "string" ? domains[domain] : undefined) ??
      (forms[name] === "distribution" ? inDistribution : kinds[kind]);
    if (range) ranges.set(name, range);
  }
  return ranges;
}
