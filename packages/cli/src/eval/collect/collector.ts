// What is gathered from the rows beside their sums: each collector looks at what every call of the library gave.

import type { Evaluated } from "../evaluate.ts";
import type { Plan } from "../plan.ts";
import type { Judged } from "../rows.ts";
import type { Block } from "../scan.ts";

export interface Look {
  readonly plan: Plan;
  readonly block: Block;
  readonly judged: Judged;
  readonly evaluated: Evaluated;
  /** The weight of each row of the block. */
  readonly weight: Float64Array | undefined;
  /** The group of each row of the block. */
  readonly groups: Int32Array | undefined;
}

export interface Collector {
  /** After each call of the library. */
  look?(look: Look): void;
  /** After all losses of a block. */
  blockDone?(block: Block): void;
}
