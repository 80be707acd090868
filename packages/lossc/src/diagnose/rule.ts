// A rule about a call as a whole, and what several of them use.

import type { Call } from "./subject.ts";
import type { Finding, GradientShares } from "./types.ts";

export interface CallRule {
  readonly code: string;
  readonly find: (call: Call, shares: GradientShares | undefined) => Omit<Finding, "code"> | undefined;
}

/** The first place for which something holds, and for how many it does. */
export const firstWhere = (
  length: number,
  holds: (i: number) => boolean,
): { first: number; count: number } => {
  let first = -1;
  let count = 0;
  for (let i = 0; i < length; i++) {
    if (!holds(i)) continue;
    if (first < 0) first = i;
    count += 1;
  }
  return { first, count };
};
