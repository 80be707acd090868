import { defineLoss } from "../contract/define.ts";
import { constant } from "../language/expr.ts";
import { boxFormat, boxInputs, ofAreas, sides } from "./parts/boxes.ts";

/** IoU loss of two boxes: one minus their intersection's share of their union.
 *
 * For box regression once boxes overlap: where they do not meet, its gradient is 0 (take `giou` or `diou`). The
 * "log" form is Infinity there, unless `floor` says how small IoU may count. */
export const iou = defineLoss({
  name: "iou",
  family: "box",
  inputs: boxInputs,
  params: {
    format: boxFormat,
    form: { default: "linear", choices: ["linear", "log", "square"], doc: "1 − IoU, −log IoU or 1 − IoU²." },
    floor: { default: 0, min: 0, max: 1, doc: "The least IoU that the logarithm is taken of." },
  },
  references: ["Yu et al. 2016, UnitBox: An Advanced Object Detection Network, eq. 3"],
  check: { inputs: { prediction: [[0, 0, 2, 2]], target: [[1, 1, 3, 3]] }, value: 0.8571428571428572 },
  expr({ prediction, target, format, form, floor }) {
    const overlap = ofAreas(sides(prediction, format), sides(target, format), (areas) => areas.iou);
    if (form === "log") return overlap.max(floor).log().neg();
    return constant(1).sub(form === "square" ? overlap.square() : overlap);
  },
});
