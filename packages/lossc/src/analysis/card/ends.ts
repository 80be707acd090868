// What value and slope do towards an infinite end of a view: grow, stay at a number from somewhere on, or tend to one.

import type { Point } from "./point.ts";

/** The farthest point towards an infinite end, and one half as many powers of ten away. */
export interface Far {
  readonly end: number;
  readonly near: Point;
  readonly farthest: Point;
}

export interface End {
  /** ±Infinity. */
  readonly end: number;
  readonly slope: Limit;
  readonly value: Limit;
}

export interface Limit {
  /** ±Infinity where it grows without bound. */
  readonly at: number;
  /** Whether it comes ever closer and never gets there; otherwise it is there from somewhere on. */
  readonly tends: boolean;
}

/** Still growing by this factor over the upper half of float64's powers of ten: without bound. */
const GROWING = 1.01;
/** Beside the largest in the view's range this is nothing, and that is little. */
export const NOTHING = 1e-12;
const LITTLE = 1e-6;
/** What is within LITTLE reaches this much nearer than what is within NOTHING, if it tends. */
const NEARER = 0.05;

type Edge = (has: (point: Point) => boolean, yes: number, no: number) => number;

/** What happens towards each end that `far` tells of; `edge` finds where a property of points ends. */
export function endsOf(
  far: readonly Far[],
  points: readonly Point[],
  edge: Edge,
  scales: { readonly slope: number; readonly value: number },
): End[] {
  const limit = ({ end, near, farthest }: Far, which: "slope" | "value"): Limit => {
    if (grows(near[which], farthest[which]))
      return { at: Math.sign(farthest[which]) * Number.POSITIVE_INFINITY, tends: false };
    const at = farthest[which] + 0;
    const from = (share: number) =>
      settledFrom(points, end, edge, (point) => Math.abs(point[which] - at) <= share * scales[which]);
    const [nearly, fully] = [from(LITTLE), from(NOTHING)];
    const tends = Math.abs(nearly - fully) > NEARER * Math.max(1, Math.abs(nearly));
    return { at: tends && Math.abs(at) <= LITTLE * scales[which] ? 0 : at, tends };
  };
  return far.map((one) => ({ end: one.end, slope: limit(one, "slope"), value: limit(one, "value") }));
}

/** Whether a number goes on growing, to either side of 0. */
function grows(near: number, farthest: number): boolean {
  const [before, after] = [Math.abs(near), Math.abs(farthest)];
  return after === Number.POSITIVE_INFINITY || (after > GROWING * before && after > 1);
}

/** The x nearest to the middle from which on, to the end, all points have a property. */
function settledFrom(
  points: readonly Point[],
  end: number,
  edge: Edge,
  has: (point: Point) => boolean,
): number {
  const step = end > 0 ? -1 : 1;
  let i = end > 0 ? points.length - 1 : 0;
  while (points[i + step] && has(points[i + step])) i += step;
  const next = points[i + step];
  return next ? edge(has, points[i].x, next.x) : points[i].x;
}
