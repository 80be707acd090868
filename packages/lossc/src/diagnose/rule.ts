// A rule about a call as a whole, and what several of them use.

import { type Phrase, wordsOf } from "../phrase.ts";
import type { Call } from "./subject.ts";
import type { Finding, GradientShares } from "./types.ts";

/** A finding before it is put into words. */
export type Found = Omit<Finding, "message" | "remedy" | "phrases"> & {
  readonly message: Phrase;
  readonly remedy: Phrase;
};

export interface CallRule {
  readonly code: string;
  readonly find: (call: Call, shares: GradientShares | undefined) => Omit<Found, "code"> | undefined;
}

export const inWords = ({ code, severity, message, remedy, ...places }: Found): Finding => ({
  code,
  severity,
  message: wordsOf(message),
  remedy: wordsOf(remedy),
  ...places,
  phrases: { message, remedy },
});

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
