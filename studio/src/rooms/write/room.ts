// Write your own: a loss as text; everything else about it is derived.

import { writeOwn } from "../../losses/own-text.ts";
import type { Schema } from "../../state/address.ts";
import { number } from "../../state/fields.ts";
import { defineRoom } from "../room.ts";

export const fields = {
  probe: number(1.5, -1000, 1000, 0.1),
  zoom: number(1, 0.1, 20, 0.1),
} satisfies Schema;

export const room = defineRoom({
  id: "write",
  order: 10,
  version: 1,
  fields,
  story: [
    { own: writeOwn("margin", "max(0, 1 - target * score)"), probe: 0 },
    { own: writeOwn("margin", "softplus(1 - target * score)"), probe: 0 },
    {
      own: writeOwn("regression", "c = 1.5\nr = prediction - target\nc^2 * (1 - exp(-(r / c)^2)) / 2"),
      probe: 3,
    },
    {
      own: writeOwn("classes", "margin = 1\nsum(where(isTrue, 0, max(0, margin + logits - trueLogit)))"),
      probe: 0.5,
    },
    {
      own: writeOwn(
        "regression",
        "where(prediction > target, prediction - target, 2 * (target - prediction)",
      ),
      probe: 1,
    },
  ],
  view: () => import("./Room.svelte"),
});
