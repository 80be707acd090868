import { defineLoss } from "../contract/define.ts";
import { where } from "../language/expr.ts";

/** Epsilon-insensitive: the absolute error beyond a tube of half-width `epsilon`.
 *
 * The loss of support-vector regression. Samples within the tube have gradient 0; all others pull with the same
 * force. */
export const epsilonInsensitive = defineLoss({
  name: "epsilonInsensitive",
  family: "regression",
  inputs: { prediction: "...", target: "..." },
  params: { epsilon: { default: 0.1, min: 0, doc: "Errors up to this size cost nothing." } },
  arithmetic: "float64",
  references: ["Vapnik 1995, The Nature of Statistical Learning Theory, ch. 6"],
  check: {
    inputs: { prediction: [1, 5, 3, 0.5], target: [4, 1, 0, 0.45] },
    options: { epsilon: 0.5, reduction: "sum" },
    value: 8.5,
  },
  expr({ prediction, target, epsilon }) {
    const size = prediction.sub(target).abs();
    const beyond = size.sub(epsilon);
    return beyond.relu().computedAs(where(size.le(epsilon), 0, beyond)); // slope 0 at the kinks
  },
});
