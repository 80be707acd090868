// Gradient descent of linear boundaries: the same start, steps and penalty for every loss.

import { chosen } from "../../losses/named.ts";
import { ownLosses } from "../../losses/own.ts";
import type { Pick, Point } from "../../state/fields.ts";
import { kernelOf } from "../../training/kernels.ts";
import type { Run, Trainer } from "../../training/trainer.ts";
import { type Boundary, fits, scale, score } from "./losses.ts";

export interface Settings {
  readonly points: readonly Point[];
  readonly losses: readonly Pick[];
  /** The text of a loss of one's own. */
  readonly own: string;
  readonly rate: number;
  /** λ of λ/2·‖w‖², which keeps boundaries of separable points finite; the bias is free. */
  readonly penalty: number;
}
export interface Fit {
  readonly series: number;
  readonly boundary: Boundary;
  /** The mean loss, without the penalty. */
  readonly loss: number;
  /** Points on the wrong side. */
  readonly errors: number;
  /** dℓ/dscore of every point. */
  readonly pull: Float64Array;
}
export type Frame = readonly Fit[];

const START: Boundary = [0.2, -0.6, 0];
const shrink = (step: number) => 1 / (1 + step / 100);

export const trainer: Trainer<Settings, Frame> = {
  start({ points, losses, own, rate, penalty }): Run<Frame> {
    const n = points.length;
    const target = Float64Array.from(points, ({ sign }) => sign);
    const scores = new Float64Array(n);
    const trained = chosen(losses, fits, { own: ownLosses(own) }).map(({ loss, params, series }) => ({
      kernel: kernelOf(loss, { score: [n], target: [n] }, params),
      series,
      boundary: [...START] as [number, number, number],
    }));
    let step = 0;

    function look({ kernel, boundary }: (typeof trained)[number]) {
      for (let i = 0; i < n; i++) scores[i] = score(boundary, points[i]);
      const { value } = kernel.run({ score: scores, target });
      return { value, slopes: kernel.grads.score.data };
    }
    return {
      step() {
        const size = rate * shrink(step);
        step += 1;
        for (const one of trained) {
          const { slopes } = look(one);
          const [a, b] = one.boundary;
          const slope = [penalty * a, penalty * b, 0];
          for (let i = 0; i < n; i++) {
            slope[0] += slopes[i] * scale(points[i].x);
            slope[1] += slopes[i] * scale(points[i].y);
            slope[2] += slopes[i];
          }
          for (let k = 0; k < 3; k++) one.boundary[k] -= size * slope[k];
        }
      },
      frame: () =>
        trained.map((one) => {
          const { value, slopes } = look(one);
          return {
            series: one.series,
            boundary: [...one.boundary] as const,
            loss: value,
            errors: points.filter((point) => score(one.boundary, point) * point.sign <= 0).length,
            pull: Float64Array.from(slopes, (slope) => slope * n),
          };
        }),
    };
  },
};
