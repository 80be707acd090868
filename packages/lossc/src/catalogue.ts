// Every loss of the library by name.

import type { AnyLoss } from "./contract/types.ts";
import * as losses from "./losses/index.ts";

/** Every loss, by the one name it has everywhere. */
export const catalogue: ReadonlyMap<string, AnyLoss> = new Map(
  Object.values(losses).map((loss) => [loss.name, loss as unknown as AnyLoss]),
);
