import { defineLoss } from "../contract/define.ts";
import { constant, where } from "../language/expr.ts";

/** Tukey's biweight: like the squared error near the target, constant beyond `c` scales.
 *
 * For data with gross outliers: a sample further off than `c` has no influence at all. The gradient rises,
 * falls again and is 0 from `c` on, so a start far from the data does not learn; begin with Huber. */
export const tukeyBiweight = defineLoss({
  name: "tukeyBiweight",
  family: "regression",
  arithmetic: "float64",
  inputs: { prediction: "n ...", target: "n ..." },
  params: {
    c: {
      default: 4.6851,
      above: 0,
      doc: "Errors of more than this many scales have no influence; 4.6851 is 95 % efficient on normal errors.",
    },
    scale: {
      default: 1,
      above: 0,
      or: ["mad"],
      doc: 'The unit of the error, or "mad": 1.4826 median absolute deviations, per output column over the batch.',
    },
  },
  references: [
    "Beaton & Tukey 1974, The Fitting of Power Series",
    "Belagiannis et al. 2015, Robust Optimization for Deep Regression",
  ],
  check: {
    inputs: { prediction: [1, 4, 9], target: [0, 0, 0] },
    options: { reduction: "sum" },
    value: 7.721415885301517,
  },
  expr({ prediction, target, c, scale }) {
    const error = prediction.sub(target);
    const biweight = (unit: typeof error) => {
      const inside = error.div(unit).div(c).square().min(1);
      return constant(1).sub(constant(1).sub(inside).pow(3)).mul(c.square().div(6));
    };
    if (scale !== "mad") return biweight(scale);
    const mad = error.sub(error.median("n")).abs().median("n").mul(1.4826).stopGradient();
    return {
      loss: biweight(where(mad.eq(0), 1, mad)),
      notes: { "the median absolute deviation is 0 in a column, so its scale is 1": mad.eq(0) },
    };
  },
});
