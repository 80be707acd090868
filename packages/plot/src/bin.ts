// Counts numbers into bins that several series share.

import type { Counts, Histogram } from "./histogram.ts";
import { isShown } from "./range.ts";
import { apart, type Range, type ScaleKind } from "./scale.ts";

export interface BinOptions {
  /** How many bins. Default 40. */
  readonly bins?: number;
  /** Default "auto": logarithmic where all values are above 0 and spread over more than three powers of ten. */
  readonly scale?: ScaleKind | "auto";
}

/** Counts each series' values into the same bins. Infinite and missing values, and on a logarithmic scale those that
 * are not above 0, are counted in `left`; the mean is over the finite values. */
export function bin(
  series: readonly { readonly label: string; readonly values: ArrayLike<number> }[],
  { bins = 40, scale = "auto" }: BinOptions = {},
): Histogram {
  const found = extent(series.map(({ values }) => values));
  const kind = scale === "auto" ? scaleFor(found) : scale;
  const [low, high] =
    kind === "log" ? logRange(found) : apart(found.count === 0 ? [0, 1] : [found.low, found.high]);
  const edges = Array.from({ length: bins + 1 }, (_, i) => between(kind, [low, high], i / bins));
  return { scale: kind, edges, series: series.map((one) => count(one, edges, kind)) };
}

interface Extent {
  readonly low: number;
  readonly high: number;
  readonly leastPositive: number;
  readonly count: number;
}

function extent(all: readonly ArrayLike<number>[]): Extent {
  let [low, high, leastPositive, count] = [
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Number.POSITIVE_INFINITY,
    0,
  ];
  for (const values of all) {
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      if (!isShown(value)) continue;
      count += 1;
      if (value < low) low = value;
      if (value > high) high = value;
      if (value > 0 && value < leastPositive) leastPositive = value;
    }
  }
  return { low, high, leastPositive, count };
}

const scaleFor = ({ low, high, count }: Extent): ScaleKind =>
  count > 0 && low > 0 && high / low > 1000 ? "log" : "linear";

const logRange = ({ leastPositive, high }: Extent): Range =>
  high > 0 ? [leastPositive, high > leastPositive ? high : leastPositive * 10] : [0.1, 1];

/** The value at a share of the way; the ends exactly. */
function between(kind: ScaleKind, [low, high]: Range, share: number): number {
  if (share === 0) return low;
  if (share === 1) return high;
  return kind === "log" ? low * (high / low) ** share : low + (high - low) * share;
}

function count(
  { label, values }: { readonly label: string; readonly values: ArrayLike<number> },
  edges: readonly number[],
  kind: ScaleKind,
): Counts {
  const bins = edges.length - 1;
  const counts = new Array<number>(bins).fill(0);
  const [low, high] = [edges[0], edges[bins]];
  const place =
    kind === "log"
      ? (x: number) => Math.log(x / low) / Math.log(high / low)
      : (x: number) => (x - low) / (high - low);
  let [left, sum, finite] = [0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (isShown(value)) {
      sum += value;
      finite += 1;
    }
    if (!(value >= low && value <= high)) left += 1;
    else counts[Math.min(bins - 1, Math.floor(place(value) * bins))] += 1;
  }
  return { label, counts, left, ...(finite > 0 && { mean: sum / finite }) };
}
