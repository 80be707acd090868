import { defineLoss } from "../contract/define.ts";
import { constant, type Expr, type Operand, where } from "../language/expr.ts";
import { boxFormat, boxInputs, enclosing, ofAreas, sides, squaredShare } from "./parts/boxes.ts";

/** SIoU of two boxes: 1 − IoU, plus a distance that depends on the centres' direction and a difference of shapes.
 *
 * For box regression: the distance term counts less where the centres lie diagonally, so its gradient first brings the
 * prediction onto the nearer axis. All of the gradient is kept, the direction's too. */
export const siou = defineLoss({
  name: "siou",
  family: "box",
  inputs: boxInputs,
  params: {
    format: boxFormat,
    theta: { default: 4, above: 0, doc: "How strongly shapes must differ to count." },
  },
  references: ["Gevorgyan 2022, SIoU Loss: More Powerful Learning for Bounding Box Regression, eq. 1–6"],
  check: { inputs: { prediction: [[0, 0, 4, 1]], target: [[0, 0, 1, 4]] }, value: 1.0658327209269407 },
  expr({ prediction, target, format, theta }) {
    const [box, truth] = [sides(prediction, format), sides(target, format)];
    const overlap = ofAreas(box, truth, (areas) => areas.iou);
    const [dx, dy] = [box.x.sub(truth.x).abs(), box.y.sub(truth.y).abs()];
    // 1 − 2 sin²(arcsin(dy/σ) − π/4) = sin 2α = 2 dx dy/(dx² + dy²), in units of the longer side.
    const direction = (unit: Operand) => {
      const [x, y] = [dx.div(unit), dy.div(unit)];
      const squares = x.square().add(y.square());
      return where(squares.eq(0), 0, x.mul(y).mul(2).div(squares));
    };
    const longer = dx.max(dy);
    const angle = direction(1).computedAs(direction(where(longer.eq(0), 1, longer).stopGradient()));
    const around = enclosing(box, truth);
    const cost = (difference: Expr, length: Expr) =>
      constant(1).sub(angle.sub(2).mul(squaredShare(difference, length)).exp());
    const distance = cost(dx, around.width).add(cost(dy, around.height));
    const shape = (a: Expr, b: Expr) => {
      const larger = a.max(b);
      const share = a
        .sub(b)
        .abs()
        .div(where(larger.eq(0), Number.POSITIVE_INFINITY, larger));
      return constant(1).sub(share.neg().exp()).pow(theta);
    };
    const shapes = shape(box.width, truth.width).add(shape(box.height, truth.height));
    return constant(1).sub(overlap).add(distance.add(shapes).mul(0.5));
  },
});
