// How steep a loss gets, where its slope dies although the model is wrong, and what one outlier can do.

import { phrase } from "../../phrase.ts";
import type { Interval, PropertyCard } from "../types.ts";
import type { PlacedView } from "../views/view.ts";
import { evident } from "./evidence.ts";
import type { Least } from "./extent.ts";
import { listed, neat, neatPlace, placeIn, said } from "./numbers.ts";
import type { Point } from "./point.ts";
import { peak } from "./search.ts";
import type { Track } from "./track.ts";

type Largest = NonNullable<PropertyCard["largestSlope"]>;

export function largestSlope(track: Track, least: Least): Largest {
  const { points, ends, line } = track;
  const { symbol } = line.view;
  const unbounded = ends.filter(({ slope }) => !Number.isFinite(slope.at));
  if (unbounded.length > 0) {
    const where = unbounded.length === 2 ? `|${symbol}| → ∞` : `${symbol} → ${said(unbounded[0].end)}`;
    return {
      value: Number.POSITIVE_INFINITY,
      at: unbounded.at(-1)!.end,
      ...evident(phrase`grows without bound as ${where}`),
    };
  }
  const infinite = points.find(({ slope }) => Math.abs(slope) === Number.POSITIVE_INFINITY);
  if (infinite)
    return {
      value: Number.POSITIVE_INFINITY,
      at: infinite.x,
      ...evident(phrase`infinite at ${symbol} = ${said(infinite.x)}`),
    };
  const highest = points.reduce((most, { slope }) => Math.max(most, Math.abs(slope)), 0);
  if (highest === 0) return { value: 0, at: 0, ...evident(phrase`the slope is 0 wherever there is one`) };
  const value = neat(highest);
  const tending = ends.filter(({ slope }) => slope.tends && Math.abs(slope.at) >= (1 - 1e-9) * highest);
  if (tending.length > 0) {
    const where = tending.length === 2 ? `|${symbol}| → ∞` : `${symbol} → ${said(tending[0].end)}`;
    return { value, at: tending.at(-1)!.end, ...evident(phrase`tends to ${said(value)} as ${where}`) };
  }
  return attainedSlope(track, least, highest);
}

/** The largest slope, where it is first reached from the least value outwards. */
function attainedSlope(track: Track, least: Least, highest: number): Largest {
  const { points, ends, line, symmetric } = track;
  const finite = least.on.filter(Number.isFinite);
  const centre = finite.length === 0 ? 0 : finite.reduce((a, b) => a + b) / finite.length;
  const nothing = line.view.resolution;
  const isHighest = ({ slope }: Point) => Math.abs(slope) >= (1 - 1e-12) * highest;
  const nearer = (a: Point, b: Point): boolean => {
    const [toA, toB] = [Math.abs(a.x - centre), Math.abs(b.x - centre)];
    return toA < toB || (toA === toB && a.x > b.x);
  };
  const reached = points.filter(isHighest).reduce((best, one) => (nearer(one, best) ? one : best));
  const i = points.indexOf(reached);
  const outward = reached.x >= centre ? 1 : -1;
  const name = symmetric ? `|${line.view.symbol}|` : line.view.symbol;
  const end = ends.find(
    (one) => Math.sign(one.end) === outward && Math.abs(one.slope.at) >= (1 - 1e-9) * highest,
  );
  if (end) {
    const before = points[i - outward];
    const at = before ? neatPlace(track.edge(isHighest, reached.x, before.x), 1e-9, nothing) : reached.x;
    const value = neat(highest);
    const evidence = !symmetric
      ? phrase`${said(value)} for every ${name} ${outward < 0 ? "<" : ">"} ${said(at)}`
      : at === 0
        ? phrase`${said(value)} on both sides`
        : phrase`${said(value)} from ${name} = ${said(Math.abs(at))} on`;
    return { value, at: symmetric ? Math.abs(at) : at, ...evident(evidence) };
  }
  const at = steepestAt(track, reached, points[i - 1]?.x, points[i + 1]?.x);
  const value = neat(Math.max(highest, Math.abs(track.slope(at))));
  return {
    value,
    at: symmetric ? Math.abs(at) : at,
    ...evident(phrase`${said(value)} at ${name} = ${said(symmetric ? Math.abs(at) : at)}`),
  };
}

/** Where the curvature changes its sign, if it is known and does; a corner or an end is its own place. */
function steepestAt(
  { line, bend, slope, grain }: Track,
  { x, slope: own }: Point,
  low = x,
  high = x,
): number {
  const nothing = line.view.resolution;
  if (low === x || high === x || high - low < Math.max(1e-9 * Math.abs(x), 4 * grain(x)))
    return neatPlace(x, 1e-9, nothing);
  const sign = Math.sign(own);
  const { values, by } = line.curvature([low, high]);
  if (by === "expression" && values[0] * sign > 0 && values[1] * sign < 0)
    return neatPlace(bend(sign, low, high));
  const height = (at: number) => Math.abs(slope(at));
  const found = peak(height, low, high);
  return height(found) > height(x) ? neatPlace(found, 1e-6) : neatPlace(x);
}

interface Walk {
  readonly sign: 1 | -1;
  readonly end: number;
  /** From where the model is right to where it is wrong without bound. */
  readonly points: readonly Point[];
}

/** One walk for each wrong side. */
function walksOf(track: Track, least: Least): Walk[] {
  const { wrong, wrongFrom, domain } = track.line.view;
  const signs = { both: [-1, 1], below: [-1], above: [1], neither: [] } as const;
  return signs[wrong].map((sign) => {
    const [end, right] = sign < 0 ? [domain[0], least.on[0]] : [domain[1], least.on[1]];
    const start = wrongFrom ?? right;
    const points = track.points.filter(({ x }) => (sign < 0 ? x <= start : x >= start));
    return { sign, end, points: sign < 0 ? points.reverse() : points };
  });
}

/** A zone is wider than this share of the view's range. */
const THINNEST = 1e-6;
/** Below this share of the largest slope nothing is learnt. */
const DEAD = 0.01;

export function deadZones(
  track: Track,
  least: Least,
  largest: Largest,
): NonNullable<PropertyCard["deadZones"]> {
  const { view } = track.line;
  const zones = walksOf(track, least)
    .flatMap((walk) => deadOn(track, walk, largest.value))
    .sort((a, b) => a[0] - b[0]);
  const places = listed(zones.map((zone) => placeIn(zone, view.symbol)));
  const evidence =
    largest.value === 0
      ? phrase`the slope is 0 everywhere: no gradient to learn from`
      : zones.length === 0
        ? phrase`none: where the model is wrong the slope stays above 1 % of its largest`
        : Number.isFinite(largest.value)
          ? phrase`|slope| is below 1 % of ${said(largest.value)} for ${places}`
          : phrase`|slope| is below 1 % of what it is nearer for ${places}`;
  return { on: zones, ...evident(evidence) };
}

function deadOn(track: Track, { sign, end, points }: Walk, largest: number): Interval[] {
  const { view } = track.line;
  // Around a least value every slope is small; dead is what comes after it was alive. Of an unbounded slope, what is
  // below 1 % of the largest met on the way.
  let alive = view.wrongFrom !== undefined || largest === 0;
  let limit = Number.isFinite(largest) ? DEAD * largest : 0;
  let from: number | undefined;
  const zones: Interval[] = [];
  const cross = (inside: Point, outside: Point): number => {
    const below = limit;
    return neatPlace(
      track.edge(({ slope }) => Math.abs(slope) < below, inside.x, outside.x),
      1e-6,
    );
  };
  points.forEach((point, i) => {
    if (!Number.isFinite(point.slope)) return;
    if (!Number.isFinite(largest)) limit = Math.max(limit, DEAD * Math.abs(point.slope));
    const dead = Math.abs(point.slope) < limit || largest === 0;
    alive ||= !dead;
    if (alive && dead && from === undefined)
      from = i === 0 ? (view.wrongFrom ?? point.x) : cross(point, points[i - 1]);
    if (!dead && from !== undefined) {
      zones.push([from, cross(points[i - 1], point)]);
      from = undefined;
    }
  });
  if (from !== undefined) zones.push([from, end]);
  const thinnest = THINNEST * (view.range[1] - view.range[0]);
  return zones
    .map(([a, b]): Interval => (sign > 0 ? [a, b] : [b, a]))
    .filter(([a, b]) => b - a > thinnest)
    .filter((zone) => !isEndOfTurn(view, zone));
}

/** At the very end of a half-turn a slope by the angle is 0 whatever the loss: a last sliver there says nothing. */
const isEndOfTurn = ({ closed, domain }: PlacedView, [from, to]: Interval): boolean =>
  closed === true && to === domain[1] && to - from < 0.05;

export function outlier(track: Track, least: Least): PropertyCard["outlier"] {
  const { view } = track.line;
  if (view.closed) return undefined;
  const walks = walksOf(track, least).filter(({ points }) => points.length > 0);
  if (walks.length === 0) return undefined;
  const limits = walks.map(({ end, points }) => {
    const limit = track.ends.find((one) => one.end === end)?.slope.at ?? points.at(-1)!.slope;
    return { end, limit: neat(limit, 1e-7) };
  });
  const limit = limits.reduce((a, b) => (Math.abs(b.limit) >= Math.abs(a.limit) ? b : a)).limit;
  const flat = walks.every(({ points }) => points.every(({ slope }) => slope === 0));
  const influence = flat
    ? "none"
    : !Number.isFinite(limit)
      ? "unbounded"
      : limit === 0
        ? "redescending"
        : "bounded";
  const same = limits.length === 2 && limits[0].limit === limits[1].limit;
  const tends = same
    ? phrase`${said(limit)} as |${view.symbol}| → ∞`
    : listed(limits.map((one) => phrase`${said(one.limit)} as ${view.symbol} → ${said(one.end)}`));
  const evidence = flat ? phrase`a wrong sample has no slope` : phrase`the slope tends to ${tends}`;
  return { influence, limit, ...evident(evidence) };
}
