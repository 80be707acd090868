// Lines of a curve: where it is broken (missing values, jumps), and what of it lies within the panel.

import { line } from "d3-shape";
import type { Range, Scale } from "./scale.ts";
import { element, px } from "./svg.ts";
import { dashOf, type Paint, seriesRole } from "./theme.ts";

export type Point = readonly [x: number, y: number];
export type Run = readonly Point[];

/** A place where a curve jumps or has a corner, with its limits on both sides. */
export interface Jump {
  readonly at: number;
  readonly left: number;
  readonly right: number;
}

/** A curve's connected runs: with the given corners, broken at the given jumps, at missing values, and if the
 * slope is known, where two samples are farther apart than it can account for. */
export function runsOf(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  slope: ArrayLike<number> | undefined,
  jumps: readonly Jump[] = [],
): Run[] {
  const runs: Point[][] = [];
  let run: Point[] = [];
  const end = () => {
    if (run.length > 0) runs.push(run);
    run = [];
  };
  const span = x[x.length - 1] - x[0];
  const size = spread(y);
  const rest = jumps.filter(({ at }) => at >= x[0] && at <= x[x.length - 1]).sort((a, b) => a.at - b.at);
  for (let i = 0; i < x.length; i++) {
    while (rest.length > 0 && rest[0].at <= x[i] + 1e-9 * span) {
      const { at, left, right } = rest.shift()!;
      if (Math.abs(left - right) <= 1e-3 * size) {
        run.push([at, left]);
        continue;
      }
      if (Number.isFinite(left) && at > x[0]) run.push([at, left]);
      end();
      if (Number.isFinite(right) && at < x[x.length - 1]) run.push([at, right]);
    }
    const onJump = jumps.some(({ at }) => Math.abs(at - x[i]) <= 1e-9 * span);
    if (onJump) continue;
    if (Number.isNaN(y[i])) {
      end();
      continue;
    }
    const last = run[run.length - 1];
    if (slope && last !== undefined && last[0] === x[i - 1] && isJump(x, y, slope, i, size)) end();
    run.push([x[i], y[i]]);
  }
  end();
  return runs;
}

function spread(y: ArrayLike<number>): number {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < y.length; i++) {
    if (!Number.isFinite(y[i])) continue;
    low = Math.min(low, y[i]);
    high = Math.max(high, y[i]);
  }
  return high - low;
}

/** Whether the step from sample i − 1 is a jump: large, and several times what the slopes at both ends make. */
function isJump(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  slope: ArrayLike<number>,
  i: number,
  size: number,
): boolean {
  const step = Math.abs(y[i] - y[i - 1]);
  if (!Number.isFinite(step) || step < 0.04 * size) return false;
  const steepest = Math.max(...[slope[i], slope[i - 1]].filter(Number.isFinite).map(Math.abs), 0);
  return steepest * (x[i] - x[i - 1]) < 0.2 * step;
}

/** The parts of a run between two heights; what leaves the panel ends on its edge. */
export function clipped(run: Run, [low, high]: Range): Run[] {
  if (run.length === 1) return run[0][1] >= low && run[0][1] <= high ? [run] : [];
  const parts: Point[][] = [];
  let part: Point[] = [];
  for (let i = 1; i < run.length; i++) {
    const piece = clippedSegment(run[i - 1], run[i], low, high);
    if (piece === undefined) continue;
    const last = part[part.length - 1];
    if (last === undefined || last[0] !== piece[0][0] || last[1] !== piece[0][1]) {
      if (part.length > 0) parts.push(part);
      part = [piece[0]];
    }
    part.push(piece[1]);
  }
  if (part.length > 0) parts.push(part);
  return parts;
}

function clippedSegment(from: Point, to: Point, low: number, high: number): [Point, Point] | undefined {
  if ((from[1] < low && to[1] < low) || (from[1] > high && to[1] > high)) return undefined;
  return [cut(from, to, low, high), cut(to, from, low, high)];
}

/** The end of a segment, moved along it to the edge that it lies beyond. */
function cut(end: Point, other: Point, low: number, high: number): Point {
  const edge = end[1] < low ? low : end[1] > high ? high : undefined;
  if (edge === undefined) return end;
  if (!Number.isFinite(end[1])) return [end[0], edge];
  if (!Number.isFinite(other[1])) return [end[0], edge];
  const share = (edge - end[1]) / (other[1] - end[1]);
  return [end[0] + share * (other[0] - end[0]), edge];
}

/** Draws runs in the colour and line style of a series; a run of a single point is a dot. */
export function drawRuns(paint: Paint, runs: readonly Run[], index: number, x: Scale, y: Scale): string[] {
  const path = line<Point>(
    (point) => x(point[0]),
    (point) => y(point[1]),
  ).digits(2);
  const parts = runs.flatMap((run) => clipped(run, y.domain));
  const role = seriesRole(index);
  const lines = parts.filter(({ length }) => length > 1).map((part) => path([...part]));
  const dots = parts.filter(({ length }) => length === 1);
  return [
    lines.length === 0
      ? ""
      : element("path", {
          d: lines.join(""),
          fill: "none",
          "stroke-width": 2.25,
          "stroke-linejoin": "round",
          "stroke-dasharray": dashOf(index),
          ...paint({ stroke: role }),
        }),
    ...dots.map(([[at, value]]) =>
      element("circle", { cx: px(x(at)), cy: px(y(value)), r: 3, ...paint({ fill: role }) }),
    ),
  ];
}
