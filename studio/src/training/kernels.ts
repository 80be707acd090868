// Kernels of losses for training, kept between runs: a run that starts anew at every move of a drag must not compile.

import { type AnyLoss, type CompileSettings, catalogue, compile, LossError, type LossKernel } from "lossc";

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
  const kernel = compiled(loss, { shape, options, dtype: "float64", threads: 1 });
  kept.set(key, kernel);
  if (kept.size > MOST) {
    const [oldest, old] = kept.entries().next().value!;
    kept.delete(oldest);
    old.dispose();
  }
  return kernel;
}

/** Compiles a loss; what has no kernel, such as some losses of one's own, runs in the reference engine. */
export function compiled(loss: AnyLoss, settings: CompileSettings): LossKernel {
  try {
    return compile(loss, settings);
  } catch (error) {
    if (!(error instanceof LossError && error.code === "unsupported")) throw error;
    return compile(loss, { ...settings, engine: "reference" });
  }
}
