import { defineLoss } from "../contract/define.ts";
import { constant, iota, where } from "../language/expr.ts";
import { lovaszOf } from "./parts/lovasz.ts";

/** Lovász-softmax: the Jaccard loss of each class's pixels, made piecewise linear in the probabilities.
 *
 * For segmentation of several classes judged by mean IoU. A pixel's gradient is what its class's Jaccard loss grows by as
 * it joins the wrong ones. The mean is over the classes that the sample's target has. */
export const lovaszSoftmax = defineLoss({
  name: "lovaszSoftmax",
  family: "segmentation",
  inputs: {
    logits: "n p... c",
    probability: { axes: "n p... c", domain: "distribution", instead: "logits" },
    target: { axes: "n p...", kind: "index", over: "c" },
  },
  references: ["Berman, Rannen Triki & Blaschko 2018, The Lovász-Softmax Loss, eq. 11"],
  check: {
    inputs: {
      probability: [
        [
          [0.7, 0.3],
          [0.4, 0.6],
          [0.9, 0.1],
        ],
      ],
      target: [[0, 1, 1]],
    },
    value: 0.6333333333333333,
  },
  expr({ logits, probability, target }) {
    const truth = iota("c").eq(target).mul(1);
    const p = probability ?? logits.softmax("c");
    const errors = where(truth.gt(0), constant(1).sub(p), p);
    const present = truth.any("p");
    return where(present, lovaszOf(errors, truth, "p"), 0)
      .sum("c")
      .div(present.count("c"));
  },
});
