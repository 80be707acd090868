// Your data: a file of predictions, judged in the browser as the command line judges it.

import type { Schema } from "../../state/address.ts";
import { integer, number, picks, text } from "../../state/fields.ts";
import { defineRoom } from "../room.ts";

export const fields = {
  seed: integer(1, 0, 99999),
  /** Columns by name; where empty, those that their names tell. */
  target: text("", 80),
  prediction: text("", 80),
  losses: picks("bce"),
  focus: number(0, 0, 7, 1),
  /** Rows whose loss is above it are looked at. */
  threshold: number(1, 0, 1e6, 0.1),
} satisfies Schema;

export const room = defineRoom({
  id: "data",
  order: 9,
  version: 1,
  fields,
  story: [{}, { threshold: 2 }, { prediction: "logit", losses: picks("bceWithLogits,binaryFocal").default }],
  view: () => import("./Room.svelte"),
});
