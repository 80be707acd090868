import { defineLoss } from "../contract/define.ts";
import { constant, where } from "../language/expr.ts";
import { boxFormat, centreOffset, ofAreas, sides } from "./parts/boxes.ts";

/** Complete IoU of two boxes: 1 − IoU, plus the distance of the centres and the difference of the aspect ratios.
 *
 * For box regression that should converge fast: the centres attract each other wherever the boxes lie. The
 * factor α of the aspect term is constant in the gradient, as in the paper. */
export const ciou = defineLoss({
  name: "ciou",
  family: "box",
  inputs: { prediction: { axes: "n... 4", domain: "box" }, target: { axes: "n... 4", domain: "box" } },
  params: { format: boxFormat },
  references: [
    "Zheng et al. 2020, Distance-IoU Loss: Faster and Better Learning for Bounding Box Regression, eq. 8–12",
  ],
  check: { inputs: { prediction: [[0, 0, 4, 1]], target: [[0, 0, 1, 4]] }, value: 1.1662354756898805 },
  expr({ prediction, target, format }) {
    const [box, truth] = [sides(prediction, format), sides(target, format)];
    const iou = ofAreas(box, truth, (areas) => areas.iou);
    const angle = truth.width.atan2(truth.height).sub(box.width.atan2(box.height));
    const v = angle.square().mul(4 / Math.PI ** 2);
    const alpha = where(v.eq(0), 0, v.div(constant(1).sub(iou).add(v))).stopGradient();
    return constant(1).sub(iou).add(centreOffset(box, truth)).add(alpha.mul(v));
  },
});
