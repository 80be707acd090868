// A loss sampled along a view: even steps over the view's range, powers of ten to both ends of the domain, and ever
// closer where value or slope jump.

import type { Line } from "../line.ts";
import { type Break, breaksOf, type Effort } from "./breaks.ts";
import { type End, endsOf, type Far } from "./ends.ts";
import { isNumber, type Point } from "./point.ts";
import { boundary } from "./search.ts";

export interface Track {
  readonly line: Line;
  /** How near two x may be told apart next to an x. */
  readonly grain: (x: number) => number;
  /** The slope at one x. */
  readonly slope: (x: number) => number;
  /** Next to where a property of points ends, between an x that has it and one that has not. */
  readonly edge: (has: (point: Point) => boolean, yes: number, no: number) => number;
  /** The same for the sign of the curvature. */
  readonly bend: (sign: number, yes: number, no: number) => number;
  /** Whether −x is as good as x. */
  readonly symmetric: boolean;
  /** By x; without those where the loss is NaN. */
  readonly points: readonly Point[];
  readonly breaks: readonly Break[];
  /** The largest finite |slope| and |value| in the view's range: what is small beside them is 0. */
  readonly slopeScale: number;
  readonly valueScale: number;
  /** What happens towards each infinite end. */
  readonly ends: readonly End[];
}

interface Care extends Effort {
  /** Steps over the view's range. */
  readonly even: number;
  readonly perDecade: number;
  /** Places of an interval that are tried together. */
  readonly cuts: number;
}
/** A call for many x costs little more than one for one x … */
const thorough: Care = { even: 256, perDecade: 8, patience: 4, most: 10_000, unlike: 3, cuts: 15 };
/** … and a loss whose samples meet needs one call for each, of some 300 µs. */
const sparing: Care = { even: 64, perDecade: 2, patience: 2, most: 3_000, unlike: 3, cuts: 1 };

const DECADES = 12;

export function trackOf(line: Line): Track {
  const care = line.apart ? thorough : sparing;
  const evaluate = (xs: readonly number[]): Point[] => {
    const { value, slope } = line.at(xs);
    return xs.map((x, i) => ({ x, value: value[i] + 0, slope: slope[i] + 0 }));
  };
  const first = evaluate(places(line, care)).filter(isNumber);
  const [from, to] = line.view.range;
  const inside = first.filter(({ x }) => x >= from && x <= to);
  const slopeScale = largest(inside.map(({ slope }) => slope));
  const valueScale = largest(inside.map(({ value }) => value));
  const grain = grainOf(line);
  const scales = { slope: slopeScale, value: valueScale };
  const { breaks, met } = breaksOf(first, evaluate, scales, grain, care);
  const points = [...first, ...met.filter(isNumber)].sort((a, b) => a.x - b.x);
  const edge: Track["edge"] = (has, yes, no) => boundary((xs) => evaluate(xs).map(has), yes, no, care.cuts);
  return {
    line,
    grain,
    slope: (x) => evaluate([x])[0].slope,
    edge,
    bend: (sign, yes, no) =>
      boundary((xs) => Array.from(line.curvature(xs).values, (one) => one * sign > 0), yes, no, care.cuts),
    symmetric: isSymmetric(line, first),
    points: points.filter(({ x }, i) => i === 0 || x !== points[i - 1].x),
    breaks,
    slopeScale,
    valueScale,
    ends: endsOf(farOf(line, evaluate), first, edge, scales),
  };
}

/** Only next to 0 and to ends, where a sum with something larger loses x, is it more than rounding. */
function grainOf({ view }: Line): Track["grain"] {
  const { domain, resolution = 0 } = view;
  const coarse = [0, ...domain].filter(Number.isFinite);
  return (x) => (coarse.some((place) => Math.abs(x - place) < COARSE * resolution) ? resolution : 0);
}
/** So many times its resolution away from 0 a view resolves as finely as its numbers. */
const COARSE = 1000;

const largest = (numbers: readonly number[]): number =>
  numbers.reduce((most, x) => (Number.isFinite(x) ? Math.max(most, Math.abs(x)) : most), 0);

const isSame = (a: number, b: number): boolean =>
  a === b || Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));

function isSymmetric({ view }: Line, points: readonly Point[]): boolean {
  if (view.domain[0] !== -view.domain[1]) return false;
  const byPlace = new Map(points.map((point) => [point.x, point]));
  return points.every((point) => {
    const other = byPlace.get(0 - point.x);
    return !other || (isSame(other.value, point.value) && isSame(other.slope, 0 - point.slope));
  });
}

/** Where to look first. */
function places({ view }: Line, { even, perDecade }: Care): number[] {
  const { domain, range, reach = Number.POSITIVE_INFINITY, resolution = 0 } = view;
  const [low, high] = domain;
  const [from, to] = range;
  const steps = Array.from({ length: even + 1 }, (_, i) => from + ((to - from) * i) / even);
  const powers = Array.from(
    { length: 2 * DECADES * perDecade + 1 },
    (_, i) => 10 ** (i / perDecade - DECADES),
  );
  const near = powers.filter((power) => power >= resolution && power <= reach);
  // Towards an end that is a number by its distances, towards one that is none from 0 outwards.
  const towards = (end: number, sign: number): number[] =>
    Number.isFinite(end)
      ? [end, ...near.map((power) => end - sign * power)]
      : [...near, ...farPowers(reach)].map((power) => sign * power);
  // Where steps lie the powers are left out: intervals that follow one another should be of like widths.
  const step = (to - from) / even;
  const corners = [0, low, high].filter(Number.isFinite);
  const isNear = (x: number) => corners.some((corner) => Math.abs(x - corner) < step);
  const outer = [...towards(low, -1), ...towards(high, 1)].filter((x) => x < from || x > to || isNear(x));
  const all = [...steps, 0, ...outer];
  return [...new Set(all.map((x) => x + 0))]
    .filter((x) => x >= low && x <= high && (x === 0 || Math.abs(x) >= resolution))
    .sort((a, b) => a - b);
}

/** Powers of ten from where the near look ends to the end of float64, or of a view's reach. */
const farPowers = (reach: number): number[] =>
  [16, 20, 30, 40, 60, 80, 100, 150, 200, 250, 300].map((power) => 10 ** power).filter((x) => x <= reach);

/** The end of float64's powers of ten. */
const FARTHEST = 1e300;

function farOf({ view }: Line, evaluate: (xs: readonly number[]) => Point[]): Far[] {
  const reach = view.reach ?? FARTHEST;
  return view.domain
    .filter((end) => !Number.isFinite(end))
    .map((end) => {
      const [near, farthest] = evaluate([Math.sign(end) * Math.sqrt(reach), Math.sign(end) * reach]);
      return { end, near, farthest };
    })
    .filter(({ near, farthest }) => isNumber(near) && isNumber(farthest));
}
