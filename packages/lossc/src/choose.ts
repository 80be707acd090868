// `choose`: losses of the catalogue for a problem.

import { type Choice, choicesFor } from "./analysis/choose/index.ts";
import { catalogue } from "./catalogue.ts";
import { bodyOf } from "./contract/define.ts";
import { subjectOf } from "./contract/subject.ts";
import type { AnyLoss } from "./contract/types.ts";

export { type Choice, type Problem, problems } from "./analysis/choose/index.ts";

/** The losses that fit a problem, best first, with reasons and drawbacks computed from their property cards. `problem` is
 * the name of one of `problems`; `among` are the losses to choose from, by default the catalogue.
 *
 * A loss's card is made once, so a first call takes up to a second or two. Throws `bad-option` for an unknown problem. */
export function choose(
  problem: string,
  among: Iterable<Pick<AnyLoss, "family" | "properties">> = catalogue.values(),
): readonly Choice[] {
  const asked = Array.from(among, (loss) => ({
    family: loss.family,
    subject: () => subjectOf(bodyOf(loss)),
    card: () => loss.properties(),
  }));
  return choicesFor(problem, asked);
}
