// A loss that may be chosen: its card, what it takes, and how little what is right already pulls.

import { lineOf } from "../line.ts";
import { type Structure, structureOf } from "../structure.ts";
import type { Subject } from "../subject.ts";
import type { PropertyCard } from "../types.ts";
import { placedViews } from "../views/index.ts";

export interface Candidate {
  readonly name: string;
  readonly card: PropertyCard;
  readonly structure: Structure;
  readonly params: Subject["params"];
  /** How much a sample at probability 0.9 of its truth pulls beside one at 0.1, where the view says a probability. */
  readonly restraint: number | undefined;
}

/** What a sample that is right, and one that is wrong, gives the truth. */
export const RIGHT = 0.9;
export const WRONG = 0.1;

export function candidateOf(subject: Subject, card: PropertyCard): Candidate {
  return {
    name: subject.name,
    card,
    structure: structureOf(subject, {}),
    params: subject.params,
    restraint: restraintOf(subject),
  };
}

function restraintOf(subject: Subject): number | undefined {
  const [view] = placedViews(subject);
  const { probability } = view ?? {};
  if (!view || !probability || view.wrong !== "below") return undefined;
  const isProbability = view.domain[0] === 0;
  // σ(x − x₀) is the probability of a logit or a lead; x₀ is where it is ½.
  const even = Math.log(1 / probability(0) - 1);
  const at = (p: number) => (isProbability ? p : Math.log(p / (1 - p)) + even);
  const { slope } = lineOf(subject, view, {}).at([at(RIGHT), at(WRONG)]);
  return Math.abs(slope[0] / slope[1]);
}
