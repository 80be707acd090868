import { defineLoss } from "../contract/define.ts";
import { iota, where } from "../language/expr.ts";
import { similarities } from "./parts/pairs.ts";

/** SigLIP's loss: every pair of a row and a partner is judged by itself, matched or not, by logistic loss.
 *
 * For two encoders trained together when batches are split over machines: no softmax binds the pairs. `scale` and
 * `bias` given as inputs are learnt; `bias` starts low, since nearly all pairs do not match. */
export const sigLip = defineLoss({
  name: "sigLip",
  family: "metric",
  inputs: {
    first: "n d",
    second: "n d",
    scale: { axes: "", optional: true, domain: "positive" },
    bias: { axes: "", optional: true },
  },
  params: {
    scale: { default: 10, above: 0, doc: "What cosines are multiplied by." },
    bias: { default: -10, doc: "What is added to all logits." },
  },
  references: ["Zhai et al. 2023, Sigmoid Loss for Language Image Pre-Training, alg. 1"],
  check: {
    inputs: {
      first: [
        [1, 0],
        [0, 2],
      ],
      second: [
        [1, 1],
        [0, 1],
      ],
    },
    options: { scale: 2, bias: -1 },
    value: 1.0277038896367614,
  },
  expr({ first, second, scale, bias }) {
    const logits = similarities(first, second).mul(scale).add(bias);
    const matched = where(iota("n").eq(iota("m")), 1, -1);
    return matched.mul(logits).neg().softplus().sum("m");
  },
});
