import { defineLoss } from "../contract/define.ts";

/** Center loss: half the squared distance of a feature from its class's centre.
 *
 * Added to softmax cross-entropy with a small factor, it draws each class together. Alone it collapses all
 * features to one point. `grads.centers` is the true gradient. */
export const center = defineLoss({
  name: "center",
  family: "metric",
  inputs: { features: "n d", labels: { axes: "n", kind: "index", over: "c" }, centers: "c d" },
  references: [
    "Wen et al. 2016, A Discriminative Feature Learning Approach for Deep Face Recognition, eq. 2",
  ],
  check: {
    inputs: {
      features: [
        [1, 0],
        [0, 1],
        [2, 2],
      ],
      labels: [0, 0, 1],
      centers: [
        [0, 0],
        [0, 0],
      ],
    },
    options: { reduction: "sum" },
    value: 5,
  },
  expr({ features, labels, centers }) {
    return features.sub(centers.take(labels, "c")).square().sum("d").mul(0.5);
  },
});
