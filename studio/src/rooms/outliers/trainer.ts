// Gradient descent of lines: the same start and the same steps for every loss.

import { chosen } from "../../losses/named.ts";
import { ownLosses } from "../../losses/own.ts";
import type { Pick, Point } from "../../state/fields.ts";
import { kernelOf } from "../../training/kernels.ts";
import type { Run, Trainer } from "../../training/trainer.ts";
import { fits, height } from "./losses.ts";

export interface Settings {
  readonly points: readonly Point[];
  readonly losses: readonly Pick[];
  /** The text of a loss of one's own. */
  readonly own: string;
  readonly rate: number;
}
export interface Fit {
  readonly series: number;
  /** The height in the plane's middle, and the rise from there to its edge. */
  readonly line: readonly [number, number];
  /** The mean loss. */
  readonly loss: number;
  /** dℓ/dprediction of every point. */
  readonly pull: Float64Array;
}
export type Frame = readonly Fit[];

/** A level line, half-way up. */
const START = [5, 0] as const;
/** Steps shrink, so that losses of constant slope come to rest too. */
const shrink = (step: number) => 1 / (1 + step / 40);

export const trainer: Trainer<Settings, Frame> = {
  start({ points, losses, own, rate }): Run<Frame> {
    const n = points.length;
    const target = Float64Array.from(points, ({ y }) => y);
    const across = Float64Array.from(points, ({ x }) => (x - 5) / 5);
    const prediction = new Float64Array(n);
    const fitted = chosen(losses, fits, { own: ownLosses(own) }).map(({ loss, params, series }) => ({
      kernel: kernelOf(loss, { prediction: [n], target: [n] }, params),
      series,
      line: [...START] as [number, number],
    }));
    let step = 0;

    function look({ kernel, line }: (typeof fitted)[number]) {
      for (let i = 0; i < n; i++) prediction[i] = height(line, points[i].x);
      const { value } = kernel.run({ prediction, target });
      return { value, slopes: kernel.grads.prediction.data };
    }
    return {
      step() {
        const size = rate * shrink(step);
        step += 1;
        for (const one of fitted) {
          const { slopes } = look(one);
          let [up, turn] = [0, 0];
          for (let i = 0; i < n; i++) {
            up += slopes[i];
            turn += slopes[i] * across[i];
          }
          one.line[0] -= size * up;
          one.line[1] -= size * turn;
        }
      },
      frame: () =>
        fitted.map((one) => {
          const { value, slopes } = look(one);
          return {
            series: one.series,
            line: [...one.line] as const,
            loss: value,
            pull: Float64Array.from(slopes, (slope) => slope * n),
          };
        }),
    };
  },
};
