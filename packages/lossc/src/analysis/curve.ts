// A loss as a curve: value, gradient and curvature at even steps along one of its views.

import { LossError } from "../errors.ts";
import { lineOf } from "./line.ts";
import type { Subject } from "./subject.ts";
import type { Curve, CurveOptions } from "./types.ts";
import { findView, toldOf } from "./views/index.ts";

const POINTS = 201;

export function curveOf(subject: Subject, options: CurveOptions = {}): Curve {
  const { over, points = POINTS, params = {}, target } = options;
  const view = findView(subject, over, params, target);
  const { from = view.range[0], to = view.range[1] } = options;
  const fail = (option: string, message: string) => {
    throw new LossError("bad-option", message, { loss: subject.name, option });
  };
  if (!(Number.isFinite(from) && Number.isFinite(to) && from < to))
    fail("from", `"from" is ${from} and "to" is ${to}; a curve runs from a number to a larger one.`);
  if (from < view.domain[0] || to > view.domain[1])
    fail(
      "from",
      `"from" is ${from} and "to" is ${to}, but the ${view.name} is in [${view.domain.join(", ")}].`,
    );
  if (!Number.isInteger(points) || points < 2)
    fail("points", `"points" is ${points}; a curve has 2 or more.`);
  const line = lineOf(subject, view, params);
  const step = (to - from) / (points - 1);
  const x = Float64Array.from({ length: points }, (_, i) => (i === points - 1 ? to : from + i * step));
  const { value, slope } = line.at(x);
  const { values: curvature, by } = line.curvature(x);
  const plain = (numbers: Float64Array) => numbers.map((one) => one + 0); // −0 is 0
  return {
    loss: subject.name,
    view: toldOf(view),
    params,
    x,
    value: plain(value),
    gradient: plain(slope),
    curvature: plain(curvature),
    curvatureBy: by,
  };
}
