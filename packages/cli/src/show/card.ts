// The property card as rows of a table: what is so, and where.

import type { Interval, Kink, PropertyCard } from "lossc";

export function cardRows(card: PropertyCard): [property: string, fact: string][] {
  const x = card.view?.symbol ?? "x";
  const { convex, kinks, largestSlope, deadZones, outlier, proper, range, minimum, invariances } = card;
  const found: ([string, string] | undefined)[] = [
    convex && ["convex", convex.holds ? "yes" : `no: not on ${intervals(convex.notOn)}`],
    kinks && ["kinks", kinks.places.length === 0 ? "none" : kinksText(kinks.places, x)],
    largestSlope && [
      "largest slope",
      Number.isFinite(largestSlope.value)
        ? `${number(largestSlope.value)} at ${x} = ${number(largestSlope.at)}`
        : "without bound",
    ],
    deadZones && ["gradient dies", deadZones.on.length === 0 ? "nowhere" : `on ${intervals(deadZones.on)}`],
    outlier && ["one outlier", influences[outlier.influence](number(outlier.limit))],
    proper && ["proper score", proper.holds ? "yes" : "no"],
    range && ["range", intervals([[range.from, range.to]])],
    minimum && ["minimum", `${number(minimum.value)} at ${x} = ${number(minimum.at)}`],
    ...invariances.map(({ name, holds }): [string, string] => [`same under ${name}`, holds ? "yes" : "no"]),
  ];
  return found.filter((row) => row !== undefined);
}

const influences: Readonly<
  Record<NonNullable<PropertyCard["outlier"]>["influence"], (limit: string) => string>
> = {
  unbounded: () => "pulls without bound",
  bounded: (limit) => `pulls no more than ${limit}`,
  redescending: () => "is let go of: its pull falls to 0",
  none: () => "does not pull",
};

const number = (value: number): string =>
  Number.isFinite(value) ? String(Number(value.toPrecision(4))) : value > 0 ? "∞" : value < 0 ? "-∞" : "NaN";

const intervals = (list: readonly Interval[]): string =>
  list
    .map(
      ([from, to]) =>
        `${Number.isFinite(from) ? "[" : "("}${number(from)}, ${number(to)}${Number.isFinite(to) ? "]" : ")"}`,
    )
    .join(", ");

const kinksText = (places: readonly Kink[], x: string): string =>
  places.length > 6
    ? `${places.length} places`
    : places
        .map(
          ({ at, left, right, taken }) =>
            `at ${x} = ${number(at)}: ${number(left)} to ${number(right)}, ${number(taken)} taken`,
        )
        .join("; ");
