// Several losses over one view: value above, gradient below.

import type { Curve } from "lossc";

export interface CurvePlotOptions {
  readonly title?: string;
  /** In pixels. */
  readonly width?: number;
  readonly height?: number;
}

/** One SVG document of curves over one view. */
export function plotCurves(_curves: readonly Curve[], _options: CurvePlotOptions = {}): string {
  return "";
}
