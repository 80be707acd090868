// Numbers as people write them: found by search, so known to a tolerance, and said in the fewest digits that hold.

import { type Gap, phrase } from "../../phrase.ts";

/** The shortest decimal within a relative tolerance, so that a search's 0.9999999999 is 1. */
export function neat(x: number, tolerance = 1e-9): number {
  if (!Number.isFinite(x) || x === 0) return x + 0;
  for (let digits = 1; digits < 17; digits++) {
    const short = Number(x.toPrecision(digits));
    if (Math.abs(short - x) <= tolerance * Math.abs(x)) return short;
  }
  return x;
}

/** The same of a place on a line: what is next to 0 is 0. */
export const neatPlace = (x: number, tolerance = 1e-9, nothing = 1e-13): number =>
  Math.abs(x) <= nothing ? 0 : neat(x, tolerance);

/** A number in a sentence: four digits, and a minus sign that is one. */
export function said(x: number): string {
  if (x === Number.POSITIVE_INFINITY) return "∞";
  if (x === Number.NEGATIVE_INFINITY) return "−∞";
  const short = Number(x.toPrecision(4));
  const size = Math.abs(short);
  const text = short !== 0 && (size < 1e-4 || size >= 1e6) ? short.toExponential() : String(short);
  return text.replace("e+", "e").replace(/-/g, "−");
}

/** "r < −1", "−1 < r < 1", "r = 2" for what is a point in so many digits, "everywhere". */
export function saidInterval([from, to]: readonly [number, number], symbol: string): string {
  if (from === to || (Number.isFinite(from) && said(from) === said(to))) return `${symbol} = ${said(from)}`;
  if (from === Number.NEGATIVE_INFINITY)
    return to === Number.POSITIVE_INFINITY ? "everywhere" : `${symbol} < ${said(to)}`;
  return to === Number.POSITIVE_INFINITY
    ? `${symbol} > ${said(from)}`
    : `${said(from)} < ${symbol} < ${said(to)}`;
}

/** The same in a phrase. */
export function placeIn(interval: readonly [number, number], symbol: string): Gap {
  const place = saidInterval(interval, symbol);
  return place === "everywhere" ? phrase`everywhere` : place;
}

/** "a", "a and b", "a, b and c". */
export function listed(parts: readonly Gap[]): Gap {
  if (parts.length < 2) return parts[0] ?? "";
  const most = parts.slice(0, -1).reduce((all, part) => phrase`${all}, ${part}`);
  return phrase`${most} and ${parts.at(-1)!}`;
}
