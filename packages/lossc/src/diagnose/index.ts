// `diagnose`: why is my loss NaN, stuck or odd. Rules look at what the inputs are and what came of them, never at which
// loss it is.

import { bodyOf } from "../contract/define.ts";
import type { RawInputs } from "../contract/reading.ts";
import type { AnyLoss, InputSpecs, Inputs, Loss, Options, ParamSpecs } from "../contract/types.ts";
import { batchRules } from "./batch-rules.ts";
import { findInInput } from "./input-rules.ts";
import { resultRules } from "./result-rules.ts";
import { inWords } from "./rule.ts";
import { sharesOf } from "./shares.ts";
import { readCall } from "./subject.ts";
import type { Diagnosis, Severity } from "./types.ts";

const order: Readonly<Record<Severity, number>> = { error: 0, warning: 1, note: 2 };

/** Looks for what is wrong with a call of a loss: values that cannot be, mistakes that go unnoticed (labels that count from
 * 1, probabilities taken for logits), samples without gradient, few that carry it all.
 *
 * Inputs and options are the loss's own. Bad values are findings, never errors; only misuse throws (unknown names, shapes
 * that do not match). Findings come with the worst first, each with its first place and a remedy. */
export function diagnose<const I extends InputSpecs, const P extends ParamSpecs>(
  loss: Loss<I, P>,
  inputs: Inputs<I>,
  options?: Options<I, P>,
): Diagnosis;
export function diagnose(
  loss: AnyLoss,
  inputs: RawInputs,
  options?: Readonly<Record<string, unknown>>,
): Diagnosis;
export function diagnose(
  loss: object,
  inputs: RawInputs,
  options: Readonly<Record<string, unknown>> = {},
): Diagnosis {
  const call = readCall(bodyOf(loss), inputs, options);
  const shares = sharesOf(call);
  const found = call.inputs.flatMap((subject) => [...findInInput(subject, call)]);
  for (const { code, find } of [...batchRules, ...resultRules]) {
    const one = find(call, shares);
    if (one) found.push({ code, ...one });
  }
  return {
    loss: call.body.name,
    findings: found.sort((a, b) => order[a.severity] - order[b.severity]).map(inWords),
    value: call.value,
    weightSum: call.result?.weightSum ?? Number.NaN,
    count: call.result?.count ?? 0,
    ...(shares && { gradient: shares }),
  };
}

export type { Diagnosis, Finding, GradientShares, Severity } from "./types.ts";
