// Margins: boundaries trained under losses of a margin, and scores of three classes under losses of a row.

import type { Schema } from "../../state/address.ts";
import { choice, integer, number, numbers, picks, points } from "../../state/fields.ts";
import { defineRoom } from "../room.ts";

export const SETTLED = 600;

export const fields = {
  preset: choice(["apart", "overlap", "mislabelled", "few"], "apart"),
  seed: integer(1, 0, 99999),
  /** The points where they are no longer the preset's. */
  points: points(60, true),
  marked: integer(0, 0, 59),
  tool: choice(["move", "positive", "negative"], "move"),
  losses: picks("hinge,logistic,exponential,zeroOne"),
  focus: number(0, 0, 7, 1),
  rate: number(0.5, 0.01, 2, 0.01),
  penalty: number(0.01, 0, 1, 0.001),
  step: integer(SETTLED, 0, 1000),
  scores: numbers([3, 1, -3], { min: -12, max: 12, size: 3 }),
  label: integer(0, 0, 2),
  base: choice(["e", "2", "10"], "e"),
  temperature: number(1, 0.1, 10, 0.1),
  margin: number(5, 0, 20, 0.1),
} satisfies Schema;

const losses = (list: string) => picks(list).default;

export const room = defineRoom({
  id: "margins",
  order: 3,
  version: 1,
  fields,
  story: [
    { losses: losses("hinge,logistic"), focus: 0 },
    { preset: "mislabelled", losses: losses("hinge,exponential,ramp"), focus: 1 },
    { preset: "mislabelled", losses: losses("hinge,squaredHinge,ramp"), focus: 2 },
    { preset: "overlap", losses: losses("zeroOne,hinge,logistic"), focus: 0 },
    { scores: [3, -2, -2], label: 0, margin: 5 },
  ],
  view: () => import("./Room.svelte"),
});
