// What is read off the features: their classes' middles, how tight and how far apart they are, and how many are right.

import { CLASSES } from "./digits.ts";
import { logit } from "./heads.ts";

export interface Measures {
  /** Two numbers per class. */
  readonly centres: Float64Array;
  /** The variance within classes as a share of the whole. */
  readonly scatter: number;
  /** Degrees between the directions of a class's middle and of the nearest other, averaged over classes. */
  readonly angle: number;
  /** The share of samples whose class direction, or middle where there is none, is the right one. */
  readonly accuracy: number;
}

export function measure(
  features: ArrayLike<number>,
  labels: ArrayLike<number>,
  weights: ArrayLike<number> | undefined,
): Measures {
  const count = labels.length;
  const centres = middles(features, labels);
  const whole = [0, 1].map((k) => mean(count, (i) => features[2 * i + k]));
  const within = mean(count, (i) => squared(features, i, centres, labels[i]));
  const total = mean(count, (i) => squared(features, i, whole, 0));
  const right = mean(count, (i) => +(nearest(features, i, centres, weights) === labels[i]));
  return {
    centres,
    scatter: total === 0 ? 0 : within / total,
    angle: nearestAngle(centres),
    accuracy: right,
  };
}

function middles(features: ArrayLike<number>, labels: ArrayLike<number>): Float64Array {
  const [sums, members] = [new Float64Array(2 * CLASSES), new Float64Array(CLASSES)];
  for (let i = 0; i < labels.length; i++) {
    members[labels[i]] += 1;
    for (let k = 0; k < 2; k++) sums[2 * labels[i] + k] += features[2 * i + k];
  }
  return sums.map((sum, place) => sum / members[place >> 1]);
}

/** The class that a feature is closest to: by product with its direction, else by distance from its middle. */
export function nearest(
  features: ArrayLike<number>,
  i: number,
  centres: ArrayLike<number>,
  weights: ArrayLike<number> | undefined,
): number {
  const closeness = (c: number) =>
    weights ? logit(features, i, weights, c) : -squared(features, i, centres, c);
  let best = 0;
  for (let c = 1; c < CLASSES; c++) if (closeness(c) > closeness(best)) best = c;
  return best;
}

function nearestAngle(centres: Float64Array): number {
  const angles = Array.from({ length: CLASSES }, (_, c) => Math.atan2(centres[2 * c + 1], centres[2 * c]));
  const between = (a: number, b: number) => Math.abs(Math.atan2(Math.sin(a - b), Math.cos(a - b)));
  const gaps = angles.map((a, c) => Math.min(...angles.filter((_, d) => d !== c).map((b) => between(a, b))));
  return (mean(CLASSES, (c) => gaps[c]) * 180) / Math.PI;
}

const squared = (a: ArrayLike<number>, i: number, b: ArrayLike<number>, j: number): number =>
  (a[2 * i] - b[2 * j]) ** 2 + (a[2 * i + 1] - b[2 * j + 1]) ** 2;

function mean(count: number, at: (i: number) => number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += at(i);
  return sum / count;
}
