// Whether a mean of paired differences is real: a bootstrap interval and a sign-flip test, from a seed.

import { numbers as randomFrom } from "../random.ts";

export interface Pairs {
  /** w·(loss of B − loss of A) of each row. */
  readonly differences: Float64Array;
  /** w of each row. */
  readonly weights: Float64Array;
}

export interface Settings {
  readonly confidence: number;
  readonly resamples: number;
  readonly seed: number;
}

export interface Comparison {
  /** Σ differences / Σ weights. */
  readonly difference: number;
  readonly interval: readonly [number, number];
  readonly p: number;
  /** How interval and p were had. */
  readonly method: "exact" | "resampled" | "normal";
}

/** Above this resampling takes seconds, and the mean of so many rows is normally distributed. */
const MOST_RESAMPLED = 50_000;

const sum = (values: ArrayLike<number>): number => {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i];
  return total;
};

export function comparePairs(pairs: Pairs, settings: Settings): Comparison {
  const { differences, weights } = pairs;
  const difference = sum(differences) / sum(weights);
  if (differences.length > MOST_RESAMPLED) return { difference, ...byNormal(pairs, difference, settings) };
  const interval = bootstrap(pairs, settings);
  // With few rows all patterns of signs can be gone through: the test is then exact.
  const exact = 2 ** differences.length <= settings.resamples;
  const p = exact ? allSignFlips(differences) : randomSignFlips(differences, settings);
  return { difference, interval, p, method: exact ? "exact" : "resampled" };
}

/** The percentile interval (Efron 1979): rows are drawn with replacement, each time as many as there are. */
function bootstrap(
  { differences, weights }: Pairs,
  { confidence, resamples, seed }: Settings,
): readonly [number, number] {
  const random = randomFrom(seed);
  const count = differences.length;
  const means = new Float64Array(resamples);
  for (let k = 0; k < resamples; k++) {
    let [total, weight] = [0, 0];
    for (let i = 0; i < count; i++) {
      const row = Math.floor(random() * count);
      total += differences[row];
      weight += weights[row];
    }
    means[k] = weight === 0 ? 0 : total / weight;
  }
  means.sort();
  const tail = (1 - confidence) / 2;
  return [quantile(means, tail), quantile(means, 1 - tail)];
}

/** Linear between order statistics. */
function quantile(sorted: Float64Array, q: number): number {
  const at = q * (sorted.length - 1);
  const below = Math.floor(at);
  const next = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (at - below) * (sorted[next] - sorted[below]);
}

/** Sums that differ by less are the same sum in another order. */
const SLACK = 1e-12;

/** p of a sum among sums: twice the smaller tail, as in the permutation tests of SciPy. */
function twoSided(atMost: number, atLeast: number, among: number): number {
  return Math.min(1, (2 * Math.min(atMost, atLeast)) / among);
}

/** All 2ⁿ patterns of signs. */
function allSignFlips(differences: Float64Array): number {
  const observed = sum(differences);
  const slack = SLACK * sum(differences.map(Math.abs));
  const patterns = 2 ** differences.length;
  let [atMost, atLeast] = [0, 0];
  for (let pattern = 0; pattern < patterns; pattern++) {
    let total = 0;
    for (let i = 0; i < differences.length; i++)
      total += (pattern >> i) & 1 ? -differences[i] : differences[i];
    if (total <= observed + slack) atMost += 1;
    if (total >= observed - slack) atLeast += 1;
  }
  return twoSided(atMost, atLeast, patterns);
}

/** Random patterns; what was observed counts as one of them, so that p is never 0 (Phipson & Smyth 2010). */
function randomSignFlips(differences: Float64Array, { resamples, seed }: Settings): number {
  const random = randomFrom(seed + 0x9e3779b9);
  const observed = sum(differences);
  const slack = SLACK * sum(differences.map(Math.abs));
  let [atMost, atLeast] = [0, 0];
  for (let k = 0; k < resamples; k++) {
    let total = 0;
    for (let i = 0, bits = 0; i < differences.length; i++) {
      if (i % 30 === 0) bits = Math.floor(random() * 2 ** 30);
      total += bits & 1 ? -differences[i] : differences[i];
      bits >>= 1;
    }
    if (total <= observed + slack) atMost += 1;
    if (total >= observed - slack) atLeast += 1;
  }
  return twoSided(atMost + 1, atLeast + 1, resamples + 1);
}

function byNormal(
  { differences, weights }: Pairs,
  difference: number,
  { confidence }: Settings,
): Pick<Comparison, "interval" | "p" | "method"> {
  const weight = sum(weights);
  let [residual, square] = [0, 0];
  for (let i = 0; i < differences.length; i++) {
    residual += (differences[i] - difference * weights[i]) ** 2;
    square += differences[i] ** 2;
  }
  const half = inverseNormal(0.5 + confidence / 2) * (Math.sqrt(residual) / weight);
  // Under random signs the sum has mean 0 and variance Σd².
  const z = square === 0 ? 0 : Math.abs(difference * weight) / Math.sqrt(square);
  return { interval: [difference - half, difference + half], p: 2 * upperTail(z), method: "normal" };
}

/** P(Z > z) of the standard normal, z ≥ 0: Abramowitz & Stegun 26.2.17 and, in the tail, its continued fraction. */
export function upperTail(z: number): number {
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  if (z > 3) {
    let fraction = z;
    for (let k = 60; k >= 1; k--) fraction = z + k / fraction;
    return density / fraction;
  }
  const t = 1 / (1 + 0.2316419 * z);
  return (
    density * t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  );
}

/** The z below which a standard normal lies with probability p ≥ ½, by bisection. */
export function inverseNormal(p: number): number {
  let [low, high] = [0, 40];
  for (let k = 0; k < 80; k++) {
    const middle = (low + high) / 2;
    if (1 - upperTail(middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
