// Kernels of losses for training, kept between runs: a run that starts anew at every move of a drag must not compile.

import { type AnyLoss, catalogue, compile, LossError, type LossKernel } from "lossc";

const MOST = 48;
const kept = new Map<string, LossKernel>();

type Shape = Readonly<Record<string, readonly number[]>>;

/** A kernel in float64 for inputs of these shapes; the reference engine's where there is no other. It belongs to all
 * who ask for the same: fill its inputs before each run. */
export function kernelOf(
  loss: AnyLoss,
  shape: Shape,
  options: Readonly<Record<string, unknown>>,
): LossKernel {
  // A loss of one's own may be another one under the same name.
  const identity = catalogue.get(loss.name) === loss ? loss.name : `${loss.name}: ${loss.expr}`;
  const key = JSON.stringify([identity, shape, options]);
  const known = kept.get(key);
  if (known) return known;
  const kernel = make(loss, shape, options);
  kept.set(key, kernel);
  if (kept.size > MOST) {
    const [oldest, old] = kept.entries().next().value!;
    kept.delete(oldest);
    old.dispose();
  }
  return kernel;
}

function make(loss: AnyLoss, shape: Shape, options: Readonly<Record<string, unknown>>): LossKernel {
  try {
    return compile(loss, { shape, options, dtype: "float64", threads: 1 });
  } catch (error) {
    if (!(error instanceof LossError && error.code === "unsupported")) throw error;
    return compile(loss, { shape, options, dtype: "float64", engine: "reference" });
  }
}
