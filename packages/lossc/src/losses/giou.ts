import { defineLoss } from "../contract/define.ts";
import { constant, type Expr, where } from "../language/expr.ts";
import { boxFormat, ofAreas, sides } from "./parts/boxes.ts";

/** Generalized IoU of two boxes: 1 − IoU, plus the share of the enclosing box that neither covers.
 *
 * For box regression. Unlike 1 − IoU it has a gradient when the boxes do not meet; the pull is weak where one
 * box lies within the other, for then it is 1 − IoU again. */
export const giou = defineLoss({
  name: "giou",
  family: "box",
  inputs: { prediction: { axes: "n... 4", domain: "box" }, target: { axes: "n... 4", domain: "box" } },
  params: { format: boxFormat },
  references: ["Rezatofighi et al. 2019, Generalized Intersection over Union, alg. 1"],
  check: { inputs: { prediction: [[0, 0, 2, 2]], target: [[1, 1, 3, 3]] }, value: 1.0793650793650793 },
  expr({ prediction, target, format }) {
    return ofAreas(sides(prediction, format), sides(target, format), ({ iou, union, hull }) => {
      // 1 − U/C, for the slope of (C − U)/C in C, 1/C − (C − U)/C², loses the digits of a small U.
      const share = (part: Expr | number) => where(hull.eq(0), 0, part);
      const empty = share(hull.sub(union).div(hull)).computedAs(share(1).sub(share(union.div(hull))));
      return constant(1).sub(iou).add(empty);
    });
  },
});
