// Constant predictions as free numbers: what a prediction must be (a probability, a distribution, a box) is built in, so
// that a search may take any step.

import type { PlannedInput } from "../plan.ts";

export interface Space {
  /** How many free numbers. */
  readonly size: number;
  /** The prediction. */
  at(free: Float64Array): Float64Array;
  /** The slope by the free numbers, from the one by the prediction. */
  pull(free: Float64Array, slope: Float64Array): Float64Array;
  /** The free numbers of a prediction. */
  from(prediction: Float64Array): Float64Array;
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
/** Farther out a probability is 0 or 1 in every digit that counts. */
const FARTHEST = 36;
const within = (x: number): number => Math.min(FARTHEST, Math.max(-FARTHEST, x));

interface Elementwise {
  readonly at: (u: number) => number;
  /** Its slope. */
  readonly slope: (u: number) => number;
  readonly from: (x: number) => number;
}

const elementwise = ({ at, slope, from }: Elementwise, size: number): Space => ({
  size,
  at: (free) => free.map(at),
  pull: (free, by) => by.map((g, i) => g * slope(free[i])),
  from: (prediction) => prediction.map(from),
});

const identity: Elementwise = { at: (u) => u, slope: () => 1, from: (x) => x };
const positive: Elementwise = { at: Math.exp, slope: Math.exp, from: (x) => Math.log(Math.max(x, 1e-12)) };

/** By what the numbers of an input must be; any number where nothing is said. */
const domains: Readonly<
  Record<string, (size: number, parameters: Readonly<Record<string, unknown>>) => Space>
> = {
  probability: (size) =>
    elementwise(
      {
        at: (u) => sigmoid(within(u)),
        slope: (u) => sigmoid(within(u)) * sigmoid(-within(u)),
        from: (p) => within(Math.log(p) - Math.log1p(-p)),
      },
      size,
    ),
  positive: (size) => elementwise(positive, size),
  nonNegative: (size) => elementwise(positive, size),
  aboveMinusOne: (size) =>
    elementwise({ at: Math.expm1, slope: Math.exp, from: (x) => Math.log1p(Math.max(x, -1 + 1e-12)) }, size),
  distribution: (size) => ({
    size,
    at: softmax,
    pull(free, by) {
      const p = softmax(free);
      const mean = p.reduce((sum, share, i) => sum + share * by[i], 0);
      return p.map((share, i) => share * (by[i] - mean));
    },
    from: (p) => p.map((share) => Math.log(Math.max(share, 1e-12))),
  }),
  logDistribution: (size) => ({
    size,
    at: (free) => softmax(free).map((share) => Math.log(Math.max(share, Number.MIN_VALUE))),
    pull(free, by) {
      const p = softmax(free);
      const total = by.reduce((sum, g) => sum + g, 0);
      return by.map((g, i) => g - p[i] * total);
    },
    from: (logs) => logs,
  }),
  box: (_, { format }) => (format === "xyxy" || format === undefined ? corners : elementwiseSizes),
};

function softmax(free: Float64Array): Float64Array {
  const largest = Math.max(...free);
  const powers = free.map((u) => Math.exp(u - largest));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}

/** x1 y1 x2 y2: a corner, and the sizes as what they are e to. */
const corners: Space = {
  size: 4,
  at: ([x, y, w, h]) => Float64Array.of(x, y, x + Math.exp(w), y + Math.exp(h)),
  pull: ([, , w, h], [x1, y1, x2, y2]) =>
    Float64Array.of(x1 + x2, y1 + y2, x2 * Math.exp(w), y2 * Math.exp(h)),
  from: ([x1, y1, x2, y2]) =>
    Float64Array.of(x1, y1, Math.log(Math.max(x2 - x1, 1e-9)), Math.log(Math.max(y2 - y1, 1e-9))),
};

/** Two places, and a width and a height. */
const elementwiseSizes: Space = {
  size: 4,
  at: ([x, y, w, h]) => Float64Array.of(x, y, Math.exp(w), Math.exp(h)),
  pull: ([, , w, h], [gx, gy, gw, gh]) => Float64Array.of(gx, gy, gw * Math.exp(w), gh * Math.exp(h)),
  from: ([x, y, w, h]) => Float64Array.of(x, y, Math.log(Math.max(w, 1e-9)), Math.log(Math.max(h, 1e-9))),
};

export function spaceOf(
  { wanted, matrix }: PlannedInput,
  parameters: Readonly<Record<string, unknown>>,
): Space {
  const make = domains[wanted.domain ?? ""];
  return make ? make(matrix.width, parameters) : elementwise(identity, matrix.width);
}
