import { defineLoss } from "../contract/define.ts";
import { headInputs } from "./parts/angles.ts";
import { cosineMargin, cosineMarginParams } from "./parts/cosineMargin.ts";

/** CosFace (large-margin cosine loss): cross-entropy of scaled cosines, with a margin taken off the true class's.
 *
 * For face recognition with many identities. The margin is the same at every angle; its gradient is that of NormFace
 * at the shifted cosine. `amSoftmax` is the same formula with a smaller scale. */
export const cosFace = defineLoss({
  name: "cosFace",
  family: "head",
  inputs: headInputs,
  params: cosineMarginParams(64),
  references: ["Wang et al. 2018, CosFace: Large Margin Cosine Loss for Deep Face Recognition, eq. 4"],
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
