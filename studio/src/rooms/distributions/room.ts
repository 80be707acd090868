// Distributions: entropy, cross-entropy and divergence of predicted probabilities from true ones.

import type { Schema } from "../../state/address.ts";
import { choice, numbers } from "../../state/fields.ts";
import { defineRoom } from "../room.ts";

/** Four classes: their shares, which are brought to the sum 1 when they are used. */
const shares = (fallback: readonly number[]) => numbers(fallback, { min: 0, max: 1, size: 4 });

export const fields = {
  predicted: shares([0.25, 0.25, 0.25, 0.25]),
  truth: shares([0.5, 0.25, 0.125, 0.125]),
  unit: choice(["bits", "nats"], "bits"),
} satisfies Schema;

export const room = defineRoom({
  id: "distributions",
  order: 7,
  version: 1,
  fields,
  story: [
    { predicted: [0.5, 0.25, 0.125, 0.125] },
    { predicted: [0.25, 0.25, 0.25, 0.25] },
    { predicted: [0.02, 0.25, 0.365, 0.365] },
    { predicted: [0.7, 0.25, 0.05, 0] },
    { predicted: [0.7, 0.15, 0.1, 0.05], truth: [1, 0, 0, 0], unit: "nats" },
  ],
  view: () => import("./Room.svelte"),
});
