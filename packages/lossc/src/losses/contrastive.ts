import { defineLoss } from "../contract/define.ts";

/** Contrastive loss of pairs: half the squared distance of equals, half the squared shortfall of a margin of others.
 *
 * For embeddings from pairs known to be the same or not. Equals pull with their distance; different pairs push until
 * they are `margin` apart and then have gradient 0, as coincident ones have. */
export const contrastive = defineLoss({
  name: "contrastive",
  family: "metric",
  inputs: { first: "n d", second: "n d", same: { axes: "n", kind: "binary" } },
  params: { margin: { default: 1, min: 0, doc: "How far apart different pairs should be." } },
  references: [
    "Hadsell, Chopra & LeCun 2006, Dimensionality Reduction by Learning an Invariant Mapping, eq. 4",
    "Sun et al. 2014, Deep Learning Face Representation by Joint Identification-Verification, eq. 2",
  ],
  check: {
    inputs: {
      first: [
        [0, 0],
        [0, 0],
      ],
      second: [
        [3, 4],
        [3, 4],
      ],
      same: [1, 0],
    },
    options: { margin: 6, reduction: "sum" },
    value: 13,
  },
  expr({ first, second, same, margin }) {
    const distance = first.sub(second).norm("d"); // its gradient is 0 at 0
    return same.expect(distance.square().mul(0.5), margin.sub(distance).relu().square().mul(0.5));
  },
});
