// Views and curves of a loss, by the loss itself.

import { curveOf } from "./analysis/curve.ts";
import type { Curve, CurveOptions, View } from "./analysis/types.ts";
import { placedViews, toldOf } from "./analysis/views/index.ts";
import { bodyOf } from "./contract/define.ts";
import { subjectOf } from "./contract/subject.ts";

/** The one-dimensional views of a loss (residual, margin, logit, lead of the true class, angle, shift of a box …), the
 * most telling first; none where its inputs fit no view. They follow from the kinds, roles, axes and domains of the
 * inputs, so losses that you define have them too. `params` are parameters that may change what inputs hold.
 *
 * Throws `definition` for what is no loss, and what the loss throws for a wrong parameter. */
export function viewsOf(loss: object, params: Readonly<Record<string, unknown>> = {}): readonly View[] {
  return placedViews(subjectOf(bodyOf(loss)), params).map(toldOf);
}

/** A loss along one of its views: its value, gradient and curvature at `points` even steps of x from `from` to `to`
 * (default: 201 points of the first view's own range), in float64.
 *
 * Value and gradient are the loss's own, by the chain rule through the view; where samples meet in a batch they are
 * those of the batch's mean, or of one sample among companions. Throws `bad-option` for a view that the loss does not
 * have, an empty or too wide interval and fewer than 2 points, `unsupported` for a loss without views. */
export function curve(loss: object, options: CurveOptions = {}): Curve {
  return curveOf(subjectOf(bodyOf(loss)), options);
}
