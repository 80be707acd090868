// What a property card says, drawn on the curves: kinks, dead zones, the largest slope; and the key to these marks.

import type { Curve, Kink, PropertyCard } from "lossc";
import type { Entry } from "./legend.ts";
import { formatNumber } from "./numbers.ts";
import type { Scale } from "./scale.ts";
import { type Box, element, px } from "./svg.ts";
import { fontSize, label, textWidth } from "./text.ts";
import { type Paint, type Role, seriesRole } from "./theme.ts";

/** A curve with all that is drawn of it. */
export interface Drawn {
  readonly curve: Curve;
  readonly card: PropertyCard | undefined;
  readonly index: number;
  readonly label: string;
}

/** More kinks than these are a staircase, which shows itself. */
const MOST_KINKS = 12;

const inside = (value: number, { domain: [low, high] }: Pick<Scale, "domain">): boolean =>
  value >= low && value <= high;

const kinksOf = (card: PropertyCard | undefined, x: Pick<Scale, "domain">) => {
  const places = card?.kinks?.places ?? [];
  return places.length > MOST_KINKS ? [] : places.filter(({ at }) => inside(at, x));
};

/** A ring where the slope jumps; two where the value does. */
export function valueMarks(paint: Paint, { curve, card, index }: Drawn, x: Scale, y: Scale): string[] {
  return kinksOf(card, x).flatMap((kink) => {
    const [left, right] = limitsAt(curve, kink);
    const apart = Math.abs(y(left) - y(right)) > 3;
    return (apart ? [left, right] : [left])
      .filter((value) => inside(value, y))
      .map((value) =>
        element("circle", {
          cx: x(kink.at),
          cy: y(value),
          r: 4,
          "stroke-width": 1.75,
          ...paint({ fill: "ground", stroke: seriesRole(index) }),
        }),
      );
  });
}

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

/** At each kink its two slopes, joined by a faint line, and a dot at the slope that gradients take; a diamond at the
 * largest slope. */
export function gradientMarks(paint: Paint, drawn: Drawn, x: Scale, y: Scale): string[] {
  const { card, index } = drawn;
  const role = seriesRole(index);
  const kinks = kinksOf(card, x).flatMap(({ at, left, right, taken }) => {
    const ends = [left, right].map((slope) => Math.min(y.domain[1], Math.max(y.domain[0], slope)));
    const join = ends.some(Number.isNaN)
      ? ""
      : element("line", {
          x1: x(at),
          x2: x(at),
          y1: y(ends[0]),
          y2: y(ends[1]),
          "stroke-dasharray": "1.5 3",
          ...paint({ stroke: role }),
        });
    if (!inside(taken, y)) return [join];
    return [
      join,
      element("circle", { cx: x(at), cy: y(taken), r: 3.5, ...paint({ fill: role, stroke: "ground" }) }),
    ];
  });
  return [...kinks, ...largestSlope(paint, drawn, x, y)];
}

/** A largest slope that can be shown: finite, not 0, within the range of x. */
function shownSlope(card: PropertyCard | undefined, x: Pick<Scale, "domain">): Place | undefined {
  const { value = 0, at = Number.NaN } = card?.largestSlope ?? {};
  return value !== 0 && Number.isFinite(value) && inside(at, x) ? { value, at } : undefined;
}

interface Place {
  readonly value: number;
  readonly at: number;
}

function largestSlope(paint: Paint, { curve, card, index }: Drawn, x: Scale, y: Scale): string[] {
  const place = shownSlope(card, x);
  if (!place) return [];
  const slope = signedSlope(curve, card!, place.at, place.value);
  if (!inside(slope, y)) return [];
  return [diamondAt(paint, x(place.at), y(slope), seriesRole(index))];
}

const diamondAt = (paint: Paint, x: number, y: number, role: Role): string =>
  element("path", {
    d: `M${px(x)},${px(y - 5.5)}l5.5,5.5l-5.5,5.5l-5.5,-5.5z`,
    "stroke-width": 1.5,
    ...paint({ fill: "ground", stroke: role }),
  });

/** A card gives the size of the largest slope; its sign is the curve's there, or a kink's. */
function signedSlope(curve: Drawn["curve"], card: PropertyCard, at: number, size: number): number {
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

/** Bands where the gradient has died though the model is wrong: over the panel of one curve, a strip each of several. */
export function deadZones(paint: Paint, drawn: readonly Drawn[], box: Box, x: Scale): string[] {
  const alone = drawn.length === 1;
  let strips = 0;
  return drawn.flatMap(({ card, index }) => {
    const zones = zonesOf(card, x);
    if (zones.length === 0) return [];
    if (!alone) strips += 1;
    const top = alone ? box.top : box.top + box.height - strips * 7;
    return zones.flatMap(([from, to]) => {
      const [left, width] = [x(from), x(to) - x(from)];
      const band = element("rect", {
        x: left,
        y: top,
        width,
        height: alone ? box.height : 5,
        ...(alone ? {} : { "fill-opacity": "0.55" }),
        ...paint({ fill: alone ? "shade" : seriesRole(index) }),
      });
      const text = "dead zone";
      if (!alone || textWidth(text, fontSize.key) + 8 > width) return [band];
      return [
        band,
        label(paint, text, left + width / 2, box.top + 16, {
          size: fontSize.key,
          role: "muted",
          anchor: "middle",
        }),
      ];
    });
  });
}

/** The share of the panel below which a zone cannot be seen. */
const SLIVER = 0.01;

function zonesOf(
  card: PropertyCard | undefined,
  { domain: [low, high] }: Pick<Scale, "domain">,
): [number, number][] {
  return (card?.deadZones?.on ?? [])
    .map(([from, to]): [number, number] => [Math.max(from, low), Math.min(to, high)])
    .filter(([from, to]) => to - from > SLIVER * (high - low));
}

/** What the marks mean that the cards bring; the largest slope with its size where there is one curve. */
export function markEntries(paint: Paint, drawn: readonly Drawn[]): Entry[] {
  const { x, view } = drawn[0].curve;
  const seen: Pick<Scale, "domain"> = { domain: [x[0], x[x.length - 1]] };
  const cards = drawn.map(({ card }) => card);
  const entries: Entry[] = [];
  if (cards.some((card) => kinksOf(card, seen).length > 0)) {
    entries.push(
      { text: "kink", width: 10, mark: ring(paint) },
      { text: "slope taken there", width: 8, mark: dot(paint) },
    );
  }
  const slopes = cards.map((card) => shownSlope(card, seen)).filter((place) => place !== undefined);
  if (slopes.length > 0) {
    const { value, at } = slopes[0];
    const where = `${formatNumber(Math.abs(value))} at ${view.symbol} = ${formatNumber(at)}`;
    const text = drawn.length === 1 ? `largest slope ${where}` : "largest slope";
    entries.push({ text, width: 12, mark: (left, y) => diamondAt(paint, left + 6, y, "ink") });
  }
  if (cards.some((card) => zonesOf(card, seen).length > 0))
    entries.push({
      text: "dead zone: wrong, but slope < 1 % of its largest",
      width: 16,
      mark: strip(paint, drawn.length === 1),
    });
  return entries;
}

const ring = (paint: Paint) => (x: number, y: number) =>
  element("circle", {
    cx: x + 5,
    cy: y,
    r: 4,
    "stroke-width": 1.75,
    ...paint({ fill: "ground", stroke: "ink" }),
  });
const dot = (paint: Paint) => (x: number, y: number) =>
  element("circle", { cx: x + 4, cy: y, r: 3.5, ...paint({ fill: "ink" }) });
const strip = (paint: Paint, alone: boolean) => (x: number, y: number) =>
  element("rect", {
    x,
    y: y - (alone ? 5 : 2.5),
    width: 16,
    height: alone ? 10 : 5,
    ...(alone
      ? { ...paint({ fill: "shade", stroke: "muted" }), "stroke-width": 0.5 }
      : paint({ fill: "muted" })),
  });

/** A curve's value between its samples. */
function interpolated(x: ArrayLike<number>, y: ArrayLike<number>, at: number): number {
  let after = 0;
  while (after < x.length - 1 && x[after] < at) after += 1;
  if (x[after] === at || after === 0) return y[after];
  const share = (at - x[after - 1]) / (x[after] - x[after - 1]);
  return y[after - 1] + share * (y[after] - y[after - 1]);
}
