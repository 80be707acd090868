// The property card as a table: what is so, and the numbers that show it.

import type { Interval, Kink, PropertyCard } from "../../../packages/lossc/src/index.ts";
import { formatNumber } from "../../../packages/plot/src/index.ts";
import { table } from "./markdown.ts";

type Row = readonly [property: string, fact: string, evidence: string];

/** A row per fact that the card has; undefined for a card without any. */
export function cardSection(card: PropertyCard): string | undefined {
  const found = rows(card);
  if (found.length === 0) return undefined;
  const along =
    card.view === undefined ? "" : `Along the ${card.view.label}, measured from the loss itself:\n\n`;
  return along + table(["property", "", "evidence"], found);
}

function rows(card: PropertyCard): Row[] {
  const symbol = card.view?.symbol ?? "x";
  const { convex, kinks, largestSlope, deadZones, outlier, proper, range, minimum } = card;
  const found: (Row | undefined)[] = [
    convex && ["convex", convex.holds ? "yes" : "no", convex.evidence],
    kinks && ["kinks", kinksText(kinks.places, symbol), kinks.evidence],
    largestSlope && [
      "largest slope",
      Number.isFinite(largestSlope.value) ? number(largestSlope.value) : "without bound",
      largestSlope.evidence,
    ],
    deadZones && [
      "dead zones",
      deadZones.on.length === 0 ? "none" : intervals(deadZones.on),
      deadZones.evidence,
    ],
    outlier && ["influence of an outlier", influenceText(outlier), outlier.evidence],
    proper && ["proper", proper.holds ? "yes" : "no", proper.evidence],
    range && ["range", intervals([[range.from, range.to]]), range.evidence],
    minimum && ["minimum", minimumText(minimum, symbol), minimum.evidence],
    ...card.invariances.map(
      ({ name, holds, evidence }): Row => [`the same under ${name}`, holds ? "yes" : "no", evidence],
    ),
  ];
  return found.filter((row): row is Row => row !== undefined);
}

const number = (value: number): string => formatNumber(value, 4);
const intervals = (list: readonly Interval[]): string =>
  list
    .map(([from, to]) => {
      const [open, close] = [Number.isFinite(from) ? "[" : "(", Number.isFinite(to) ? "]" : ")"];
      return `${open}${number(from)}, ${number(to)}${close}`;
    })
    .join(", ");

/** More places than these are counted. */
const MOST = 6;

function kinksText(places: readonly Kink[], symbol: string): string {
  if (places.length === 0) return "none";
  if (places.length > MOST) return `${places.length} places`;
  return `at ${symbol} = ${places.map(({ at }) => number(at)).join(", ")}`;
}

const influences: Readonly<Record<string, string>> = {
  unbounded: "without bound",
  bounded: "bounded",
  redescending: "redescending",
  none: "none",
};

function influenceText({ influence, limit }: NonNullable<PropertyCard["outlier"]>): string {
  const bounded = influence === "bounded" || influence === "redescending";
  return `${influences[influence]}${bounded ? `: its slope tends to ${number(limit)}` : ""}`;
}

function minimumText({ value, at }: NonNullable<PropertyCard["minimum"]>, symbol: string): string {
  return Number.isFinite(at)
    ? `${number(value)} at ${symbol} = ${number(at)}`
    : `${number(value)}, towards ${symbol} = ${number(at)}`;
}
