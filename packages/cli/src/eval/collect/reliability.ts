// Whether probabilities are honest: of the rows given 0.8, how many were right? For two classes the probability of the
// positive one, for more that of the class predicted.

import { cardOf } from "../card.ts";
import { sourceText } from "../column-errors.ts";
import type { Plan, PlannedInput } from "../plan.ts";
import type { Matrix } from "../select.ts";
import type { Collector, Look } from "./collector.ts";

export interface ReliabilityBin {
  readonly from: number;
  readonly to: number;
  /** The mean of the predicted probabilities; null where there is no row. */
  readonly predicted: number | null;
  /** The share of rows in which the event came; null where there is no row. */
  readonly observed: number | null;
  readonly count: number;
}

export interface Calibration {
  /** The columns of the prediction. */
  readonly source: string;
  /** What the probability is of. */
  readonly event: "positive" | "predicted class is right";
  readonly count: number;
  /** Σ rows of a bin · |predicted − observed| / rows: the expected calibration error (Naeini et al. 2015). */
  readonly ece: number | null;
  readonly bins: readonly ReliabilityBin[];
}

const BINS = 15;

export interface Reliability extends Collector {
  results(): readonly Calibration[];
}

interface Watched {
  readonly plan: Plan;
  readonly prediction: PlannedInput;
  readonly target: PlannedInput;
  readonly sums: { count: number; predicted: number; observed: number }[];
}

/** Watches each prediction once, whatever the number of losses that read it. */
export function newReliability(plans: readonly Plan[]): Reliability {
  const watched = new Map<Matrix, Watched>();
  for (const plan of plans) {
    const pair = probabilityPair(plan);
    if (pair && !watched.has(pair.prediction.matrix))
      watched.set(pair.prediction.matrix, {
        plan,
        ...pair,
        sums: Array.from({ length: BINS }, () => ({ count: 0, predicted: 0, observed: 0 })),
      });
  }
  const all = [...watched.values()];
  return {
    look(look) {
      for (const one of all) if (one.plan === look.plan) add(one, look);
    },
    results: () => all.map(calibrationOf),
  };
}

/** The prediction and the target of a loss that reads a probability, or a logit that means one. */
function probabilityPair({ inputs, layout, spec }: Plan) {
  if (layout !== "rows" && layout !== "whole") return undefined;
  const proper = cardOf(spec)?.proper?.holds ?? true;
  const prediction = inputs.find(({ wanted }) => wanted.spec.role === "model");
  const target = inputs.find(({ wanted }) => wanted.spec.role === "data");
  if (!prediction || !target || !proper) return undefined;
  const { kind } = target.wanted.spec;
  const numbers = prediction.wanted.numbers;
  const probabilities = numbers === "logits" || numbers === "probabilities" || numbers === "logProbabilities";
  const binary = kind === "binary" && prediction.matrix.width === 1;
  const classes = kind === "classes" && target.labels !== undefined && prediction.matrix.width > 1;
  return probabilities && (binary || classes) ? { prediction, target } : undefined;
}

function add({ prediction, target, sums }: Watched, { evaluated, judged }: Look): void {
  const { data, width } = prediction.matrix;
  const { numbers } = prediction.wanted;
  const labels = judged.labels.get(target.wanted.name);
  for (const row of evaluated.call.samples) {
    const label = labels ? labels[row] : target.matrix.data[row];
    if (labels ? label < 0 : !(label >= 0 && label <= 1)) continue;
    let [predicted, observed] = [0, 0];
    if (width === 1) {
      predicted = numbers === "logits" ? 1 / (1 + Math.exp(-data[row])) : data[row];
      observed = label;
    } else {
      const largest = largestOf(data, row * width, width);
      predicted = confidence(data, row * width, width, largest, numbers);
      observed = largest === label ? 1 : 0;
    }
    const bin = sums[Math.min(BINS - 1, Math.floor(predicted * BINS))];
    if (!bin) continue;
    bin.count += 1;
    bin.predicted += predicted;
    bin.observed += observed;
  }
}

function largestOf(data: Float64Array, start: number, width: number): number {
  let largest = 0;
  for (let place = 1; place < width; place++)
    if (data[start + place] > data[start + largest]) largest = place;
  return largest;
}

function confidence(
  data: Float64Array,
  start: number,
  width: number,
  largest: number,
  numbers: string,
): number {
  const top = data[start + largest];
  if (numbers === "probabilities") return top;
  if (numbers === "logProbabilities") return Math.exp(top);
  let sum = 0;
  for (let place = 0; place < width; place++) sum += Math.exp(data[start + place] - top);
  return 1 / sum;
}

function calibrationOf({ prediction, sums }: Watched): Calibration {
  const count = sums.reduce((sum, bin) => sum + bin.count, 0);
  const error = sums.reduce((sum, { predicted, observed }) => sum + Math.abs(predicted - observed), 0);
  return {
    source: sourceText(prediction.source),
    event: prediction.matrix.width === 1 ? "positive" : "predicted class is right",
    count,
    ece: count === 0 ? null : error / count,
    bins: sums.map((bin, i) => ({
      from: i / BINS,
      to: (i + 1) / BINS,
      predicted: bin.count === 0 ? null : bin.predicted / bin.count,
      observed: bin.count === 0 ? null : bin.observed / bin.count,
      count: bin.count,
    })),
  };
}
