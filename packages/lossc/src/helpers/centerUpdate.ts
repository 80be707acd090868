// The update of class centres that the centre loss's paper uses in place of a gradient step.

import { asTensor, read } from "../contract/tensors.ts";
import type { Tensor, TensorInput } from "../contract/types.ts";
import { LossError } from "../errors.ts";

/** Centres [c d] after a batch of features [n d] with labels [n]: c_j − α·Σ(c_j − x)/(1 + n_j), the sum over the n_j
 * features of class j. Wen et al. 2016, eq. 4. Throws `shape-mismatch` and `label-out-of-range`. */
export function centerUpdate(
  features: TensorInput,
  labels: TensorInput,
  centers: TensorInput,
  alpha = 0.5,
): Tensor {
  const [x, y, old] = [
    read(features, WHO, "features"),
    read(labels, WHO, "labels"),
    read(centers, WHO, "centers"),
  ];
  const [count, width] = x.shape;
  const [classes, centerWidth] = old.shape;
  if (
    x.shape.length !== 2 ||
    old.shape.length !== 2 ||
    width !== centerWidth ||
    y.shape.join() !== `${count}`
  ) {
    const shape = (given: { shape: readonly number[] }) => `[${given.shape.join(", ")}]`;
    throw new LossError(
      "shape-mismatch",
      `features have shape ${shape(x)}, labels ${shape(y)} and centers ${shape(old)}; they must be [n, d], [n] and [c, d].`,
      { loss: WHO },
    );
  }
  const members = new Array<number>(classes).fill(0);
  const pulls = new Float64Array(old.data.length);
  for (let i = 0; i < count; i++) {
    const label = y.data[i];
    if (!(Number.isInteger(label) && label >= 0 && label < classes)) {
      throw new LossError(
        "label-out-of-range",
        `"labels" has label ${label} at row ${i}, but there are ${classes} classes.`,
        { loss: WHO, input: "labels", at: [i] },
      );
    }
    members[label] += 1;
    for (let k = 0; k < width; k++)
      pulls[label * width + k] += old.data[label * width + k] - x.data[i * width + k];
  }
  const updated = Float64Array.from(
    pulls,
    (pull, place) => old.data[place] - (alpha * pull) / (1 + members[Math.floor(place / width)]),
  );
  return asTensor(updated, old.shape, old.storage === "float32" ? "float32" : "float64");
}

const WHO = "centerUpdate";
