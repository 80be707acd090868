// The same small classifier trained under each loss, and the share of the gradient that each kind of sample carries.

import { ownLosses } from "../../losses/own.ts";
import type { Pick } from "../../state/fields.ts";
import { kernelOf } from "../../training/kernels.ts";
import type { Run, Trainer } from "../../training/trainer.ts";
import { type Groups, samplesOf } from "./data.ts";
import { type Row, rowsOf } from "./losses.ts";

export interface Settings extends Groups {
  readonly losses: readonly Pick[];
  /** The text of a loss of one's own. */
  readonly own: string;
  readonly weighted: boolean;
  readonly at: "same" | "own";
  readonly easy: number;
  readonly threshold: number;
  readonly rate: number;
}

export const kinds = ["easyNegative", "hardNegative", "hardPositive", "easyPositive"] as const;
export type Kind = (typeof kinds)[number];

export interface Trained {
  readonly series: number;
  /** Weights of both coordinates, scaled to −1 … 1, and the bias. */
  readonly model: readonly [number, number, number];
  readonly loss: number;
  readonly precision: number;
  readonly recall: number;
  /** Of the sum of |dℓ/dlogit|. */
  readonly shares: Readonly<Record<Kind, number>>;
}
export type Frame = readonly Trained[];

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

/** Adam (Kingma and Ba 2015) makes steps of the same size whatever the size of the gradient, so that losses are compared
 * by where they pull and not by how they are scaled. */
function adam(size: number) {
  const [mean, square] = [new Float64Array(size), new Float64Array(size)];
  let time = 0;
  return (values: number[], gradient: readonly number[], rate: number): void => {
    time += 1;
    for (let k = 0; k < size; k++) {
      mean[k] = 0.9 * mean[k] + 0.1 * gradient[k];
      square[k] = 0.999 * square[k] + 0.001 * gradient[k] ** 2;
      const step = mean[k] / (1 - 0.9 ** time);
      values[k] -= (rate * step) / (Math.sqrt(square[k] / (1 - 0.999 ** time)) + 1e-12);
    }
  };
}

export const trainer: Trainer<Settings, Frame> = {
  start(settings): Run<Frame> {
    const { losses, weighted, positives, rate, at } = settings;
    const samples = samplesOf(settings);
    const count = samples.target.length;
    const across = samples.x.map((x) => (x - 5) / 5);
    const up = samples.y.map((y) => (y - 5) / 5);
    const begin = ({ loss, params, series }: Row) => ({
      kernel: kernelOf(loss, { logits: [count], target: [count] }, params),
      series,
      model: [0.1, 0.1, 0] as [number, number, number],
      improve: adam(3),
    });
    const runs = rowsOf(losses, weighted, positives, ownLosses(settings.own)).map(begin);

    const logitsOf = ([a, b, c]: readonly number[]) => across.map((x, i) => a * x + b * up[i] + c);
    function look({ kernel }: (typeof runs)[number], logits: Float64Array) {
      const { value } = kernel.run({ logits, target: samples.target });
      return { value, slopes: kernel.grads.logits.data };
    }

    return {
      step() {
        for (const run of runs) {
          const { slopes } = look(run, logitsOf(run.model));
          const gradient = [0, 0, 0];
          for (let i = 0; i < count; i++) {
            gradient[0] += slopes[i] * across[i];
            gradient[1] += slopes[i] * up[i];
            gradient[2] += slopes[i];
          }
          run.improve(run.model, gradient, rate);
        }
      },
      frame: () =>
        runs.map((run) => {
          const own = logitsOf(run.model);
          const { value } = look(run, own);
          const shared = at === "same" ? logitsOf(runs[0].model) : own;
          const shares = sharesOf(look(run, shared).slopes, shared, samples.target, settings.easy);
          const { series, model } = run;
          return {
            series,
            model: [...model] as const,
            loss: value,
            ...found(own, samples.target, settings.threshold),
            shares,
          };
        }),
    };
  },
};

function sharesOf(
  slopes: ArrayLike<number>,
  logits: Float64Array,
  target: Float64Array,
  easy: number,
): Record<Kind, number> {
  const sums = { easyNegative: 0, hardNegative: 0, hardPositive: 0, easyPositive: 0 };
  for (let i = 0; i < target.length; i++) {
    const isEasy = sigmoid(target[i] === 1 ? logits[i] : -logits[i]) >= easy;
    sums[`${isEasy ? "easy" : "hard"}${target[i] === 1 ? "Positive" : "Negative"}`] += Math.abs(slopes[i]);
  }
  const total = kinds.reduce((sum, kind) => sum + sums[kind], 0);
  for (const kind of kinds) sums[kind] = ratio(sums[kind], total);
  return sums;
}

/** Precision and recall; 0 where nothing is called positive. */
function found(logits: Float64Array, target: Float64Array, threshold: number) {
  let [called, right, all] = [0, 0, 0];
  for (let i = 0; i < target.length; i++) {
    const isCalled = sigmoid(logits[i]) >= threshold;
    all += target[i];
    if (isCalled) {
      called += 1;
      right += target[i];
    }
  }
  return { precision: ratio(right, called), recall: ratio(right, all) };
}
