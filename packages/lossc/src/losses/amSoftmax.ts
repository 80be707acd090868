import { defineLoss } from "../contract/define.ts";
import { headInputs } from "./parts/angles.ts";
import { cosineMargin, cosineMarginParams } from "./parts/cosineMargin.ts";

/** AM-Softmax: cross-entropy of scaled cosines, with a margin taken off the true class's.
 *
 * For face verification. The margin is the same at every angle, so that it trains without annealing; its gradient is
 * that of NormFace at the shifted cosine. `cosFace` is the same formula with a larger scale. */
export const amSoftmax = defineLoss({
  name: "amSoftmax",
  family: "head",
  inputs: headInputs,
  params: cosineMarginParams(30),
  references: ["Wang et al. 2018, Additive Margin Softmax for Face Verification, eq. 6"],
  check: {
    inputs: {
      features: [[3, 4]],
      weights: [
        [1, 0],
        [0, 2],
      ],
      labels: [0],
    },
    options: { scale: 2 },
    value: 1.3873353251154308,
  },
  expr: cosineMargin,
});
