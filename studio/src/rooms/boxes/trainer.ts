// Gradient descent of boxes: each loss moves its own box from the same start; and a field of starts all over the
// plane, under the loss looked at.

import type { AnyLoss, LossKernel } from "lossc";
import { chosen } from "../../losses/named.ts";
import type { Pick } from "../../state/fields.ts";
import { kernelOf } from "../../training/kernels.ts";
import type { Run, Trainer } from "../../training/trainer.ts";
import { type Box, fits, overlap, settled } from "./losses.ts";

export interface Settings {
  readonly losses: readonly Pick[];
  readonly box: readonly number[];
  readonly target: readonly number[];
  readonly rate: number;
  /** The loss of the field of starts, by its place in the list; none without a field. */
  readonly map: number | undefined;
}
export interface Path {
  readonly series: number;
  /** The boxes of all steps, four numbers each. */
  readonly boxes: Float64Array;
  readonly iou: number;
}
export interface Frame {
  readonly paths: readonly Path[];
  /** Over the starts, row by row: 1 − IoU now, and the step at which it fell below 0.1, or −1. */
  readonly field: { readonly error: Float64Array; readonly steps: Float64Array } | undefined;
}

/** Starts per row of the field. */
export const GRID = 21;
/** What counts as having come to the target. */
export const NEAR = 0.1;
/** A box keeps a width and a height: edges that have crossed mean nothing to these losses. */
const LEAST = 0.05;

function descend(
  boxes: ArrayLike<number>,
  gradient: ArrayLike<number>,
  rate: number,
  out: Float64Array,
): void {
  for (let i = 0; i < boxes.length; i += 4) {
    for (let axis = 0; axis < 2; axis++) {
      const [low, high] = [i + axis, i + axis + 2];
      const a = boxes[low] - rate * gradient[low];
      const b = boxes[high] - rate * gradient[high];
      const middle = (a + b) / 2;
      const half = Math.max(LEAST, b - a) / 2;
      out[low] = middle - half;
      out[high] = middle + half;
    }
  }
}

interface Crowd {
  readonly kernel: LossKernel;
  readonly boxes: Float64Array;
  readonly targets: Float64Array;
}

function crowd(loss: AnyLoss, params: object, starts: readonly Box[], target: Box): Crowd {
  const shape = [starts.length, 4];
  const kernel = kernelOf(loss, { prediction: shape, target: shape }, { ...params, reduction: "sum" });
  const targets = Float64Array.from(starts.flatMap(() => target));
  return { kernel, boxes: Float64Array.from(starts.flat()), targets };
}

function move({ kernel, boxes, targets }: Crowd, rate: number): void {
  kernel.run({ prediction: boxes, target: targets });
  descend(boxes, kernel.grads.prediction.data, rate, boxes);
}

/** Boxes of the start's size whose centres lie on a grid over the plane. */
export function startsOf(box: Box): Box[] {
  const [w, h] = [(box[2] - box[0]) / 2, (box[3] - box[1]) / 2];
  return Array.from({ length: GRID * GRID }, (_, i) => {
    const [x, y] = [((i % GRID) + 0.5) * (10 / GRID), (Math.floor(i / GRID) + 0.5) * (10 / GRID)];
    return [x - w, y - h, x + w, y + h];
  });
}

export const trainer: Trainer<Settings, Frame> = {
  start({ losses, box, target, rate, map }): Run<Frame> {
    const walkers = chosen(losses, fits, settled).map(({ loss, params, series }) => ({
      ...crowd(loss, params, [box], target),
      series,
      trail: [...box],
    }));
    const mapped = chosen(losses, fits, settled).find(({ series }) => series === map);
    const field = mapped && crowd(mapped.loss, mapped.params, startsOf(box), target);
    const count = GRID * GRID;
    const near = new Float64Array(count).fill(-1);
    const error = new Float64Array(count);
    let step = 0;

    function lookAround() {
      if (!field) return;
      for (let i = 0; i < count; i++) {
        error[i] = 1 - overlap([...field.boxes.subarray(i * 4, i * 4 + 4)], target);
        if (near[i] < 0 && error[i] < NEAR) near[i] = step;
      }
    }
    lookAround();
    return {
      step() {
        step += 1;
        for (const walker of walkers) {
          move(walker, rate);
          walker.trail.push(...walker.boxes);
        }
        if (field) move(field, rate);
        lookAround();
      },
      frame: () => ({
        paths: walkers.map(({ series, trail, boxes }) => ({
          series,
          boxes: Float64Array.from(trail),
          iou: overlap([...boxes], target),
        })),
        field: field && { error: error.slice(), steps: near.slice() },
      }),
    };
  },
};
