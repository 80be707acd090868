import { defineLoss } from "../contract/define.ts";
import { constant, where } from "../language/expr.ts";

/** Cosine embedding loss of pairs: 1 − cosine of equals, the cosine above a margin of others.
 *
 * For embeddings whose direction alone matters. Its gradient turns vectors and never lengthens them; different pairs
 * below the margin have gradient 0. A zero vector has cosine 0. */
export const cosineEmbedding = defineLoss({
  name: "cosineEmbedding",
  family: "metric",
  inputs: { first: "n d", second: "n d", target: { axes: "n", kind: "sign" } },
  params: {
    margin: { default: 0, min: -1, max: 1, doc: "The cosine below which different pairs count as settled." },
  },
  references: ["Bromley et al. 1993, Signature Verification using a Siamese Time Delay Neural Network"],
  check: {
    inputs: {
      first: [
        [3, 4],
        [3, 4],
      ],
      second: [
        [4, 3],
        [4, 3],
      ],
      target: [1, -1],
    },
    options: { margin: 0.5, reduction: "sum" },
    value: 0.5,
  },
  expr({ first, second, target, margin }) {
    const [u, v] = [first.unit("d"), second.unit("d")];
    const cosine = u.contract(v, "d");
    // 1 − cos cancels for near directions; it is half the squared distance of the unit vectors.
    const zero = first.norm("d").eq(0).or(second.norm("d").eq(0));
    const half = u.sub(v).square().sum("d").mul(0.5);
    const apart = constant(1).sub(cosine);
    return where(target.gt(0), apart.computedAs(where(zero, apart, half)), cosine.sub(margin).relu());
  },
});
