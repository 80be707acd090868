import { defineLoss } from "../contract/define.ts";
import { ownPartner, similarities } from "./parts/pairs.ts";

/** InfoNCE: each row of `first` should pick out its own partner among all rows of `second`.
 *
 * For self-supervised learning where the two sides differ, a query and a key. Its gradient goes mostly to the most
 * similar wrong partners. One direction only; `clip` is the mean of both. */
export const infoNce = defineLoss({
  name: "infoNce",
  family: "metric",
  inputs: { first: "n d", second: "n d" },
  params: {
    temperature: {
      default: 0.07,
      above: 0,
      doc: "How sharp the softmax is: lower looks at harder partners.",
    },
  },
  references: [
    "van den Oord et al. 2018, Representation Learning with Contrastive Predictive Coding, eq. 4",
    "He et al. 2020, Momentum Contrast for Unsupervised Visual Representation Learning, eq. 1",
  ],
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
    options: { temperature: 0.5 },
    value: 0.330084650060132,
  },
  expr({ first, second, temperature }) {
    return ownPartner(similarities(first, second).div(temperature));
  },
});
