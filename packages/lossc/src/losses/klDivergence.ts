import { defineLoss } from "../contract/define.ts";
import { distributionForm, distributionInput, logProbabilities } from "./parts/distribution.ts";

/** Kullback–Leibler divergence of a predicted distribution from the target's: cross-entropy minus entropy.
 *
 * For soft targets such as a teacher's probabilities; 0 exactly when both agree. Its gradient is cross-entropy's,
 * for the target's entropy is constant. */
export const klDivergence = defineLoss({
  name: "klDivergence",
  family: "distribution",
  inputs: {
    prediction: distributionInput,
    target: { axes: "n... c", domain: "distribution" },
  },
  params: { from: distributionForm },
  references: ["Kullback & Leibler 1951, On Information and Sufficiency"],
  check: {
    inputs: { prediction: [[0.5, 0.25, 0.25]], target: [[0.25, 0.75, 0]] },
    options: { from: "probabilities" },
    value: 0.6506724213610959,
  },
  expr({ prediction, target, from }) {
    return target.weigh(target.log().sub(logProbabilities(prediction, from))).sum("c");
  },
});
