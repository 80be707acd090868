// The least value and where it is taken, and how far values reach.

import { type Gap, phrase } from "../../phrase.ts";
import type { Interval, PropertyCard } from "../types.ts";
import { NOTHING } from "./ends.ts";
import { evident } from "./evidence.ts";
import { neat, neatPlace, placeIn, said } from "./numbers.ts";
import type { Point } from "./point.ts";
import type { Track } from "./track.ts";

export interface Least {
  readonly value: number;
  /** Every x that takes it: from = to for a point, an infinite end where it is only tended to. */
  readonly on: Interval;
  readonly attained: boolean;
}

/** What sums of a few terms lose, beside the largest value in the view's range. */
const ROUNDING = 1e-15;
/** A flat stretch is longer than this. */
const FLAT = 1e-6;

/** The least value of a sampled loss: −Infinity where it has none. */
export function leastOf(track: Track): Least {
  const { points, ends, valueScale } = track;
  const [low, high] = track.line.view.domain;
  for (const { end, value } of ends)
    if (value.at === Number.NEGATIVE_INFINITY) return { value: value.at, on: [end, end], attained: false };
  const finite = points.filter(({ value }) => Number.isFinite(value));
  const least = finite.reduce((best, one) => (one.value < best.value ? one : best));
  for (const { end, value } of ends)
    if (value.tends && value.at - least.value <= NOTHING * valueScale)
      return { value: neat(value.at), on: [end, end], attained: false };
  const lowest = finite.filter(({ value }) => value === least.value);
  const [first, last] = [lowest[0], lowest.at(-1)!];
  if (lowest.length > 2 && last.x - first.x > FLAT) {
    const edge = (inside: Point, outside: Point | undefined, end: number) =>
      outside ? neatPlace(track.edge(({ value }) => value === least.value, inside.x, outside.x)) : end;
    const [before, after] = [finite[finite.indexOf(first) - 1], finite[finite.indexOf(last) + 1]];
    return {
      value: neat(least.value),
      on: [edge(first, before, low), edge(last, after, high)],
      attained: true,
    };
  }
  const at = stationary(track, least);
  const value = Math.min(least.value, track.line.at([at]).value[0]);
  // Between slopes of both signs rounding is all that is left of 0; at an end of the domain a tiny value may be true.
  const isEnd = at === low || at === high;
  const rounded = !isEnd && Math.abs(value) <= ROUNDING * valueScale ? 0 : neat(value);
  return { value: rounded, on: [at, at], attained: true };
}

/** Where the slope changes its sign next to a point. */
function stationary({ points, edge, line }: Track, { x, slope }: Point): number {
  const nothing = line.view.resolution ?? 1e-10;
  if (slope === 0) return neatPlace(x, 1e-9, nothing);
  const i = points.findIndex((point) => point.x === x);
  const other = points[slope > 0 ? i - 1 : i + 1];
  const sign = Math.sign(slope);
  if (!other || Math.sign(other.slope) === sign) return neatPlace(x, 1e-9, nothing);
  return neatPlace(
    edge((point) => Math.sign(point.slope) === sign, x, other.x),
    1e-9,
    nothing,
  );
}

/** `range` and `minimum` of a card. */
export function extent(track: Track, least: Least): Pick<PropertyCard, "range" | "minimum"> {
  const { symbol } = track.line.view;
  const { value, on, attained } = least;
  const highest = highestOf(track);
  const range = {
    from: value,
    to: highest.value,
    ...evident(phrase`${said(value)} … ${said(highest.value)}${highest.how}`),
  };
  if (value === Number.NEGATIVE_INFINITY) return { range };
  const where = placeIn(on, symbol);
  const evidence = !attained
    ? phrase`tends to ${said(value)} as ${symbol} → ${said(on[0])} and never gets there`
    : typeof where === "object"
      ? phrase`${said(value)} ${where}`
      : on[0] === on[1]
        ? phrase`${said(value)} at ${where}`
        : phrase`${said(value)} for ${where}`;
  return {
    range,
    minimum: { value, at: attained ? Math.min(Math.max(0, on[0]), on[1]) : on[0], on, ...evident(evidence) },
  };
}

function highestOf({ points, ends, line }: Track): { readonly value: number; readonly how: Gap } {
  const { symbol } = line.view;
  const growing = ends.filter(({ value }) => value.at === Number.POSITIVE_INFINITY);
  const value = Number.POSITIVE_INFINITY;
  if (growing.length === 2) return { value, how: phrase`, without bound as |${symbol}| → ∞` };
  if (growing.length === 1)
    return { value, how: phrase`, without bound as ${symbol} → ${said(growing[0].end)}` };
  const infinite = points.find((point) => point.value === value);
  if (infinite) return { value, how: phrase` at ${symbol} = ${said(infinite.x)}` };
  return { value: neat(Math.max(...points.map((point) => point.value)), 1e-8), how: "" };
}
