import { defineLoss } from "../contract/define.ts";
import { where } from "../language/expr.ts";
import { batchInputs, kindsOf, logitsOfOthers } from "./parts/pairs.ts";

/** NT-Xent: the softmax, over all other samples, of a positive pair's similarity at a temperature.
 *
 * For self-supervised embeddings: give the views of one picture the same label. Its gradient goes mostly to the most
 * similar negatives, the more so the lower the temperature. The mean is over all ordered positive pairs. */
export const ntXent = defineLoss({
  name: "ntXent",
  family: "metric",
  inputs: batchInputs,
  params: {
    temperature: {
      default: 0.1,
      above: 0,
      doc: "How sharp the softmax is: lower looks at harder negatives.",
    },
  },
  references: [
    "Chen et al. 2020, A Simple Framework for Contrastive Learning of Visual Representations, eq. 1",
  ],
  check: {
    inputs: {
      embeddings: [
        [1, 0],
        [1, 1],
        [0, 1],
        [-1, 1],
      ],
      labels: [0, 0, 1, 1],
    },
    options: { temperature: 0.5 },
    value: 0.5359693517993647,
  },
  expr({ embeddings, labels, temperature }) {
    const logits = logitsOfOthers(embeddings, temperature);
    const { positive } = kindsOf(labels);
    return { loss: where(positive, logits.logSoftmax("m").neg(), 0), counted: positive };
  },
});
