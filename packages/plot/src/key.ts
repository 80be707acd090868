// The key to the marks: what each of them means, of those that the cards bring.

import { type Drawn, type Extent, kinksOf, shownSlope, zonesOf } from "./facts.ts";
import type { Entry } from "./legend.ts";
import { diamondAt } from "./marks.ts";
import { formatNumber } from "./numbers.ts";
import { element } from "./svg.ts";
import type { Paint } from "./theme.ts";

/** What the marks mean that the cards bring; the largest slope with its size where there is one curve. */
export function markEntries(paint: Paint, drawn: readonly Drawn[]): Entry[] {
  const { x, view } = drawn[0].curve;
  const seen: Extent = { domain: [x[0], x[x.length - 1]] };
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
