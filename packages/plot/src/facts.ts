// What of a curve and its property card a panel can show: kinks, dead zones and the largest slope within its range.

import type { Curve, Kink, PropertyCard } from "lossc";
import type { Scale } from "./scale.ts";

/** A curve with all that is drawn of it. */
export interface Drawn {
  readonly curve: Curve;
  readonly card: PropertyCard | undefined;
  readonly index: number;
  readonly label: string;
}

/** Of a scale, all that is asked here. */
export type Extent = Pick<Scale, "domain">;

export const inside = (value: number, { domain: [low, high] }: Extent): boolean =>
  value >= low && value <= high;

/** More kinks than these are a staircase, which shows itself. */
const MOST_KINKS = 12;

export const kinksOf = (card: PropertyCard | undefined, x: Extent) => {
  const places = card?.kinks?.places ?? [];
  return places.length > MOST_KINKS ? [] : places.filter(({ at }) => inside(at, x));
};

/** What the value tends to from both sides of a kink, which may lie between samples. */
export function limitsAt({ x, value }: Curve, { at, left, right }: Kink): [left: number, right: number] {
  const after = x.findIndex((each) => each > at);
  const end = after < 0 ? x.length - 1 : after;
  let before = (after < 0 ? x.length : after) - 1;
  if (x[before] === at && before > 0) before -= 1;
  const from = [value[before] + left * (at - x[before]), value[end] - right * (x[end] - at)];
  const known = from.filter(Number.isFinite);
  return known.length === 2 ? [from[0], from[1]] : [known[0] ?? Number.NaN, known[0] ?? Number.NaN];
}

/** A largest slope that can be shown: finite, not 0, within the range of x. */
export function shownSlope(card: PropertyCard | undefined, x: Extent): Place | undefined {
  const { value = 0, at = Number.NaN } = card?.largestSlope ?? {};
  return value !== 0 && Number.isFinite(value) && inside(at, x) ? { value, at } : undefined;
}

interface Place {
  readonly value: number;
  readonly at: number;
}

/** A card gives the size of the largest slope; its sign is the curve's there, or a kink's. */
export function signedSlope(curve: Drawn["curve"], card: PropertyCard, at: number, size: number): number {
  const here = interpolated(curve.x, curve.gradient, at);
  const kink = card.kinks?.places.find((each) => each.at === at);
  const candidates = [here, kink?.left ?? Number.NaN, kink?.right ?? Number.NaN].filter(
    (slope) => !Number.isNaN(slope),
  );
  const nearest = candidates.reduce(
    (best, slope) =>
      Math.abs(Math.abs(slope) - Math.abs(size)) < Math.abs(Math.abs(best) - Math.abs(size)) ? slope : best,
    candidates[0] ?? size,
  );
  return Math.sign(nearest || 1) * Math.abs(size);
}

/** The share of the panel below which a zone cannot be seen. */
const SLIVER = 0.01;

export function zonesOf(card: PropertyCard | undefined, { domain: [low, high] }: Extent): [number, number][] {
  return (card?.deadZones?.on ?? [])
    .map(([from, to]): [number, number] => [Math.max(from, low), Math.min(to, high)])
    .filter(([from, to]) => to - from > SLIVER * (high - low));
}

/** A curve's value between its samples. */
function interpolated(x: ArrayLike<number>, y: ArrayLike<number>, at: number): number {
  let after = 0;
  while (after < x.length - 1 && x[after] < at) after += 1;
  if (x[after] === at || after === 0) return y[after];
  const share = (at - x[after - 1]) / (x[after] - x[after - 1]);
  return y[after - 1] + share * (y[after] - y[after - 1]);
}
