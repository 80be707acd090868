import { defineLoss } from "../contract/define.ts";
import { constant, where } from "../language/expr.ts";
import { logOnePlusSquare } from "./parts/roots.ts";

/** Barron's general robust loss: one family from the squared error (alpha 2) to Welsch's (alpha −∞).
 *
 * For choosing robustness by a number: alpha 1 is pseudo-Huber, 0 Cauchy, −2 Geman–McClure. Below 1 its gradient
 * falls again beyond an error of about `c`; the smaller alpha, the less an outlier pulls. */
export const barron = defineLoss({
  name: "barron",
  family: "regression",
  inputs: { prediction: "...", target: "..." },
  params: {
    alpha: {
      default: 1,
      doc: "The shape: any number, −Infinity and Infinity included; smaller is more robust.",
    },
    c: { default: 1, above: 0, doc: "The unit of the error." },
  },
  arithmetic: "float64",
  references: ["Barron 2019, A General and Adaptive Robust Loss Function, eq. 8"],
  check: { inputs: { prediction: [1.5], target: [0] }, options: { alpha: -2 }, value: 0.72 },
  expr({ prediction, target, alpha, c }) {
    const error = prediction.sub(target).div(c);
    const half = error.square().mul(0.5);
    const width = alpha.sub(2).abs();
    const general = error.square().div(width).add(1).pow(alpha.div(2)).sub(1).mul(width.div(alpha));
    // The same with the power as an exponential, and its limits at alpha 0, 2 and ±∞.
    const log = logOnePlusSquare(error.mul(constant(1).div(width.sqrt())));
    const isLimit = width.eq(Number.POSITIVE_INFINITY);
    const exponent = where(isLimit, half.mul(alpha.sign()), log.mul(alpha.div(2)));
    const power = exponent.expm1().mul(where(isLimit, alpha.sign(), width.div(alpha)));
    const isQuadratic = alpha.eq(2);
    const straight = where(isQuadratic, half, log.mul(width.div(2)));
    return general.computedAs(where(isQuadratic.or(alpha.abs().lt(1e-17)), straight, power));
  },
});
