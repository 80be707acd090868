// What is known of a value before it runs: its range, and whether it may be NaN. Cheaper functions follow from it.

import type { ElementwiseName } from "../../passes/lower/opNames.ts";

export interface Range {
  readonly low: number;
  readonly high: number;
  readonly mayBeNaN: boolean;
}

const INFINITY = Number.POSITIVE_INFINITY;
export const anything: Range = { low: -INFINITY, high: INFINITY, mayBeNaN: true };
export const exactly = (value: number): Range => ({ low: value, high: value, mayBeNaN: Number.isNaN(value) });

const within = (low: number, high: number, mayBeNaN: boolean): Range => ({ low, high, mayBeNaN });
type Rule = (a: Range, b: Range, c: Range) => Range;

/** For ops that rise with their argument. */
const rising =
  (f: (x: number) => number): Rule =>
  (a) =>
    within(f(a.low), f(a.high), a.mayBeNaN);
const bounded =
  (low: number, high: number): Rule =>
  (a, b) =>
    within(low, high, a.mayBeNaN || (b?.mayBeNaN ?? false));
const isBounded = ({ low, high }: Range): boolean => low > -INFINITY && high < INFINITY;
const hull = (numbers: readonly number[], mayBeNaN: boolean): Range =>
  numbers.some(Number.isNaN) ? anything : within(Math.min(...numbers), Math.max(...numbers), mayBeNaN);

/** Bounds hold for rounded results too: rounding keeps order. */
const rules: { readonly [K in ElementwiseName]?: Rule } = {
  neg: (a) => within(-a.high, -a.low, a.mayBeNaN),
  abs: (a) =>
    within(
      a.low <= 0 && a.high >= 0 ? 0 : Math.min(Math.abs(a.low), Math.abs(a.high)),
      Math.max(Math.abs(a.low), Math.abs(a.high)),
      a.mayBeNaN,
    ),
  relu: rising((x) => Math.max(x, 0)),
  square: (a) => within(0, Math.max(a.low ** 2, a.high ** 2), a.mayBeNaN),
  exp: (a) => within(0, a.high <= 0 ? 1 : INFINITY, a.mayBeNaN),
  expm1: (a) => within(-1, a.high <= 0 ? 0 : INFINITY, a.mayBeNaN),
  softplus: (a) => within(0, INFINITY, a.mayBeNaN),
  sigmoid: bounded(0, 1),
  tanh: bounded(-1, 1),
  sign: bounded(-1, 1),
  step: bounded(0, 1),
  above: bounded(0, 1),
  gap: (a, b) => within(-INFINITY, 0, a.mayBeNaN || b.mayBeNaN || a.low === -INFINITY),
  add: (a, b) =>
    within(
      a.low + b.low || 0,
      a.high + b.high || 0,
      a.mayBeNaN || b.mayBeNaN || !(isBounded(a) || isBounded(b)),
    ),
  sub: (a, b) =>
    isBounded(a) && isBounded(b)
      ? within(a.low - b.high, a.high - b.low, a.mayBeNaN || b.mayBeNaN)
      : anything,
  mul: (a, b) =>
    isBounded(a) && isBounded(b)
      ? hull([a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high], a.mayBeNaN || b.mayBeNaN)
      : anything,
  min: (a, b) => within(Math.min(a.low, b.low), Math.min(a.high, b.high), a.mayBeNaN || b.mayBeNaN),
  max: (a, b) => within(Math.max(a.low, b.low), Math.max(a.high, b.high), a.mayBeNaN || b.mayBeNaN),
  where: (_, a, b) => within(Math.min(a.low, b.low), Math.max(a.high, b.high), a.mayBeNaN || b.mayBeNaN),
};

export function rangeOf(op: ElementwiseName, args: readonly Range[]): Range {
  const [a, b, c] = args;
  const range = rules[op]?.(a, b, c) ?? anything;
  return Number.isNaN(range.low) || Number.isNaN(range.high) ? anything : range;
}
