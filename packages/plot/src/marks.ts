// What a property card says, drawn on the curves: kinks, dead zones, the largest slope.

import { type Drawn, inside, kinksOf, limitsAt, shownSlope, signedSlope, zonesOf } from "./facts.ts";
import type { Scale } from "./scale.ts";
import { type Box, element, px } from "./svg.ts";
import { fontSize, label, textWidth } from "./text.ts";
import { type Paint, type Role, seriesRole } from "./theme.ts";

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

function largestSlope(paint: Paint, { curve, card, index }: Drawn, x: Scale, y: Scale): string[] {
  const place = shownSlope(card, x);
  if (!place) return [];
  const slope = signedSlope(curve, card!, place.at, place.value);
  if (!inside(slope, y)) return [];
  return [diamondAt(paint, x(place.at), y(slope), seriesRole(index))];
}

export const diamondAt = (paint: Paint, x: number, y: number, role: Role): string =>
  element("path", {
    d: `M${px(x)},${px(y - 5.5)}l5.5,5.5l-5.5,5.5l-5.5,-5.5z`,
    "stroke-width": 1.5,
    ...paint({ fill: "ground", stroke: role }),
  });

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
