// Where a loss has corners and steps, and where it is not convex.

import { type Gap, type Phrase, phrase } from "../../phrase.ts";
import type { Interval, Kink, PropertyCard } from "../types.ts";
import type { Break } from "./breaks.ts";
import { evident } from "./evidence.ts";
import { listed, neat, neatPlace, placeIn, said } from "./numbers.ts";
import type { Point } from "./point.ts";
import type { Track } from "./track.ts";

/** A jump of the slope or the value of less than this share of the scale is rounding. */
const REAL = 1e-6;
/** How far to the sides of a break its slopes are read, as a share of its place. */
const ASIDE = 1e-9;

/** Every corner and step, with the slope to each side and the one that gradients take. */
export function kinksOf(track: Track): Kink[] {
  return track.breaks.map((one) => kinkAt(track, one)).filter((kink): kink is Kink => kink !== undefined);
}

function kinkAt({ line, grain, slopeScale, valueScale }: Track, { before, after }: Break): Kink | undefined {
  const middle = (before.x + after.x) / 2;
  const fine = grain(middle);
  const at = neatPlace(middle, Math.max(1e-12, fine), Math.max(1e-13, fine));
  const aside = Math.max(at === 0 ? 1e-12 : ASIDE * Math.abs(at), 10 * fine);
  const [low, high] = line.view.domain;
  if (at - aside <= low || at + aside >= high) return undefined; // an end has one side only
  const { value, slope } = line.at([-2, -1, 0, 1, 2].map((steps) => at + steps * aside));
  // Twice as far apart a jump is what it was, and what is merely steep is twice as much.
  const jumps = (near: number, far: number, scale: number) =>
    Math.abs(near) > REAL * scale && Math.abs(far) < 1.5 * Math.abs(near);
  const step = value[3] - value[1] - (slope[1] + slope[3]) * aside;
  const isStep = jumps(step, value[4] - value[0] - (slope[0] + slope[4]) * 2 * aside, valueScale);
  if (!isStep && !jumps(slope[3] - slope[1], slope[4] - slope[0], slopeScale)) return undefined;
  const read = (x: number) => neat(x, 1e-8);
  return {
    at,
    left: read(slope[1]),
    right: read(slope[3]),
    taken: read(slope[2]),
    ...(isStep && { step: read(step) }),
  };
}

/** More than this and a list says only how many there are. */
const NAMED = 4;

export function kinks(track: Track, places: readonly Kink[]): NonNullable<PropertyCard["kinks"]> {
  const { symbol } = track.line.view;
  const one = ({ at, left, right, taken, step }: Kink): Phrase =>
    step === undefined
      ? phrase`at ${symbol} = ${said(at)} the slope goes from ${said(left)} to ${said(right)}; ${said(taken)} is taken`
      : phrase`at ${symbol} = ${said(at)} the value steps by ${said(step)}; the slope taken is ${said(taken)}`;
  const evidence =
    places.length === 0
      ? phrase`none: the slope is continuous`
      : places.length <= NAMED
        ? places.map(one).reduce((all, next) => phrase`${all}; ${next}`)
        : phrase`${places.length} places, from ${symbol} = ${said(places[0].at)} to ${said(places.at(-1)!.at)}`;
  return { places, ...evident(evidence) };
}

/** So many points may have a slope that rounding keeps from falling. */
const MOST_HIDDEN = 40;
/** A slope falls where it falls by more than its rounding. */
const ROUNDING = 1e-9;

export function convex(track: Track, places: readonly Kink[]): NonNullable<PropertyCard["convex"]> {
  const { symbol } = track.line.view;
  const steps = places.filter(({ step }) => step !== undefined).map(({ at }): Interval => [at, at]);
  const falling = joined(
    [...fallingOn(track), ...steps].sort((a, b) => a[0] - b[0]),
    places,
  );
  const holds = falling.length === 0;
  const [first, last] = [track.points[0], track.points.at(-1)!].map(({ slope }) => endSlope(slope));
  const named = falling.slice(0, NAMED).map((interval) => whereOf(interval, symbol));
  const evidence = holds
    ? phrase`the slope never falls, from ${said(first)} to ${said(last)}`
    : phrase`the slope falls ${listed(named)}${falling.length > NAMED ? " …" : ""}`;
  return { holds, notOn: falling, ...evident(evidence) };
}

function whereOf(interval: Interval, symbol: string): Gap {
  const place = placeIn(interval, symbol);
  if (typeof place !== "string") return place;
  return place.includes("=") ? phrase`at ${place}` : phrase`for ${place}`;
}

/** Very large is without bound; what is left of a slope that dies is 0. */
const endSlope = (slope: number): number =>
  Math.abs(slope) > 1e100
    ? Math.sign(slope) * Number.POSITIVE_INFINITY
    : Math.abs(slope) < 1e-9
      ? 0
      : neat(slope, 1e-6);

function fallingOn(track: Track): Interval[] {
  const points = track.points.filter(({ slope }) => Number.isFinite(slope));
  const tolerance = (a: Point, b: Point) =>
    ROUNDING * Math.max(Math.abs(a.slope), Math.abs(b.slope)) + ROUNDING * 1e-4 * track.slopeScale;
  const found: Interval[] = [];
  for (let i = 1; i < points.length; i++) {
    if (points[i].slope >= points[i - 1].slope - tolerance(points[i - 1], points[i])) continue;
    let [first, last] = [i - 1, i];
    while (first > 0 && points[first - 1].slope > points[first].slope) first--;
    while (last + 1 < points.length && points[last + 1].slope < points[last].slope) last++;
    const [from, to] = [edgeOf(track, points, first, -1), edgeOf(track, points, last, 1)];
    const isPoint = Number.isFinite(from) && to - from <= ROUNDING * Math.max(1, Math.abs(from));
    found.push([from, isPoint ? from : to]);
    i = last;
  }
  return found;
}

/** Where the fall of the slope begins or ends, next to a sampled point. */
function edgeOf(track: Track, points: readonly Point[], i: number, side: -1 | 1): number {
  const { line, ends, slopeScale, bend } = track;
  const { x } = points[i];
  const end = line.view.domain[side < 0 ? 0 : 1];
  const next = points[i + side];
  if (!next) return end;
  // It falls ever more slowly, until rounding takes the rest.
  const limit = ends.find((one) => one.end === end)?.slope;
  const outwards = side < 0 ? points.slice(0, i + 1) : points.slice(i);
  if (limit?.tends && outwards.every((one) => Math.abs(one.slope - limit.at) <= ROUNDING * slopeScale))
    return end;
  const inner = points[i - side].x;
  const fine = track.grain(x);
  if (Math.abs(next.x - inner) <= Math.max(ROUNDING * Math.abs(x), 1e-250, 3 * fine))
    return neatPlace(x, Math.max(ROUNDING, fine), Math.max(1e-13, fine));
  const { values, by } = line.curvature([inner]);
  const found = values[0] < 0 ? bend(-1, inner, outside(track, points, i + side, side)) : x;
  return by === "expression" ? neatPlace(found, ROUNDING, 1e-9) : neatPlace(found, 1e-4, 1e-6);
}

/** The first point from `i` on whose curvature is not below 0: rounding hides the last of a fall. */
function outside({ line }: Track, points: readonly Point[], i: number, side: -1 | 1): number {
  let place = i;
  for (let steps = 0; steps < MOST_HIDDEN && points[place + side]; steps++) {
    if (!(line.curvature([points[place].x]).values[0] < 0)) break;
    place += side;
  }
  return points[place].x;
}

/** Intervals that overlap or touch are one, except where a corner stands between them at which the slope rises. */
function joined(intervals: readonly Interval[], corners: readonly Kink[]): Interval[] {
  const whole: Interval[] = [];
  for (const [from, to] of intervals) {
    const last = whole.at(-1);
    const gap = last ? from - last[1] : Number.POSITIVE_INFINITY;
    const nothing = ROUNDING * Math.max(1, Math.abs(from));
    const isCorner = corners.some(({ at, left, right }) => right > left && Math.abs(at - from) <= nothing);
    if (last && (gap < -nothing || (gap <= nothing && (!isCorner || from === to || last[0] === last[1]))))
      whole[whole.length - 1] = [last[0], Math.max(last[1], to)];
    else whole.push([from, to]);
  }
  return whole;
}
