import { defineLoss } from "../contract/define.ts";
import { constant } from "../language/expr.ts";
import {
  boxFormat,
  boxInputs,
  centreOffset,
  enclosing,
  ofAreas,
  sides,
  squaredShare,
} from "./parts/boxes.ts";

/** Efficient IoU of two boxes: distance IoU, plus the squared differences of width and height as shares of the enclosing box's.
 *
 * For box regression where `ciou`'s aspect term stalls: width and height get a gradient each, of their own
 * difference, and can grow or shrink together. */
export const eiou = defineLoss({
  name: "eiou",
  family: "box",
  inputs: boxInputs,
  params: { format: boxFormat },
  references: ["Zhang et al. 2021, Focal and Efficient IOU Loss for Accurate Bounding Box Regression, eq. 8"],
  check: { inputs: { prediction: [[0, 0, 4, 1]], target: [[0, 0, 1, 4]] }, value: 2.122767857142857 },
  expr({ prediction, target, format }) {
    const [box, truth] = [sides(prediction, format), sides(target, format)];
    const overlap = ofAreas(box, truth, (areas) => areas.iou);
    const around = enclosing(box, truth);
    const width = squaredShare(box.width.sub(truth.width), around.width);
    const height = squaredShare(box.height.sub(truth.height), around.height);
    return constant(1).sub(overlap).add(centreOffset(box, truth)).add(width).add(height);
  },
});
