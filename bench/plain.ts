// The peer that needs nothing: value and gradient in a loop as one writes it, float32 arrays.

import type { Arrays } from "./cases.ts";

type Loop = (inputs: Arrays, gradient: Float32Array) => number;

const pointwise =
  (left: string, step: (x: number, y: number) => readonly [value: number, slope: number]): Loop =>
  (inputs, gradient) => {
    const [x, y] = [inputs[left], inputs.target];
    const n = x.length;
    let total = 0;
    for (let i = 0; i < n; i++) {
      const [value, slope] = step(x[i], y[i]);
      total += value;
      gradient[i] = slope / n;
    }
    return total / n;
  };

export const plain: Readonly<Record<string, Loop>> = {
  mse: pointwise("prediction", (x, y) => [(x - y) ** 2, 2 * (x - y)]),
  huber: pointwise("prediction", (x, y) => {
    const [e, size] = [x - y, Math.abs(x - y)];
    return size < 1 ? [0.5 * e * e, e] : [size - 0.5, Math.sign(e)];
  }),
  bceWithLogits: pointwise("logits", (x, y) => {
    const e = Math.exp(-Math.abs(x));
    return [Math.max(x, 0) - x * y + Math.log1p(e), (x >= 0 ? 1 : e) / (1 + e) - y];
  }),
  binaryFocal: pointwise("logits", (x, y) => {
    const z = y > 0.5 ? x : -x;
    const e = Math.exp(-Math.abs(z));
    const wrong = (z >= 0 ? e : 1) / (1 + e);
    const nll = Math.max(-z, 0) + Math.log1p(e);
    const alpha = y > 0.5 ? 0.25 : 0.75;
    const slope = -alpha * wrong * wrong * (wrong + 2 * nll * (1 - wrong));
    return [alpha * wrong * wrong * nll, y > 0.5 ? slope : -slope];
  }),
  tukeyBiweight: pointwise("prediction", (x, y) => {
    const c = 4.6851;
    const e = x - y;
    const outside = 1 - Math.min((e / c) ** 2, 1);
    return [((c * c) / 6) * (1 - outside ** 3), e * outside * outside];
  }),
  powerBce: pointwise("logits", (x, y) => {
    const e = Math.exp(-Math.abs(x));
    const surprise = Math.max(-x, 0) + Math.log1p(e);
    const [right, wrong] = x >= 0 ? [1 / (1 + e), e / (1 + e)] : [e / (1 + e), 1 / (1 + e)];
    const lost = -Math.expm1(-2 * surprise);
    const slope = (2 * right * right * wrong) / lost;
    return [2 * y * surprise - (1 - y) * Math.log(lost), (1 - y) * slope - 2 * y * wrong];
  }),
  multiclassHinge: ({ logits, target }, gradient) => {
    const n = target.length;
    const c = logits.length / n;
    let total = 0;
    for (let row = 0; row < n; row++) {
      const start = row * c;
      const own = logits[start + target[row]];
      let above = 0;
      for (let i = 0; i < c; i++) {
        const excess = logits[start + i] - own + 1;
        const counts = excess > 0 && i !== target[row];
        gradient[start + i] = counts ? 1 / n : 0;
        if (counts) {
          total += excess;
          above++;
        }
      }
      gradient[start + target[row]] = -above / n;
    }
    return total / n;
  },
  crossEntropy: ({ logits, target }, gradient) => {
    const n = target.length;
    const c = logits.length / n;
    let total = 0;
    for (let row = 0; row < n; row++) {
      const start = row * c;
      let top = Number.NEGATIVE_INFINITY;
      for (let i = 0; i < c; i++) top = Math.max(top, logits[start + i]);
      let sum = 0;
      for (let i = 0; i < c; i++) {
        const e = Math.exp(logits[start + i] - top);
        gradient[start + i] = e;
        sum += e;
      }
      for (let i = 0; i < c; i++) gradient[start + i] /= sum * n;
      gradient[start + target[row]] -= 1 / n;
      total += Math.log(sum) + top - logits[start + target[row]];
    }
    return total / n;
  },
};
