import { defineLoss } from "../contract/define.ts";
import { constant } from "../language/expr.ts";
import { boxFormat, boxInputs, ofAreas, sides } from "./parts/boxes.ts";

/** Alpha-IoU of two boxes: one minus their IoU raised to a power.
 *
 * For detectors judged at high IoU: with alpha above 1 the gradient grows with the overlap, so that good boxes are made
 * better, and noisy ones count less. Where boxes do not meet the gradient is 0. */
export const alphaIou = defineLoss({
  name: "alphaIou",
  family: "box",
  inputs: boxInputs,
  params: { format: boxFormat, alpha: { default: 3, above: 0, doc: "The power of IoU; 1 is `iou`." } },
  references: ["He et al. 2021, Alpha-IoU: A Family of Power Intersection over Union Losses, eq. 3"],
  check: { inputs: { prediction: [[0, 0, 2, 2]], target: [[1, 1, 3, 3]] }, value: 0.9970845481049563 },
  expr({ prediction, target, format, alpha }) {
    const overlap = ofAreas(sides(prediction, format), sides(target, format), (areas) => areas.iou);
    return constant(1).sub(overlap.pow(alpha));
  },
});
