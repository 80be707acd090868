// Box losses and losses of single coordinates, asked in one way: four coordinates against four.

import type { AnyLoss } from "lossc";

export type Box = readonly number[];

/** Losses of two boxes, and of any number against any other. */
export const fits = (loss: AnyLoss): boolean =>
  loss.family === "box" ||
  (loss.family === "regression" &&
    Object.keys(loss.inputs).every((name) => name === "prediction" || name === "target"));

/** Boxes are drawn from corner to corner here. */
export const settled = { without: ["format"] };

export interface Judged {
  readonly value: number;
  /** By x1, y1, x2, y2. */
  readonly gradient: readonly number[];
}

/** The loss of one box and its slope by each edge; of single coordinates the sum over the four. */
export function judge(loss: AnyLoss, params: object, box: Box, target: Box): Judged {
  const { value, grads } = loss.valueAndGrad(
    { prediction: [box], target: [target] },
    { ...params, reduction: "sum" },
  );
  return { value, gradient: [...grads.prediction.data] };
}

export const area = ([x1, y1, x2, y2]: Box): number => (x2 - x1) * (y2 - y1);

/** Intersection over union. */
export function overlap(a: Box, b: Box): number {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  const both = Math.max(0, width) * Math.max(0, height);
  return both / (area(a) + area(b) - both || 1);
}
