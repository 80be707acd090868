// The names of the elementwise ops: what a `compute` statement can do.

import type { ops } from "../../language/ops.ts";

export type ElementwiseName = {
  [K in keyof typeof ops]: (typeof ops)[K] extends { kind: "elementwise" } ? K : never;
}[keyof typeof ops];
