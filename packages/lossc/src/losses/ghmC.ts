import { defineLoss } from "../contract/define.ts";
import { densityParams, harmonized, runningCounts } from "./parts/density.ts";

/** Gradient harmonized classification: binary cross-entropy, divided by how many samples have as large a gradient.
 *
 * For detection, where easy samples and hopeless outliers crowd the batch: each size of gradient gets the same total
 * say. The factor is constant in the gradient; `state` gives the running counts for the next call. */
export const ghmC = defineLoss({
  name: "ghmC",
  family: "binary",
  inputs: {
    logits: "...",
    target: { axes: "...", kind: "binary", posWeight: true },
    ...runningCounts,
  },
  params: densityParams(30, 0.75),
  references: ["Li, Liu & Wang 2019, Gradient Harmonized Single-stage Detector, eq. 9"],
  check: {
    inputs: { logits: [-4, -3, -3.5, 2, 0.5, -1], target: [0, 0, 0, 1, 0, 1] },
    options: { bins: 10, momentum: 0 },
    value: 0.6116073121656732,
  },
  expr({ logits, target, ...running }) {
    const loss = target.expect(logits.neg().softplus(), logits.softplus());
    const gradientSize = logits.sigmoid().sub(target.value).abs();
    return harmonized(loss, gradientSize, running);
  },
});
