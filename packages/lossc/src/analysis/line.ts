// A loss along a view: values, slopes and curvatures at any x, by the chain rule through the view.

import { LossError } from "../errors.ts";
import type { LineResult, Subject } from "./subject.ts";
import { stack } from "./views/inputs.ts";
import type { PlacedView, Row } from "./views/view.ts";

type Options = Readonly<Record<string, unknown>>;

export interface OnLine {
  readonly value: Float64Array;
  readonly slope: Float64Array;
}

export interface Line {
  readonly view: PlacedView;
  /** Whether samples do not meet: many x are then one call. */
  readonly apart: boolean;
  at(x: ArrayLike<number>): OnLine;
  /** The second derivative, and where it is from. */
  curvature(x: ArrayLike<number>): {
    readonly values: Float64Array;
    readonly by: "expression" | "differences";
  };
}

/** Samples beside the one that moves, where a loss looks at all of a batch: across the view's range. */
const COMPANIONS = 6;
/** So small that the error of a central difference, about h², is that of its rounding, about 1e-16/h. */
const STEP = 1e-5;

/** How samples meet in a loss: not at all; in what a batch has in common; or there is no loss per sample. */
type Meeting = "apart" | "companions" | "whole";

export function lineOf(subject: Subject, view: PlacedView, options: Options): Line {
  const meeting = meetingOf(subject, view, options);
  const companions = meeting === "companions" ? companionRows(view) : [];

  /** Σ over a sample's numbers of gradient · direction, for each of `count` samples. */
  const along = (
    parts: LineResult["gradients"],
    directions: Readonly<Record<string, Float64Array>>,
    count: number,
  ) => {
    const sums = new Float64Array(count);
    for (const [name, direction] of Object.entries(directions)) {
      const width = direction.length / count;
      for (let i = 0; i < direction.length; i++)
        if (direction[i] !== 0) sums[Math.floor(i / width)] += parts[name][i] * direction[i];
    }
    return sums;
  };

  /** One call: some samples that do not meet, or one with its companions, or a batch. */
  const evaluate = (xs: readonly number[], second: boolean) => {
    const rows = xs.map(view.sample);
    const { inputs, first, second: bending } = stack(subject, view, [...rows, ...companions], options);
    const count = rows.length + companions.length;
    const of = meeting === "whole" ? "whole" : "samples";
    const upstream = new Float64Array(count).fill(1, 0, rows.length);
    const result = subject.evaluate({
      inputs,
      directions: first,
      options,
      of,
      second,
      ...(of === "samples" && { upstream }),
    });
    const slope = along(result.gradients, first, count);
    const bend = result.second && along(result.second, first, count);
    const turning = bend && along(result.gradients, bending, count);
    return {
      value: Float64Array.from({ length: rows.length }, (_, i) => result.values[i]),
      slope: slope.subarray(0, rows.length),
      bend: bend?.map((x, i) => x + turning![i]).subarray(0, rows.length),
    };
  };

  const each = (x: ArrayLike<number>, second: boolean) => {
    const xs = Array.from(x);
    if (meeting === "apart" && xs.length > 0) return evaluate(xs, second);
    const ones = xs.map((one) => evaluate([one], second));
    const joined = (read: (one: (typeof ones)[number]) => number) => Float64Array.from(ones, read);
    return {
      value: joined(({ value }) => value[0]),
      slope: joined(({ slope }) => slope[0]),
      bend: ones.every(({ bend }) => bend) ? joined(({ bend }) => bend![0]) : undefined,
    };
  };

  const byDifferences = (x: ArrayLike<number>): Float64Array => {
    const xs = Array.from(x);
    const [low, high] = view.domain;
    const ends = xs.map((at) => {
      const h = STEP * Math.max(1, Math.abs(at));
      return [Math.max(low, at - h), Math.min(high, at + h)];
    });
    const { slope } = each(ends.flat(), false);
    return Float64Array.from(ends, ([from, to], i) => (slope[2 * i + 1] - slope[2 * i]) / (to - from));
  };

  return {
    view,
    apart: meeting === "apart",
    at: (x) => each(x, false),
    curvature(x) {
      const { bend } = each(x, true);
      return bend ? { values: bend, by: "expression" } : { values: byDifferences(x), by: "differences" };
    },
  };
}

const companionRows = (view: PlacedView): Row[] => {
  const [from, to] = view.range;
  return Array.from({ length: COMPANIONS }, (_, i) =>
    view.sample(from + ((to - from) * (i + 0.5)) / COMPANIONS),
  );
};

/** Found by trying: some samples together and each by itself. Two are near each other, for a loss may sort samples that
 * are alike into one bin. */
function meetingOf(subject: Subject, view: PlacedView, options: Options): Meeting {
  if (view.batch) return "whole";
  const [from, to] = view.range;
  const rows = [0.2, 0.5025, 0.55, 0.5501, 0.9].map((share) => view.sample(from + share * (to - from)));
  const losses = (some: readonly Row[]) => {
    const { inputs } = stack(subject, view, some, options);
    return Array.from(
      subject.evaluate({ inputs, directions: {}, options, of: "samples", second: false }).values,
    );
  };
  try {
    const together = losses(rows);
    if (together.length !== rows.length) return "whole";
    const alone = rows.flatMap((row) => losses([row]));
    return together.every((value, i) => Object.is(value, alone[i])) ? "apart" : "companions";
  } catch (error) {
    if (error instanceof LossError && error.code === "unsupported") return "whole";
    throw error;
  }
}
