import { combineLosses } from "../contract/combine.ts";
import { defineLoss } from "../contract/define.ts";
import { constant, iota, where } from "../language/expr.ts";
import { crossEntropy } from "./crossEntropy.ts";

/** The verification signal: contrastive loss over every pair of a batch, counted once. */
const verification = defineLoss({
  name: "verification",
  family: "metric",
  inputs: {
    embeddings: "n d",
    target: { axes: "n...", kind: "classes", over: "c", maskedBy: "logits", labelsOnly: true },
  },
  params: { margin: { default: 1, min: 0, doc: "How far apart different classes should be." } },
  expr({ embeddings, target, margin }) {
    const { label } = target.truth;
    const distance = embeddings.sub(embeddings.rename("n", "m")).norm("d");
    const apart = margin.sub(distance).relu();
    const kept = target.kept?.rename("n", "m") ?? constant(1).gt(0);
    return {
      loss: where(label.eq(label.rename("n", "m")), distance.square(), apart.square()).mul(0.5),
      counted: iota("n").lt(iota("m")).and(kept),
    };
  },
});

/** DeepID2: cross-entropy of the logits plus `lambda` times the contrastive loss over all pairs of the batch.
 *
 * For face embeddings that should separate identities and gather each of them. Cross-entropy's gradient drives classes
 * apart; the pairs' draws each class together, and pushes others only within the margin. */
export const deepId2 = combineLosses(
  [
    { loss: crossEntropy, factor: 1 },
    { loss: verification, factor: 0.05, factorName: "lambda", doc: "The weight of the verification signal." },
  ],
  {
    name: "deepId2",
    family: "metric",
    references: [
      "Sun et al. 2014, Deep Learning Face Representation by Joint Identification-Verification, eq. 1–4",
    ],
    check: {
      inputs: {
        logits: [
          [3, 1, -3],
          [0, 0, 0],
          [1, 2, 0],
        ],
        target: [0, 1, 0],
        embeddings: [
          [0, 0],
          [0.3, 0.4],
          [3, 4],
        ],
      },
      value: 1.0888590539807803,
    },
  },
);
