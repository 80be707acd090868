import { defineLoss } from "../contract/define.ts";
import { distanceOf, tripletParams } from "./parts/pairs.ts";

/** Triplet loss: an anchor should be nearer to its positive than to its negative, by a margin.
 *
 * For embeddings from triplets that you choose; choosing hard ones is most of the work, for triplets that hold the
 * margin have gradient 0. */
export const triplet = defineLoss({
  name: "triplet",
  family: "metric",
  inputs: { anchor: "n d", positive: "n d", negative: "n d" },
  params: tripletParams,
  references: [
    "Schroff et al. 2015, FaceNet: A Unified Embedding for Face Recognition and Clustering, eq. 3",
  ],
  check: {
    inputs: { anchor: [[0, 0]], positive: [[3, 4]], negative: [[0, 2]] },
    options: { normalize: false, distance: "euclidean", margin: 1 },
    value: 4,
  },
  expr({ anchor, positive, negative, margin, distance, normalize }) {
    const [a, p, n] = [anchor, positive, negative].map((x) => (normalize ? x.unit("d") : x));
    return distanceOf(a.sub(p), distance)
      .sub(distanceOf(a.sub(n), distance))
      .add(margin)
      .relu();
  },
});
