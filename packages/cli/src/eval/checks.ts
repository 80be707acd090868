// What the numbers of a row must be, by the input they are for; the library stops at the first that is not, and here
// every bad row is found, counted, and shown with its row in the file.

import type { Wanted } from "./shapes.ts";
import type { LossSpec } from "./spec.ts";

export interface Fault {
  /** Which number of the row. */
  readonly place: number;
  /** What is wrong, where it is not that number alone. */
  readonly what?: string;
}

export interface Check {
  readonly find: (data: Float64Array, start: number, width: number) => Fault | undefined;
  readonly expected: string;
  /** What is probably the case, when this number stands there. */
  readonly remedy?: (value: number) => string | undefined;
}

/** Sums of float32 and float16 probabilities are this far from 1: the library's own tolerance. */
const SUM_TOLERANCE = 1e-3;

const each = (good: (x: number) => boolean, expected: string, remedy?: Check["remedy"]): Check => ({
  find(data, start, width) {
    for (let place = 0; place < width; place++) if (!good(data[start + place])) return { place };
    return undefined;
  },
  expected,
  ...(remedy && { remedy }),
});

const finite = each(Number.isFinite, "a finite number");

const distribution: Check = {
  find(data, start, width) {
    let sum = 0;
    for (let place = 0; place < width; place++) {
      if (!(data[start + place] >= 0)) return { place };
      sum += data[start + place];
    }
    return Math.abs(sum - 1) <= SUM_TOLERANCE ? undefined : { place: 0, what: `sums to ${sum}` };
  },
  expected: "probabilities that sum to 1",
  remedy: () =>
    "If these are logits or log-probabilities, say so with the loss's parameter: lossc show tells which.",
};

const box: Readonly<Record<string, Check>> = {
  xyxy: sides((x1, y1, x2, y2) => x2 >= x1 && y2 >= y1, "x2 >= x1 and y2 >= y1"),
  xywh: sides((_, __, width, height) => width >= 0 && height >= 0, "width and height >= 0"),
  cxcywh: sides((_, __, width, height) => width >= 0 && height >= 0, "width and height >= 0"),
};

function sides(good: (a: number, b: number, c: number, d: number) => boolean, expected: string): Check {
  return {
    find(data, start) {
      const bad = finite.find(data, start, 4);
      if (bad) return bad;
      const four = [...data.subarray(start, start + 4)] as [number, number, number, number];
      return good(...four) ? undefined : { place: 0, what: `is (${four.join(", ")})` };
    },
    expected: `four finite numbers with ${expected}`,
    remedy: () => "If the boxes are in another format, say so: format=xywh or format=cxcywh.",
  };
}

const domains: Readonly<Record<string, (parameters: Readonly<Record<string, unknown>>) => Check>> = {
  probability: () =>
    each(
      (p) => p >= 0 && p <= 1,
      "a probability from 0 to 1",
      (value) =>
        Number.isFinite(value)
          ? "If these are logits, take a loss of logits, such as bceWithLogits."
          : undefined,
    ),
  positive: () => each((x) => x > 0 && x < Number.POSITIVE_INFINITY, "a finite number > 0"),
  nonNegative: () => each((x) => x >= 0 && x < Number.POSITIVE_INFINITY, "a finite number >= 0"),
  nonZero: () => each((x) => Number.isFinite(x) && x !== 0, "a finite number other than 0"),
  aboveMinusOne: () => each((x) => x > -1 && x < Number.POSITIVE_INFINITY, "a finite number > -1"),
  distribution: () => distribution,
  logDistribution: () => each((x) => x <= SUM_TOLERANCE, "a log-probability, at most 0"),
  box: (parameters) => box[String(parameters.format)] ?? finite,
};

export function checkOf(
  wanted: Wanted,
  { options }: LossSpec,
  parameters: Readonly<Record<string, unknown>>,
): Check {
  const { spec, domain, numbers, shape } = wanted;
  const ignored = options.ignoreIndex;
  if (spec.kind === "binary")
    return each((t) => (t >= 0 && t <= 1) || t === ignored, "a target from 0 to 1", signRemedy);
  if (spec.kind === "sign") return signCheck(options.encoding === "binary", ignored);
  if (spec.kind === "index") return each(Number.isInteger, "a whole number");
  if (spec.kind === "classes") return distribution;
  if (domain !== undefined && domains[domain]) return domains[domain](parameters);
  if (numbers !== "logits") return finite;
  // A class at −inf is left out of a softmax; a binary logit of ±inf is a sure answer.
  if (shape === "row")
    return each((x) => x < Number.POSITIVE_INFINITY, "a number, or -inf for a class left out");
  return each((x) => !Number.isNaN(x), "a number");
}

const signRemedy = (value: number): string | undefined =>
  value === -1 ? "For targets -1 and +1 take a margin loss, such as hinge or ramp." : undefined;

const signCheck = (binary: boolean, ignored: unknown): Check =>
  binary
    ? each(
        (t) => t === 0 || t === 1 || t === ignored,
        "a target 0 or 1",
        (value) => (value === -1 ? "For targets -1 and +1 leave encoding=binary out." : undefined),
      )
    : each(
        (t) => t === -1 || t === 1 || t === ignored,
        "a target -1 or +1",
        (value) =>
          value === 0
            ? "For targets 0 and 1 add the option encoding=binary, as in --loss hinge:encoding=binary."
            : undefined,
      );

export const weightCheck: Check = each((w) => w >= 0 && w < Number.POSITIVE_INFINITY, "a finite weight >= 0");
