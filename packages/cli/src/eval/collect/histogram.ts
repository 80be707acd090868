// The distribution of the losses of the rows, counted exactly into narrow bins while the file is read.

import type { Histogram } from "@lossc/plot";
import type { Plan } from "../plan.ts";
import type { Collector } from "./collector.ts";

export interface Distributions extends Collector {
  /** Undefined where no row has a loss of its own. */
  of(plan: Plan): Distribution | undefined;
}

export interface Distribution {
  readonly count: number;
  readonly smallest: number;
  /** The smallest above 0; infinite where there is none. */
  readonly leastPositive: number;
  readonly largest: number;
  /** The loss that a share of the rows does not exceed, right to 0.4 %. */
  quantile(share: number): number;
  /** Losses in a range, for a picture. */
  between(from: number, to: number): number;
  readonly nonFinite: number;
}

/** A double's sign, exponent and first 8 bits of its fraction: bins are 1/256 of their value wide. */
const BITS = 20;
const SHIFT = 32 - BITS;

export function newDistributions(plans: readonly Plan[]): Distributions {
  const counts = new Map<Plan, Counts>();
  for (const plan of plans) if (plan.rowLosses) counts.set(plan, newCounts());
  return {
    look({ plan, evaluated: { losses } }) {
      if (losses) counts.get(plan)!.add(losses);
    },
    of: (plan) => counts.get(plan)?.distribution(),
  };
}

interface Counts {
  add(losses: Float64Array): void;
  distribution(): Distribution;
}

function newCounts(): Counts {
  // Ordered as the numbers are: negative ones backwards, then 0, then positive ones.
  const bins = new Uint32Array(1 << BITS);
  let [count, nonFinite] = [0, 0];
  let [smallest, leastPositive, largest] = [
    Number.POSITIVE_INFINITY,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ];
  return {
    add(losses) {
      for (const loss of losses) {
        if (!Number.isFinite(loss)) {
          nonFinite += 1;
          continue;
        }
        count += 1;
        smallest = Math.min(smallest, loss);
        largest = Math.max(largest, loss);
        if (loss > 0) leastPositive = Math.min(leastPositive, loss);
        bins[binOf(loss)] += 1;
      }
    },
    distribution: () => ({
      count,
      nonFinite,
      smallest,
      leastPositive,
      largest,
      quantile(share) {
        let left = Math.max(1, Math.ceil(share * count));
        for (let bin = 0; bin < bins.length; bin++) {
          left -= bins[bin];
          if (left <= 0) return Math.min(largest, Math.max(smallest, middleOf(bin)));
        }
        return largest;
      },
      between(from, to) {
        let sum = 0;
        for (let bin = binOf(from); bin <= binOf(to); bin++) {
          const middle = Math.min(largest, Math.max(bin > HALF ? leastPositive : smallest, middleOf(bin)));
          if (bins[bin] > 0 && middle >= from && middle < to) sum += bins[bin];
        }
        return sum;
      },
    }),
  };
}

const words = new Uint32Array(2);
const double = new Float64Array(words.buffer);
const HALF = 1 << (BITS - 1);

function binOf(value: number): number {
  double[0] = value;
  const bits = words[1] >>> SHIFT;
  return bits >= HALF ? 2 * HALF - 1 - bits : bits + HALF;
}

function middleOf(bin: number): number {
  const bits = bin < HALF ? 2 * HALF - 1 - bin : bin - HALF;
  words[1] = (bits << SHIFT) >>> 0;
  words[0] = 0;
  if (double[0] === 0) return 0;
  words[1] = ((bits << SHIFT) | (1 << (SHIFT - 1))) >>> 0;
  return double[0];
}

const BINS = 40;
/** Farther apart than this, losses are drawn on a logarithmic axis. */
const SPREAD = 1e3;

/** Distributions as a picture has them: bins that all share, logarithmic where the losses spread over powers of ten. */
export function histogramOf(
  series: readonly {
    readonly label: string;
    readonly mean: number | null;
    readonly distribution: Distribution;
  }[],
): Histogram | undefined {
  const filled = series.filter(({ distribution }) => distribution.count > 0);
  if (filled.length === 0) return undefined;
  const all = filled.map(({ distribution }) => distribution);
  const low = Math.min(...all.map(({ smallest }) => smallest));
  const high = Math.max(...all.map(({ largest }) => largest));
  const positive = Math.min(...all.map(({ leastPositive }) => leastPositive));
  // A few zeros are told in words; where most rows have none, as under a hinge, they are the picture.
  const log = low >= 0 && high / positive > SPREAD && all.every((one) => one.quantile(0.25) > 0);
  const [from, to] = log ? [positive, high] : high > low ? [low, high] : [low - 0.5, high + 0.5];
  const edges = Array.from({ length: BINS + 1 }, (_, i) =>
    log ? (i === BINS ? to : from * (to / from) ** (i / BINS)) : from + ((to - from) * i) / BINS,
  );
  return {
    scale: log ? "log" : "linear",
    edges,
    series: filled.map(({ label, mean, distribution }) => {
      // The last edge belongs to the last bin.
      const counts = edges
        .slice(1)
        .map((edge, i) => distribution.between(edges[i], i === BINS - 1 ? Number.POSITIVE_INFINITY : edge));
      const shown = counts.reduce((sum, count) => sum + count, 0);
      return {
        label,
        counts,
        ...(mean !== null && Number.isFinite(mean) && { mean }),
        left: distribution.nonFinite + distribution.count - shown,
      };
    }),
  };
}
