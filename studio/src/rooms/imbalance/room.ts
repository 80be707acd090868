// Imbalance: a crowd of easy negatives and few positives, and who carries the gradient under each loss.

import type { Schema } from "../../state/address.ts";
import { choice, flag, integer, number, picks } from "../../state/fields.ts";
import { defineRoom } from "../room.ts";

export const SETTLED = 300;
export const NEGATIVES = 1000;

const place = (fallback: number) => number(fallback, 0, 10, 0.1);

export const fields = {
  /** The middles of both groups. */
  px: place(6.6),
  py: place(6.2),
  nx: place(4),
  ny: place(4),
  positives: integer(20, 3, 300),
  seed: integer(1, 0, 99999),
  losses: picks("bceWithLogits,binaryFocal,powerBce,ghmC", 7),
  /** Also cross-entropy in which each positive counts as often as there are negatives for it. */
  weighted: flag(true),
  focus: number(0, 0, 7, 1),
  /** Whose model the shares are taken at: the first loss's, or each one's own. */
  at: choice(["same", "own"], "same"),
  /** A sample is easy if its true class has at least this probability. */
  easy: number(0.8, 0.5, 0.99, 0.01),
  /** A positive is found if its probability is at least this. */
  threshold: number(0.5, 0.01, 0.99, 0.01),
  rate: number(0.05, 0.001, 0.5, 0.001),
  step: integer(SETTLED, 0, 1000),
} satisfies Schema;

const losses = (list: string) => picks(list, 7).default;

export const room = defineRoom({
  id: "imbalance",
  order: 6,
  version: 1,
  fields,
  story: [
    { positives: 300, losses: losses("bceWithLogits"), weighted: false },
    { losses: losses("bceWithLogits"), weighted: false },
    { losses: losses("bceWithLogits,powerBce"), focus: 1 },
    { losses: losses("bceWithLogits,binaryFocal(alpha=null)"), weighted: false, focus: 1 },
    { losses: losses("bceWithLogits,binaryFocal(alpha=null),ghmC"), weighted: false, focus: 2 },
  ],
  view: () => import("./Room.svelte"),
});
