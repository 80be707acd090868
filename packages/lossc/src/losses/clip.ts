import { defineLoss } from "../contract/define.ts";
import { ownPartner, similarities } from "./parts/pairs.ts";

/** CLIP's loss: each row should pick out its own partner on the other side, in both directions.
 *
 * For two encoders trained together, pictures and texts. `scale` multiplies the cosines; given as an input, it is
 * learnt and gets a gradient. */
export const clip = defineLoss({
  name: "clip",
  family: "metric",
  inputs: { first: "n d", second: "n d", scale: { axes: "", optional: true, domain: "positive" } },
  params: {
    scale: { default: 1 / 0.07, above: 0, doc: "What cosines are multiplied by: one over the temperature." },
  },
  references: [
    "Radford et al. 2021, Learning Transferable Visual Models From Natural Language Supervision, fig. 3",
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
    options: { scale: 2 },
    value: 0.37006112293079546,
  },
  expr({ first, second, scale }) {
    const there = ownPartner(similarities(first, second).mul(scale));
    const back = ownPartner(similarities(second, first).mul(scale));
    return there.add(back).mul(0.5);
  },
});
