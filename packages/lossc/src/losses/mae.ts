import { defineLoss } from "../contract/define.ts";

/** Mean absolute error: the distance from the target.
 *
 * For targets with outliers when the median is what you want to predict. Every sample pulls with the same force,
 * however small its error, so training does not settle by itself near the minimum. */
export const mae = defineLoss({
  name: "mae",
  family: "regression",
  inputs: { prediction: "...", target: "..." },
  references: ["Laplace 1774, Mémoire sur la probabilité des causes par les événements"],
  check: {
    inputs: { prediction: [1, 5, 3, 0.5], target: [4, 1, 0, 0.4] },
    options: { reduction: "sum" },
    value: 10.1,
  },
  expr({ prediction, target }) {
    return prediction.sub(target).abs();
  },
});
