// A small network: pixels, a hidden layer, and two features that can be drawn. Trained by Adam, in flat arrays.

import type { Random } from "../../training/random.ts";

/** Numbers that are learnt, and their gradients. */
export interface Learnt {
  readonly values: Float64Array;
  readonly gradient: Float64Array;
}
export const learnt = (values: Float64Array): Learnt => ({
  values,
  gradient: new Float64Array(values.length),
});

export interface Network {
  readonly parts: readonly Learnt[];
  /** The features of rows of pixels, `width` numbers a row. */
  forward(rows: Float64Array, count: number): Float64Array;
  /** From the slopes by the features of the last forward pass to the parts' gradients. */
  backward(slopes: ArrayLike<number>): void;
}

const LEAK = 0.1;

export function network(pixels: number, hidden: number, width: number, { normal }: Random): Network {
  const draw = (outputs: number, inputs: number) =>
    learnt(Float64Array.from({ length: outputs * inputs }, () => normal() * Math.sqrt(2 / inputs)));
  const [first, second] = [draw(hidden, pixels), draw(width, hidden)];
  const bias = learnt(new Float64Array(hidden));
  let rows: Float64Array = new Float64Array();
  let [sums, active, count] = [rows, rows, 0];
  return {
    parts: [first, bias, second],
    forward(given, size) {
      [rows, count] = [given, size];
      sums = new Float64Array(count * hidden);
      product(rows, first.values, sums, count, hidden, pixels);
      for (let i = 0; i < sums.length; i++) sums[i] += bias.values[i % hidden];
      active = sums.map((x) => (x > 0 ? x : LEAK * x));
      const features = new Float64Array(count * width);
      product(active, second.values, features, count, width, hidden);
      return features;
    },
    backward(slopes) {
      for (const { gradient } of [first, bias, second]) gradient.fill(0);
      for (let i = 0; i < count; i++) {
        for (let h = 0; h < hidden; h++) {
          let slope = 0;
          for (let w = 0; w < width; w++) {
            const above = slopes[i * width + w];
            second.gradient[w * hidden + h] += above * active[i * hidden + h];
            slope += above * second.values[w * hidden + h];
          }
          if (sums[i * hidden + h] <= 0) slope *= LEAK;
          if (slope === 0) continue;
          bias.gradient[h] += slope;
          for (let p = 0; p < pixels; p++) first.gradient[h * pixels + p] += slope * rows[i * pixels + p];
        }
      }
    },
  };
}

/** into[n, c] = a[n, d] · b[c, d]. */
function product(
  a: Float64Array,
  b: Float64Array,
  into: Float64Array,
  n: number,
  c: number,
  d: number,
): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < c; j++) {
      let sum = 0;
      for (let k = 0; k < d; k++) sum += a[i * d + k] * b[j * d + k];
      into[i * c + j] = sum;
    }
  }
}

/** Adam, Kingma and Ba 2015, with its usual constants. */
export function adam(parts: readonly Learnt[]): (rate: number) => void {
  const moments = parts.map(({ values }) => [
    new Float64Array(values.length),
    new Float64Array(values.length),
  ]);
  let time = 0;
  return (rate) => {
    time += 1;
    const size = (rate * Math.sqrt(1 - 0.999 ** time)) / (1 - 0.9 ** time);
    for (const [p, { values, gradient }] of parts.entries()) {
      const [mean, square] = moments[p];
      for (let k = 0; k < values.length; k++) {
        mean[k] += 0.1 * (gradient[k] - mean[k]);
        square[k] += 0.001 * (gradient[k] ** 2 - square[k]);
        values[k] -= (size * mean[k]) / (Math.sqrt(square[k]) + 1e-8);
      }
    }
  };
}
