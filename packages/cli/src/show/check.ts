// The check value of a loss: what its definition says comes out, and what does.

import type { AnyLoss } from "lossc";

export interface CheckResult {
  readonly inputs: object;
  readonly options: object;
  readonly expected: number;
  readonly computed: number;
  readonly agrees: boolean;
}

/** Runs the loss on the case its definition brings, here and now. */
export function runCheck(loss: AnyLoss): CheckResult | undefined {
  const { check } = loss;
  if (!check) return undefined;
  const options = check.options ?? {};
  const computed = loss(check.inputs, options) as number;
  const tolerance = 1e-6 * Math.abs(check.value) + 1e-12;
  return {
    inputs: check.inputs,
    options,
    expected: check.value,
    computed,
    agrees: Math.abs(computed - check.value) <= tolerance,
  };
}
