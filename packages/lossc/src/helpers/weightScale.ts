// A robust unit for errors: what Tukey's biweight takes with scale "mad".

import { read } from "../contract/tensors.ts";
import type { TensorInput } from "../contract/types.ts";

/** 1.4826 median absolute deviations from the median, for every output column of errors [n ...]: one number for [n].
 * For normal errors it is their standard deviation, and half of them may be outliers. 0 where most errors are equal. */
export function weightScale(errors: TensorInput): number[] {
  const { data, shape } = read(errors, "weightScale", "errors");
  const rows = shape[0] ?? 1;
  const columns = rows === 0 ? 0 : data.length / rows;
  return Array.from({ length: columns }, (_, column) => {
    const own = Float64Array.from({ length: rows }, (_row, i) => data[i * columns + column]);
    const middle = median(own);
    return 1.4826 * median(own.map((error) => Math.abs(error - middle)));
  });
}

/** The middle number, or the mean of the two middle ones; NaN if any is. */
function median(numbers: Float64Array): number {
  if (numbers.some(Number.isNaN)) return Number.NaN;
  const sorted = numbers.slice().sort();
  const place = (sorted.length - 1) / 2;
  return (sorted[Math.floor(place)] + sorted[Math.ceil(place)]) / 2;
}
