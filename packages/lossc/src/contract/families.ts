// The families of the catalogue, in the order in which a textbook goes through them, and what they are called.

import type { Family } from "./types.ts";

export const families: Readonly<Record<Family, string>> = {
  regression: "Regression",
  binary: "Binary classification",
  margin: "Margins",
  multiclass: "Classification",
  distribution: "Distributions",
  ranking: "Ranking",
  metric: "Metric learning",
  head: "Margin heads",
  box: "Boxes",
  segmentation: "Segmentation",
  penalty: "Penalties",
};
