// The property card for a terminal and for programs: what is so, and the numbers that show it.

import type { PropertyCard } from "lossc";

/** Property and finding, one row each; facts that a card does not have are left out. */
export function cardRows(card: PropertyCard): [property: string, finding: string][] {
  const { convex, kinks, largestSlope, deadZones, outlier, proper, range, minimum, invariances } = card;
  const names = (holds: boolean) =>
    invariances
      .filter((one) => one.holds === holds)
      .map(({ name }) => name)
      .join("; ");
  const found: (readonly [string, string | undefined])[] = [
    ["convex", convex && judged(convex)],
    ["corners", kinks?.evidence],
    ["largest slope", largestSlope?.evidence],
    ["dead zones", deadZones?.evidence],
    ["outliers", outlier && `${outlier.influence}: ${outlier.evidence}`],
    ["proper score", proper && judged(proper)],
    ["range", range?.evidence],
    ["least", minimum?.evidence],
    ["unchanged by", names(true)],
    ["changed by", names(false)],
  ];
  return found.filter((row): row is [string, string] => row[1] !== undefined && row[1] !== "");
}

const judged = ({ holds, evidence }: { readonly holds: boolean; readonly evidence: string }): string =>
  `${holds ? "yes" : "no"}: ${evidence}`;

/** The card for JSON, in English alone. JSON has no infinity: "Infinity" and "-Infinity" stand for them, since here they
 * mean something. */
export function cardForJson(card: PropertyCard): unknown {
  return JSON.parse(
    JSON.stringify(card, (key, value) =>
      key === "phrase"
        ? undefined
        : typeof value === "number" && !Number.isFinite(value)
          ? String(value)
          : value,
    ),
  );
}
