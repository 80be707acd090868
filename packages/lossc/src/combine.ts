// `combine` by names of the catalogue.

import { catalogue } from "./catalogue.ts";
import { combineLosses } from "./contract/combine.ts";
import type { AnyLoss } from "./contract/types.ts";
import { LossError, suggestion } from "./errors.ts";
import { hintFromElsewhere } from "./names/index.ts";

/** A weighted sum of losses as one loss, with the union of their inputs: `combine({ crossEntropy: 1, center: 0.01 })`.
 *
 * Its options are the parts' (written `part.parameter` where two parts share a name), and each part's factor
 * under the part's name. Values and gradients are the weighted sums of the parts'. Throws `unknown-loss`. */
export function combine(factors: Readonly<Record<string, number>>): AnyLoss {
  return combineLosses(
    Object.entries(factors).map(([name, factor]) => {
      const loss = catalogue.get(name);
      if (!loss)
        throw new LossError("unknown-loss", `combine: there is no loss "${name}".`, {
          note: hintFromElsewhere(name) ?? suggestion(name, [...catalogue.keys()]),
        });
      return { loss, factor };
    }),
  );
}
