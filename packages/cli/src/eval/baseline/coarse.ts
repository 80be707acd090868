// Fewer truths that stand for many: enough to search with; what is found is then judged by all.

import type { TruthTable } from "./truths.ts";

const MOST = 2048;

/** Neighbours as one, their mean, in parts of equal weight; of rows of numbers every so manieth. */
export function coarse(truths: TruthTable): TruthTable {
  if (truths.size <= MOST) return truths;
  const { target } = truths;
  if (target instanceof Float64Array) return merged(truths, target);
  if (ArrayBuffer.isView(target)) return truths;
  const { data, shape } = target as { readonly data: Float64Array; readonly shape: readonly number[] };
  const step = truths.size / MOST;
  const places = Int32Array.from({ length: MOST }, (_, i) => Math.floor(i * step));
  const width = shape[1];
  const rows = new Float64Array(MOST * width);
  for (const [i, place] of places.entries())
    rows.set(data.subarray(place * width, (place + 1) * width), i * width);
  return {
    ...truths,
    size: MOST,
    target: { data: rows, shape: [MOST, width] },
    weight: Float64Array.from(places, (place) => truths.weight[place]),
  };
}

function merged(truths: TruthTable, values: Float64Array): TruthTable {
  const order = Uint32Array.from(values.keys()).sort((a, b) => values[a] - values[b]);
  const share = truths.weight.reduce((sum, weight) => sum + weight, 0) / MOST;
  const means: number[] = [];
  const weights: number[] = [];
  let [sum, weight] = [0, 0];
  for (const [i, place] of order.entries()) {
    sum += truths.weight[place] * values[place];
    weight += truths.weight[place];
    if (weight < share && i < order.length - 1) continue;
    if (weight > 0) {
      means.push(sum / weight);
      weights.push(weight);
    }
    [sum, weight] = [0, 0];
  }
  return {
    ...truths,
    size: means.length,
    target: Float64Array.from(means),
    weight: Float64Array.from(weights),
  };
}
