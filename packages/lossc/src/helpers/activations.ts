// The activations that losses meet, each with its derivative, in float64 and over the whole range.

import { sigmoid, softplus } from "../language/scalar.ts";

/** A function of one number, and its slope. */
export interface Activation {
  readonly value: (x: number) => number;
  readonly derivative: (x: number) => number;
}

/** A function of a row; `derivative` is its Jacobian, d value_i / d x_j in row i. */
export interface RowActivation {
  readonly value: (row: readonly number[]) => number[];
  readonly derivative: (row: readonly number[]) => number[][];
}

/** 1 − tanh², which does not cancel: 4σ(2x)σ(−2x). */
const tanhSlope = (x: number): number => 4 * sigmoid(2 * x) * sigmoid(-2 * x);

/** The row's largest and log Σ eˣ⁻ˡᵃʳᵍᵉˢᵗ, in which what is small is not added to 1. */
function logSum(row: readonly number[]): { largest: number; log: number } {
  const top = row.indexOf(Math.max(...row));
  const largest = row[top] ?? Number.NaN;
  let rest = 0;
  for (let i = 0; i < row.length; i++) if (i !== top) rest += Math.exp(row[i] - largest);
  return { largest, log: Math.log1p(rest) };
}

const logSoftmax = (row: readonly number[]): number[] => {
  const { largest, log } = logSum(row);
  return row.map((x) => x - largest - log);
};
const softmax = (row: readonly number[]): number[] => logSoftmax(row).map(Math.exp);

/** Of a negative slope `slope` below 0; at 0 the derivative is `slope`, as PyTorch's. */
const leakyRelu = (slope = 0.01): Activation => ({
  value: (x) => (x > 0 ? x : slope * x),
  derivative: (x) => (Number.isNaN(x) ? x : x > 0 ? 1 : slope),
});

export const activations = {
  sigmoid: { value: sigmoid, derivative: (x) => sigmoid(x) * sigmoid(-x) } as Activation,
  tanh: { value: Math.tanh, derivative: tanhSlope } as Activation,
  /** At 0 the derivative is 0. */
  relu: { value: (x) => Math.max(x, 0), derivative: leakyRelu(0).derivative } as Activation,
  leakyRelu,
  softplus: { value: softplus, derivative: sigmoid } as Activation,
  /** p_i(δ_ij − p_j). */
  softmax: {
    value: softmax,
    derivative: (row) => {
      const log = logSoftmax(row);
      return log.map((a, i) =>
        log.map((b, j) => (i === j ? Math.exp(a) * -Math.expm1(a) : -Math.exp(a + b))),
      );
    },
  } as RowActivation,
  /** δ_ij − p_j. */
  logSoftmax: {
    value: logSoftmax,
    derivative: (row) => {
      const log = logSoftmax(row);
      return log.map((_, i) => log.map((b, j) => (i === j ? -Math.expm1(b) : -Math.exp(b))));
    },
  } as RowActivation,
};
