// Profiles as lines of text, one for each loss: JSON, which has no word for infinity.

import type { Profile } from "./profile.ts";

const words: Readonly<Record<string, number>> = {
  "\u0000Infinity": Number.POSITIVE_INFINITY,
  "\u0000-Infinity": Number.NEGATIVE_INFINITY,
  "\u0000NaN": Number.NaN,
};

/** A line of `data/losses.jsonl`, in English alone. */
export const lineOf = (profile: Profile): string =>
  JSON.stringify(profile, (key, value) =>
    key === "phrase"
      ? undefined
      : typeof value === "number" && !Number.isFinite(value)
        ? `\u0000${value}`
        : value,
  );

export const profileIn = (line: string): Profile =>
  JSON.parse(line, (_, value) => (typeof value === "string" && value in words ? words[value] : value));
