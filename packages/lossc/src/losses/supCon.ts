import { defineLoss } from "../contract/define.ts";
import { where } from "../language/expr.ts";
import { batchInputs, kindsOf, logitsOfOthers } from "./parts/pairs.ts";

/** Supervised contrastive loss: an anchor's mean log-probability, over all other samples, of its positives.
 *
 * For embeddings of labelled batches with several samples per class: L_out of the paper. Hard positives and hard
 * negatives get most of the gradient by themselves. Anchors without a positive do not count. */
export const supCon = defineLoss({
  name: "supCon",
  family: "metric",
  inputs: batchInputs,
  params: {
    temperature: { default: 0.1, above: 0, doc: "How sharp the softmax is: lower looks at harder samples." },
  },
  references: ["Khosla et al. 2020, Supervised Contrastive Learning, eq. 2"],
  check: {
    inputs: {
      embeddings: [
        [1, 0],
        [1, 1],
        [0, 1],
        [-1, 1],
      ],
      labels: [0, 0, 0, 1],
    },
    options: { temperature: 0.5 },
    value: 1.098006188013577,
  },
  expr({ embeddings, labels, temperature }) {
    const logits = logitsOfOthers(embeddings, temperature);
    const { positive } = kindsOf(labels);
    const total = where(positive, logits.logSoftmax("m").neg(), 0).sum("m");
    return { loss: total.div(positive.count("m").max(1)), counted: positive.any("m") };
  },
});
