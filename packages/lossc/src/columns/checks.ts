// What the numbers of a row must be, by the input they are for. A call of a loss stops at the first that is not; a table
// is looked through with these, so that every bad row is found and can be shown with its place.

import type { Numbers } from "./names.ts";

/** Which rule a row breaks; sentences and remedies are told by it. */
export type CellRule =
  | "finite"
  | "number"
  | "rowLogits"
  | "probability"
  | "positive"
  | "nonNegative"
  | "nonZero"
  | "aboveMinusOne"
  | "distribution"
  | "logDistribution"
  | "corners"
  | "size"
  | "binary"
  | "sign"
  | "binarySign"
  | "index"
  | "weight";

/** What is wrong in a row. */
export interface CellFault {
  /** Which number of the row. */
  readonly place: number;
  /** The sum, where it is that and not one number. */
  readonly sum?: number;
  /** The numbers, where it is all of them. */
  readonly all?: readonly number[];
}

/** What the numbers of one input must be. */
export interface CellCheck {
  readonly rule: CellRule;
  /** In words, after "expected": "a probability from 0 to 1". */
  readonly expected: string;
  /** What is wrong with the `width` numbers from `start` on, if anything is. */
  readonly find: (data: ArrayLike<number>, start: number, width: number) => CellFault | undefined;
}

/** An input of a loss, as a row has it. */
export interface RowInput {
  /** `kind` of its declaration. */
  readonly kind: string;
  /** `domain` of its declaration, under the parameters given. */
  readonly domain: string | undefined;
  readonly numbers: Numbers;
  /** Whether a row has several numbers of it. */
  readonly isRow: boolean;
}

/** What of a call changes what its numbers must be. */
export interface CellOptions {
  /** The label that leaves a row out. */
  readonly ignored?: unknown;
  /** Whether targets of a margin are 0 and 1. */
  readonly binary?: boolean;
  /** Of boxes: xyxy, xywh or cxcywh. */
  readonly format?: unknown;
}

/** Sums of float32 and float16 probabilities are this far from 1: the library's own tolerance. */
const SUM_TOLERANCE = 1e-3;

const each = (rule: CellRule, expected: string, good: (x: number) => boolean): CellCheck => ({
  rule,
  expected,
  find(data, start, width) {
    for (let place = 0; place < width; place++) if (!good(data[start + place])) return { place };
    return undefined;
  },
});

const isBelowInfinity = (x: number): boolean => x < Number.POSITIVE_INFINITY;
const finite = each("finite", "a finite number", Number.isFinite);

const distribution: CellCheck = {
  rule: "distribution",
  expected: "probabilities that sum to 1",
  find(data, start, width) {
    let sum = 0;
    for (let place = 0; place < width; place++) {
      if (!(data[start + place] >= 0)) return { place };
      sum += data[start + place];
    }
    return Math.abs(sum - 1) <= SUM_TOLERANCE ? undefined : { place: 0, sum };
  },
};

type Sides = readonly [number, number, number, number];

const sides = (rule: CellRule, expected: string, good: (sides: Sides) => boolean): CellCheck => ({
  rule,
  expected: `four finite numbers with ${expected}`,
  find(data, start) {
    const bad = finite.find(data, start, 4);
    if (bad) return bad;
    const all = [data[start], data[start + 1], data[start + 2], data[start + 3]] as const;
    return good(all) ? undefined : { place: 0, all };
  },
});

const size = sides("size", "width and height >= 0", ([, , width, height]) => width >= 0 && height >= 0);
const boxes: Readonly<Record<string, CellCheck>> = {
  xyxy: sides("corners", "x2 >= x1 and y2 >= y1", ([x1, y1, x2, y2]) => x2 >= x1 && y2 >= y1),
  xywh: size,
  cxcywh: size,
};

const domains: Readonly<Record<string, CellCheck>> = {
  probability: each("probability", "a probability from 0 to 1", (p) => p >= 0 && p <= 1),
  positive: each("positive", "a finite number > 0", (x) => x > 0 && isBelowInfinity(x)),
  nonNegative: each("nonNegative", "a finite number >= 0", (x) => x >= 0 && isBelowInfinity(x)),
  nonZero: each("nonZero", "a finite number other than 0", (x) => Number.isFinite(x) && x !== 0),
  aboveMinusOne: each("aboveMinusOne", "a finite number > -1", (x) => x > -1 && isBelowInfinity(x)),
  distribution,
  logDistribution: each("logDistribution", "a log-probability, at most 0", (x) => x <= SUM_TOLERANCE),
};

/** What the numbers of an input must be, but for labels of classes, which are names or places. */
export function cellCheck(
  { kind, domain, numbers, isRow }: RowInput,
  { ignored, binary = false, format }: CellOptions = {},
): CellCheck {
  if (kind === "binary")
    return each("binary", "a target from 0 to 1", (t) => (t >= 0 && t <= 1) || t === ignored);
  if (kind === "sign") return signCheck(binary, ignored);
  if (kind === "index") return each("index", "a whole number", Number.isInteger);
  if (kind === "classes") return distribution;
  if (domain === "box") return boxes[String(format)] ?? finite;
  if (domain !== undefined && domains[domain]) return domains[domain];
  if (numbers !== "logits") return finite;
  // A class at −inf is left out of a softmax; a binary logit of ±inf is a sure answer.
  if (isRow) return each("rowLogits", "a number, or -inf for a class left out", isBelowInfinity);
  return each("number", "a number", (x) => !Number.isNaN(x));
}

const signCheck = (binary: boolean, ignored: unknown): CellCheck =>
  binary
    ? each("binarySign", "a target 0 or 1", (t) => t === 0 || t === 1 || t === ignored)
    : each("sign", "a target -1 or +1", (t) => t === -1 || t === 1 || t === ignored);

/** What a row's weight must be. */
export const weightCheck: CellCheck = each(
  "weight",
  "a finite weight >= 0",
  (w) => w >= 0 && isBelowInfinity(w),
);
