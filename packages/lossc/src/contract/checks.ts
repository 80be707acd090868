// Checks of values: one row for each thing a number must be, and the sentence that says where it is not.

import { LossError } from "../errors.ts";
import { type Gap, type Phrase, phrase, wordsOf } from "../phrase.ts";
import * as quick from "./quick.ts";
import type { FullInput } from "./spec.ts";
import { type Given, placeIn } from "./tensors.ts";
import type { Domain } from "./types.ts";

export interface CheckContext {
  readonly loss: string;
  readonly input: string;
  readonly shape: readonly number[];
  /** Whether the sample at this flat place counts; what is masked out is not checked. */
  readonly counts: (sample: number) => boolean;
  readonly params: Readonly<Record<string, unknown>>;
  readonly ignoreIndex?: number | undefined;
}

const OFF = "Set validate: false to skip this check.";
const nothing = phrase``;
/** Sums of float32 and float16 probabilities are this far from 1. */
const SUM_TOLERANCE = 1e-3;

/** A flat place as indices and in words: "row 12" for one axis, "[3, 0]" for more. */
export function whereIn(shape: readonly number[], flat: number): { at: number[]; words: Gap } {
  const at = placeIn(shape, flat);
  return {
    at,
    words:
      at.length === 1
        ? phrase`row ${at[0]}`
        : at.length === 0
          ? phrase`its only place`
          : `[${at.join(", ")}]`,
  };
}

/** What is wrong, after the input's name, at a place in words. */
type Fault = (at: Gap) => Phrase;

function fail(
  context: CheckContext,
  code: "label-out-of-range" | "value-out-of-range",
  shape: readonly number[],
  flat: number,
  fault: Fault,
  remedy: Phrase,
  off: string,
): never {
  const { at, words } = whereIn(shape, flat);
  const message = phrase`"${context.input}" ${fault(phrase`at ${words}`)}`;
  throw new LossError(code, message, {
    loss: context.loss,
    input: context.input,
    at,
    note: `${wordsOf(remedy)} ${off}`.trim(),
    phrases: { message, remedy },
  });
}

type Check = (data: ArrayLike<number>, context: CheckContext) => void;

/** A check that is made where a quick look did not find that all is well. */
const unless =
  (isWell: (data: ArrayLike<number>, context: CheckContext) => boolean, check: Check): Check =>
  (data, context) => {
    if (!isWell(data, context)) check(data, context);
  };

/** Every number by itself; NaN passes where `good` is written as a negation: it comes out as NaN. */
const each =
  (good: (x: number, context: CheckContext) => boolean, expected: Gap, remedy = nothing, off = OFF): Check =>
  (data, context) => {
    for (let i = 0; i < data.length; i++) {
      if (!good(data[i], context) && data[i] !== context.ignoreIndex && context.counts(i)) {
        fail(
          context,
          "value-out-of-range",
          context.shape,
          i,
          (at) => phrase`is ${data[i]} ${at}; it must be ${expected}.`,
          remedy,
          off,
        );
      }
    }
  };

/** Every row along the last axis; `fault` says what is wrong with it. */
const rows =
  (
    fault: (row: readonly number[], params: CheckContext["params"]) => Fault | undefined,
    remedy = nothing,
  ): Check =>
  (data, context) => {
    const width = context.shape.at(-1)!;
    const row = new Array<number>(width);
    for (let i = 0; width > 0 && i * width < data.length; i++) {
      for (let j = 0; j < width; j++) row[j] = data[i * width + j];
      const wrong = fault(row, context.params);
      if (wrong && context.counts(i))
        fail(context, "value-out-of-range", context.shape.slice(0, -1), i, wrong, remedy, OFF);
    }
  };

const distribution = unless(
  (data, { shape }) => quick.sumToOne(shape.at(-1)!, SUM_TOLERANCE)(data),
  rows((row) => {
    let sum = 0;
    for (const p of row) {
      if (p < 0) return (at) => phrase`has the probability ${p} ${at}; probabilities are >= 0.`;
      sum += p;
    }
    if (Math.abs(sum - 1) > SUM_TOLERANCE)
      return (at) => phrase`sums to ${sum} ${at}; a row of probabilities sums to 1.`;
    return undefined;
  }, phrase`Divide each row by its sum.`),
);

const sizes = ([, , w, h]: readonly number[]): Fault | undefined =>
  w < 0 || h < 0 ? (at) => phrase`has width ${w} and height ${h} ${at}; they must be >= 0.` : undefined;
const boxSides: Record<string, (row: readonly number[]) => Fault | undefined> = {
  xyxy: ([x1, y1, x2, y2]) =>
    x2 < x1
      ? (at) => phrase`has ${`x2 = ${x2} < x1 = ${x1}`} ${at}.`
      : y2 < y1
        ? (at) => phrase`has ${`y2 = ${y2} < y1 = ${y1}`} ${at}.`
        : undefined,
  xywh: sizes,
  cxcywh: sizes,
};

const domains: { readonly [K in Domain]: Check } = {
  probability: unless(
    quick.between(0, 1),
    each(
      (p) => !(p < 0 || p > 1),
      phrase`a probability in [0, 1]`,
      phrase`If these are logits, take the loss with logits.`,
    ),
  ),
  positive: unless(
    quick.above(0),
    each((x) => !(x <= 0), "> 0"),
  ),
  nonNegative: unless(
    quick.between(0, Number.POSITIVE_INFINITY),
    each((x) => !(x < 0), ">= 0"),
  ),
  nonZero: each((x) => x !== 0, phrase`other than 0`),
  mask: unless(
    quick.either(0, 1),
    each((x) => x === 0 || x === 1 || Number.isNaN(x), phrase`0 or 1`),
  ),
  aboveMinusOne: unless(
    quick.above(-1),
    each((x) => !(x <= -1), "> -1"),
  ),
  distribution,
  logDistribution: unless(
    quick.between(Number.NEGATIVE_INFINITY, SUM_TOLERANCE),
    rows((row) => {
      const p = row.find((x) => x > SUM_TOLERANCE);
      return p === undefined
        ? undefined
        : (at) => phrase`has the log-probability ${p} ${at}; log-probabilities are <= 0.`;
    }),
  ),
  box: unless(
    (data, { params }) => quick.boxes(params.format === "xyxy")(data),
    rows(
      (row, params) => boxSides[String(params.format)]?.(row),
      phrase`Order the corners or set the option "format" ("xyxy", "xywh", "cxcywh").`,
    ),
  ),
};

/** Labels: whole numbers, below the number of classes where they count along an axis. */
function checkLabels(
  data: ArrayLike<number>,
  context: CheckContext,
  spec: FullInput,
  classes: number | undefined,
): void {
  const low = spec.none ? -1 : classes === undefined ? Number.NEGATIVE_INFINITY : 0;
  if (quick.whole(low, classes ?? Number.POSITIVE_INFINITY)(data)) return;
  for (let i = 0; i < data.length; i++) {
    const label = data[i];
    const fits = Number.isInteger(label) && label >= low && (classes === undefined || label < classes);
    if (fits || label === context.ignoreIndex || !context.counts(i)) continue;
    if (!Number.isInteger(label)) {
      fail(
        context,
        "label-out-of-range",
        context.shape,
        i,
        (at) => phrase`is ${label} ${at}; labels are whole numbers.`,
        spec.kind === "classes" ? phrase`Give class indices, or probabilities with one more axis.` : nothing,
        "",
      );
    }
    const note =
      label === classes
        ? phrase`Labels count from 0 to ${classes! - 1}; subtract 1 if yours count from 1.`
        : phrase`Labels count from ${low} to ${classes! - 1}; the option "ignoreIndex" drops a label.`;
    fail(
      context,
      "label-out-of-range",
      context.shape,
      i,
      (at) => phrase`has label ${label} ${at}, but there are ${classes!} classes.`,
      note,
      "",
    );
  }
}

const signs = {
  sign: unless(
    quick.either(-1, 1),
    each(
      (y) => !(y !== -1 && y !== 1 && !Number.isNaN(y)),
      phrase`-1 or +1`,
      phrase`For targets 0 and 1 set encoding: "binary".`,
      "",
    ),
  ),
  binary: unless(
    quick.either(0, 1),
    each(
      (y) => !(y !== 0 && y !== 1 && !Number.isNaN(y)),
      phrase`0 or 1`,
      phrase`For targets -1 and +1 set encoding: "sign".`,
      "",
    ),
  ),
};

/** Throws at the first value of an input that its kind or domain does not allow. */
export function checkValues(
  spec: FullInput,
  given: Given,
  form: "index" | "distribution" | undefined,
  classes: number | undefined,
  encoding: "sign" | "binary",
  context: CheckContext,
): void {
  const { data } = given;
  if (spec.kind === "index" || (spec.kind === "classes" && form === "index"))
    checkLabels(data, context, spec, classes);
  if (spec.kind === "classes" && form === "distribution") distribution(data, context);
  if (spec.kind === "binary") domains.probability(data, context);
  if (spec.kind === "sign") signs[encoding](data, context);
  const domain = typeof spec.domain === "function" ? spec.domain(context.params) : spec.domain;
  if (domain) domains[domain](data, context);
}

/** Weights: finite and >= 0. */
export const checkWeight: Check = unless(
  quick.finiteFromZero,
  each((w) => w >= 0 && w < Number.POSITIVE_INFINITY, phrase`a finite weight >= 0`, nothing, ""),
);
