// What is known of a value before it runs: its range, and whether it may be NaN. Cheaper functions follow from it.

import type { ElementwiseName } from "./lower/opNames.ts";

/** Of the numbers in an engine's arrays. */
export type Precision = "float32" | "float64";

export interface Range {
  readonly low: number;
  readonly high: number;
  readonly mayBeNaN: boolean;
  /** NaN only where an input is NaN: arithmetic makes none. */
  readonly onlyGiven?: boolean;
  /** Of what arithmetic makes: the value whose NaN it is, by its number. Made or not, both are one together. */
  readonly nanOf?: number;
}

const INFINITY = Number.POSITIVE_INFINITY;
export const anything: Range = { low: -INFINITY, high: INFINITY, mayBeNaN: true };
export const truth: Range = { low: 0, high: 1, mayBeNaN: false };
export const exactly = (value: number): Range => ({ low: value, high: value, mayBeNaN: Number.isNaN(value) });
/** Whether arithmetic may have made a NaN of numbers. */
export const makesNaN = ({ mayBeNaN, onlyGiven }: Range): boolean => mayBeNaN && !onlyGiven;

/** Parameters up to this size are told apart from larger ones: products of several stay finite. */
const MODERATE = 2 ** 16;

/** What kernels may know of a parameter: its sign and that it is no extreme number, not its value. */
export function parameterRange(value: number): Range {
  if (!(Math.abs(value) <= MODERATE)) return { ...anything, mayBeNaN: Number.isNaN(value) };
  if (value >= 1 / MODERATE) return within(1 / MODERATE, MODERATE, never);
  return value >= 0 ? within(0, MODERATE, never) : within(-MODERATE, MODERATE, never);
}

type Rule = (a: Range, b: Range, c: Range) => Range;

type NaNs = Pick<Range, "mayBeNaN" | "onlyGiven">;
const never: NaNs = { mayBeNaN: false };
const made: NaNs = { mayBeNaN: true };
const given: NaNs = { mayBeNaN: true, onlyGiven: true };
function worst(a: Range, b?: Range): NaNs {
  if (makesNaN(a) || (b && makesNaN(b))) return made;
  return a.mayBeNaN || b?.mayBeNaN ? given : never;
}
const within = (low: number, high: number, { mayBeNaN, onlyGiven }: NaNs): Range => ({
  low,
  high,
  mayBeNaN,
  onlyGiven: onlyGiven === true,
});
export const isBounded = ({ low, high }: Range): boolean => low > -INFINITY && high < INFINITY;

/** For ops that rise with their argument. */
const rising =
  (f: (x: number) => number): Rule =>
  (a) =>
    within(f(a.low), f(a.high), a);
const bounded =
  (low: number, high: number): Rule =>
  (a, b) =>
    within(low, high, worst(a, b));

/** The range of an operation that is monotone in both arguments, from what it gives for their four ends. */
function hull(p: number, q: number, r: number, s: number, nans: NaNs): Range {
  const low = Math.min(p, q, r, s);
  return Number.isNaN(low) ? anything : within(low, Math.max(p, q, r, s), nans);
}
/** Whether 0 is among the numbers. */
export const hasZero = ({ low, high }: Range): boolean => low <= 0 && high >= 0;
/** 0 · ∞ is the only NaN that a product makes. */
const product: Rule = (a, b) => {
  const isMade = (hasZero(a) && !isBounded(b)) || (hasZero(b) && !isBounded(a));
  return hull(
    a.low * b.low || 0,
    a.low * b.high || 0,
    a.high * b.low || 0,
    a.high * b.high || 0,
    isMade ? made : worst(a, b),
  );
};

/** The range of a + x, for x from `low` to `high`. ∞ − ∞ is the only NaN that a sum makes. */
function sum(a: Range, low: number, high: number, x: Range): Range {
  const opposed = (a.high === INFINITY && low === -INFINITY) || (a.low === -INFINITY && high === INFINITY);
  return within(
    a.low === -INFINITY || low === -INFINITY ? -INFINITY : a.low + low,
    a.high === INFINITY || high === INFINITY ? INFINITY : a.high + high,
    opposed ? made : worst(a, x),
  );
}

const rules: { readonly [K in ElementwiseName]?: Rule } = {
  neg: (a) => within(-a.high, -a.low, a),
  abs: (a) =>
    within(
      a.low <= 0 && a.high >= 0 ? 0 : Math.min(Math.abs(a.low), Math.abs(a.high)),
      Math.max(Math.abs(a.low), Math.abs(a.high)),
      a,
    ),
  relu: rising((x) => Math.max(x, 0)),
  square: (a) =>
    within(hasZero(a) ? 0 : Math.min(a.low ** 2, a.high ** 2), Math.max(a.low ** 2, a.high ** 2), a),
  exp: (a) => within(0, a.high <= 0 ? 1 : INFINITY, a),
  expm1: (a) => within(-1, a.high <= 0 ? 0 : INFINITY, a),
  log1p: (a) =>
    a.low >= -0.5
      ? within(1.01 * Math.log1p(Math.min(a.low, 0)), 1.01 * Math.log1p(Math.max(a.high, 0)), a)
      : anything,
  softplus: (a) => within(0, INFINITY, a),
  sigmoid: bounded(0, 1),
  tanh: bounded(-1, 1),
  sign: bounded(-1, 1),
  step: bounded(0, 1),
  above: bounded(0, 1),
  gap: (a, b) => within(-INFINITY, 0, a.low === -INFINITY ? made : worst(a, b)),
  log: (a) => (a.low > 0 ? within(Math.log(a.low) - 1e-6, Math.log(a.high) + 1e-6, a) : anything),
  geometric: (a, b) =>
    a.low >= 0 && a.high <= 1 && b.low > 0
      ? within(Math.min(1, b.low), Math.max(1, b.high), worst(a, b))
      : anything,
  // A base from 0 to 1 stays there; JavaScript's power of NaN to the 0 is 1.
  pow: (a, b) =>
    a.low >= 0 && b.low >= 0 && !b.mayBeNaN ? within(0, a.high <= 1 ? 1 : INFINITY, a) : anything,
  add: (a, b) => sum(a, b.low, b.high, b),
  sub: (a, b) => sum(a, -b.high, -b.low, b),
  mul: product,
  weigh: product,
  div: (a, b) =>
    isBounded(a) && isBounded(b) && (b.low > 0 || b.high < 0)
      ? hull(a.low / b.low, a.low / b.high, a.high / b.low, a.high / b.high, worst(a, b))
      : anything,
  min: (a, b) => within(Math.min(a.low, b.low), Math.min(a.high, b.high), worst(a, b)),
  max: (a, b) => within(Math.max(a.low, b.low), Math.max(a.high, b.high), worst(a, b)),
  where: (_, a, b) => within(Math.min(a.low, b.low), Math.max(a.high, b.high), worst(a, b)),
};

/** The range of what an op gives, rounded as its numbers are: bounds hold for rounded results, for rounding keeps order. */
export function rangeOf(
  op: ElementwiseName,
  args: readonly Range[],
  precision: Precision = "float64",
): Range {
  return rounded(rules[op]?.(args[0], args[1], args[2]) ?? anything, precision);
}

/** Ops that give NaN for each NaN they are given. */
const passOn: ReadonlySet<ElementwiseName> = new Set([
  ...(["neg", "abs", "relu", "square", "exp", "expm1", "log1p", "softplus", "sigmoid", "tanh"] as const),
  ...(["add", "sub", "mul", "div", "min", "max"] as const),
]);

/** The range of a computed value, and whose NaN it may be: its own, or that of the one value that it has it from. */
export function computedRange(
  id: number,
  op: ElementwiseName,
  args: readonly Range[],
  precision: Precision,
): Range {
  const range = rangeOf(op, args, precision);
  if (!makesNaN(range)) return range;
  const { low, high } = range;
  const nanOf = passedOn(op, args, precision) ?? id;
  return { low, high, mayBeNaN: true, onlyGiven: false, nanOf };
}

/** The one value whose NaN all those are that arguments may be, where an op passes that on and makes none. */
function passedOn(op: ElementwiseName, args: readonly Range[], precision: Precision): number | undefined {
  if (!passOn.has(op)) return undefined;
  let only: number | undefined;
  for (const arg of args) {
    if (!makesNaN(arg)) continue;
    if (arg.nanOf === undefined || (only !== undefined && arg.nanOf !== only)) return undefined;
    only = arg.nanOf;
  }
  if (only === undefined) return undefined;
  const numbers = args.map(({ low, high }) => within(low, high, never));
  return makesNaN(rangeOf(op, numbers, precision)) ? undefined : only;
}

/** A range in a precision: beyond its largest number is ∞, and below its smallest 0. */
export function rounded(range: Range, precision: Precision): Range {
  if (Number.isNaN(range.low) || Number.isNaN(range.high)) return anything;
  if (precision === "float64") return range;
  const low = Math.fround(range.low);
  const high = Math.fround(range.high);
  if (low === range.low && high === range.high && range.nanOf === undefined) return range;
  return within(low, high, range);
}
