// Outliers: lines fitted under several losses to points that can be dragged, and what each point does to each line.

import type { Schema } from "../../state/address.ts";
import { choice, integer, number, picks, points } from "../../state/fields.ts";
import { defineRoom } from "../room.ts";

/** Steps after which every line has come to rest. */
export const SETTLED = 400;

export const fields = {
  preset: choice(["outlier", "clean", "cluster", "tails"], "outlier"),
  seed: integer(1, 0, 99999),
  /** The points where they are no longer the preset's. */
  points: points(60),
  marked: integer(0, 0, 59),
  tool: choice(["move", "add"], "move"),
  losses: picks("mse,huber,tukeyBiweight"),
  focus: number(0, 0, 7, 1),
  rate: number(0.3, 0.01, 1, 0.01),
  step: integer(SETTLED, 0, 1000),
} satisfies Schema;

const losses = (list: string) => picks(list).default;

export const room = defineRoom({
  id: "outliers",
  order: 2,
  version: 1,
  fields,
  story: [
    { preset: "clean", losses: losses("mse,mae,huber") },
    { losses: losses("mse,mae"), focus: 0 },
    { losses: losses("mse,huber(delta=0.5),cauchy"), focus: 1 },
    { preset: "cluster", losses: losses("huber(delta=0.5),cauchy(c=0.5),tukeyBiweight(c=2)"), focus: 2 },
    { preset: "tails", losses: losses("mse,mae,logCosh,welsch"), focus: 3, step: 0 },
  ],
  view: () => import("./Room.svelte"),
});
