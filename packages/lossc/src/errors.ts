// The one error type of the library: a sentence for people, a code and the parts for programs.

import { type Phrase, phrase, wordsOf } from "./phrase.ts";

export type ErrorCode =
  | "unknown-loss"
  | "unknown-option"
  | "unknown-input"
  | "unknown-engine"
  | "missing-input"
  | "bad-input"
  | "bad-option"
  | "shape-mismatch"
  | "label-out-of-range"
  | "value-out-of-range"
  | "not-differentiable"
  | "empty"
  | "definition"
  | "syntax"
  | "unsupported";

export interface ErrorParts {
  readonly loss?: string;
  readonly input?: string;
  readonly option?: string;
  readonly op?: string;
  readonly target?: string;
  /** Where in the data: a row, an element. */
  readonly at?: readonly number[];
  /** Where in a text: from a character to another, the second not included. */
  readonly span?: readonly [from: number, to: number];
  /** What to do about it, in the terms of the library's own options. */
  readonly note?: string | Phrase;
  /** Message and remedy for other languages than English, where they are not the phrases given as message and note. */
  readonly phrases?: { readonly message: Phrase; readonly remedy: Phrase };
}

const nothing = phrase``;

/** Says who, what was given and what was expected; then the remedy. A message given as a phrase, with a note that is one
 * too or with none, can be said in other languages by `phrases`. */
export class LossError extends Error {
  override readonly name = "LossError";
  declare readonly code: ErrorCode;
  declare readonly loss: string | undefined;
  declare readonly input: string | undefined;
  declare readonly option: string | undefined;
  declare readonly op: string | undefined;
  declare readonly target: string | undefined;
  declare readonly at: readonly number[] | undefined;
  declare readonly span: readonly [from: number, to: number] | undefined;
  declare readonly note: string | undefined;
  declare readonly phrases: ErrorParts["phrases"];

  constructor(code: ErrorCode, message: string | Phrase, { note: remedy, ...parts }: ErrorParts = {}) {
    const note = remedy && wordsOf(remedy);
    super((parts.loss ? `${parts.loss}: ` : "") + wordsOf(message) + (note ? ` ${note}` : ""));
    if (typeof message === "object" && typeof remedy !== "string")
      this.phrases = { message, remedy: remedy ?? nothing };
    Object.assign(this, { code }, note !== undefined && { note }, parts);
  }
}

/** The word of `known` nearest to `given`, when it is near enough to be a slip of the hand. */
export function nearest(given: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(given.length / 3)) + 1;
  for (const word of known) {
    const distance = editDistance(given.toLowerCase(), word.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [word, distance];
  }
  return best;
}

/** `Did you mean "delta"?`, or the list of what there is. */
export function suggestion(given: string, known: readonly string[]): Phrase {
  const near = nearest(given, known);
  if (near !== undefined) return phrase`Did you mean "${near}"?`;
  return known.length === 0 ? phrase`There are none.` : phrase`There are: ${known.join(", ")}.`;
}

function editDistance(a: string, b: string): number {
  // Damerau's distance with adjacent swaps: "dleta" is one slip from "delta".
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      let distance = Math.min(previous[j] + 1, current[j - 1] + 1, previous[j - 1] + change);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        distance = Math.min(distance, beforePrevious[j - 2] + 1);
      }
      current.push(distance);
    }
    [beforePrevious, previous] = [previous, current];
  }
  return previous[b.length];
}
