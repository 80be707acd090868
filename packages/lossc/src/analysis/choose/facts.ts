// What a card gives for and against a loss, in sentences with its numbers.

import { wordsOf } from "../../phrase.ts";
import { listed, said, saidInterval } from "../card/numbers.ts";
import type { PropertyCard } from "../types.ts";

const symbolOf = ({ view }: PropertyCard): string => view?.symbol ?? "x";

/** What one sample can do that is far on the wrong side. */
export function pull(card: PropertyCard): string | undefined {
  const { outlier, largestSlope, deadZones } = card;
  if (!outlier || !largestSlope) return undefined;
  if (outlier.influence === "bounded") return `an outlier's pull is bounded: ${largestSlope.evidence}`;
  if (outlier.influence !== "redescending") return undefined;
  const zone = deadZones?.on.at(-1);
  const far =
    zone &&
    `, and is below 1 % of the largest (${said(largestSlope.value)}) for ${saidInterval(zone, symbolOf(card))}`;
  return `an outlier's pull tends to 0${far ?? ""}`;
}

/** The most that one sample can cost. */
export const most = ({ range }: PropertyCard): string | undefined =>
  range && Number.isFinite(range.to) ? `one sample costs ${said(range.to)} at most` : undefined;

/** Where nothing is left to learn because all is right. */
export function settled(card: PropertyCard): string | undefined {
  const on = card.minimum?.on;
  return on && on[0] < on[1] ? `no slope at all for ${saidInterval(on, symbolOf(card))}` : undefined;
}

/** A largest slope and where it is. */
export const steepest = ({ largestSlope }: PropertyCard): string | undefined =>
  largestSlope && `steepest: ${largestSlope.evidence}`;

/** What holds of a card's invariances, by their names. */
export const leaves = (card: PropertyCard, name: string): boolean =>
  card.invariances.some((one) => one.holds && one.name === name);

export const isConvex = ({ convex }: PropertyCard): boolean => convex?.holds === true;
export const isSmooth = ({ kinks }: PropertyCard): boolean => kinks?.places.length === 0;

/** Drawbacks, one row each; those that a problem asks about are said where they apply. */
export const drawbacks = {
  notConvex: ({ convex }: PropertyCard) =>
    convex && !convex.holds ? `not convex: ${convex.evidence}` : undefined,
  dead: (card: PropertyCard) => {
    const on = card.deadZones?.on ?? [];
    const places = wordsOf(listed(on.map((zone) => saidInterval(zone, symbolOf(card)))));
    return on.length > 0 ? `next to no slope for ${places}` : undefined;
  },
  corners: ({ kinks }: PropertyCard) => (kinks && kinks.places.length > 0 ? kinks.evidence : undefined),
  notProper: ({ proper }: PropertyCard) =>
    proper && !proper.holds ? `its probabilities are off: ${proper.evidence}` : undefined,
  unbounded: ({ outlier }: PropertyCard) =>
    outlier?.influence === "unbounded" ? "a single outlier can pull without bound" : undefined,
} satisfies Readonly<Record<string, (card: PropertyCard) => string | undefined>>;
