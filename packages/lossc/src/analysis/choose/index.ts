// Choosing a loss: from a problem to losses, with reasons from their cards.

import { LossError, suggestion } from "../../errors.ts";
import type { Subject } from "../subject.ts";
import type { PropertyCard } from "../types.ts";
import { candidateOf } from "./candidate.ts";
import { drawbacks } from "./facts.ts";
import { problemRows } from "./problems.ts";

/** A problem that losses are chosen by. */
export interface Problem {
  /** One word: what `choose` takes. */
  readonly name: string;
  readonly title: string;
  /** What matters. */
  readonly advice: string;
}

/** A loss that fits a problem. */
export interface Choice {
  readonly loss: string;
  /** Why, with numbers from its card. */
  readonly because: string;
  /** What speaks against it, with numbers from its card. */
  readonly but: readonly string[];
}

export const problems: readonly Problem[] = problemRows.map(({ name, title, advice }) => ({
  name,
  title,
  advice,
}));

/** A loss that is asked for its card only if its family may fit. */
export interface Asked {
  readonly family: string;
  readonly subject: () => Subject;
  readonly card: () => PropertyCard;
}

/** The losses that fit, best first. */
export function choicesFor(problem: string, asked: Iterable<Asked>): Choice[] {
  const row = problemRows.find(({ name }) => name === problem);
  if (!row)
    throw new LossError("bad-option", `choose: there is no problem "${problem}".`, {
      option: "problem",
      note: suggestion(
        problem,
        problems.map(({ name }) => name),
      ),
    });
  const found = [];
  for (const { family, subject, card } of asked) {
    if (!row.families.includes(family)) continue;
    const candidate = candidateOf(subject(), card());
    const because = row.why(candidate);
    if (because === undefined) continue;
    const but = row.but.map((name) => drawbacks[name](candidate.card)).filter((text) => text !== undefined);
    found.push({ choice: { loss: candidate.name, because, but }, rank: row.rank?.(candidate) ?? 0 });
  }
  return found.sort((a, b) => b.rank - a.rank).map(({ choice }) => choice);
}
