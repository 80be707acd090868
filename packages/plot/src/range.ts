// What part of the values a panel shows: all of them, unless one series explodes and would flatten the others.

import type { Range } from "./scale.ts";

/** A single series may reach this many times as far as nine tenths of it. */
const OUTBURST = 4;

export interface RangeOptions {
  /** What is always in it. */
  readonly include?: readonly number[];
  /** A series may reach this many times as far as the middle one before it is cut off. Default 2.5. */
  readonly lead?: number;
}

/** The range of several series, infinite and missing values left out. With nothing to show it is [0, 1]. */
export function valueRange(
  series: readonly ArrayLike<number>[],
  { include = [], lead = 2.5 }: RangeOptions = {},
): Range {
  const finite = series
    .map((values) => Array.from(values).filter(isShown))
    .filter(({ length }) => length > 0);
  const anchor = include.length === 0 ? 0 : Math.min(Math.max(0, Math.min(...include)), Math.max(...include));
  const reach = (distances: readonly (readonly number[])[]) => reachOf(distances, lead);
  const above = reach(
    finite.map((values) => values.filter((value) => value > anchor).map((value) => value - anchor)),
  );
  const below = reach(
    finite.map((values) => values.filter((value) => value < anchor).map((value) => anchor - value)),
  );
  const all = finite.flat();
  const low = Math.min(...include, ...(below > 0 ? [anchor - below] : [smallest(all)]));
  const high = Math.max(...include, ...(above > 0 ? [anchor + above] : [largest(all)]));
  return Number.isFinite(low) && Number.isFinite(high) ? [low, high] : [0, 1];
}

/** What is larger counts as infinite: the width of a range of such numbers would be. */
export const isShown = (value: number): boolean => Math.abs(value) <= 1e300;
const largest = (values: readonly number[]): number =>
  values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
const smallest = (values: readonly number[]): number =>
  values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);

/** How far a panel follows distances ≥ 0 of several series from the anchor. */
function reachOf(distances: readonly (readonly number[])[], lead: number): number {
  const reaches = distances.filter(({ length }) => length > 0).map(reachOfOne);
  if (reaches.length === 0) return 0;
  const sorted = [...reaches].sort((a, b) => a - b);
  const [middle, most] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length - 1]];
  return Math.min(most, lead * middle);
}

function reachOfOne(distances: readonly number[]): number {
  const sorted = [...distances].sort((a, b) => a - b);
  const most = sorted[sorted.length - 1];
  const ordinary = sorted[Math.floor(0.9 * (sorted.length - 1))];
  return most > OUTBURST * ordinary ? OUTBURST * ordinary : most;
}
