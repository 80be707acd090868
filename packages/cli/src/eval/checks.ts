// What the numbers of a row must be, with what to try where they are not: every bad row is found, counted, and shown
// with its row in the file.

import { type CellCheck, type CellRule, cellCheck } from "lossc/columns";
import type { Wanted } from "./shapes.ts";
import type { LossSpec } from "./spec.ts";

/** Without `rule` where labels are looked up among classes. */
export interface Check extends Pick<CellCheck, "expected" | "find"> {
  /** What is probably the case, when this number stands there. */
  readonly remedy?: Remedy;
}

type Remedy = (value: number) => string | undefined;

const only =
  (wrong: number, remedy: string): Remedy =>
  (value) =>
    value === wrong ? remedy : undefined;
const format: Remedy = () => "If the boxes are in another format, say so: format=xywh or format=cxcywh.";

const remedies: Partial<Readonly<Record<CellRule, Remedy>>> = {
  distribution: () =>
    "If these are logits or log-probabilities, say so with the loss's parameter: lossc show tells which.",
  corners: format,
  size: format,
  probability: (value) =>
    Number.isFinite(value) ? "If these are logits, take a loss of logits, such as bceWithLogits." : undefined,
  binary: only(-1, "For targets -1 and +1 take a margin loss, such as hinge or ramp."),
  binarySign: only(-1, "For targets -1 and +1 leave encoding=binary out."),
  sign: only(0, "For targets 0 and 1 add the option encoding=binary, as in --loss hinge:encoding=binary."),
};

export function checkOf(
  { spec: { kind }, domain, numbers, shape }: Wanted,
  { options }: LossSpec,
  { format }: Readonly<Record<string, unknown>>,
): Check {
  const check = cellCheck(
    { kind, domain, numbers, isRow: shape === "row" },
    { ignored: options.ignoreIndex, binary: options.encoding === "binary", format },
  );
  const remedy = remedies[check.rule];
  return { ...check, ...(remedy && { remedy }) };
}
