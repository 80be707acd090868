// Curves: the value, gradient and curvature of losses along one of their views, with a probe to drag.

import type { Schema } from "../../state/address.ts";
import { choice, flag, number, picks, text } from "../../state/fields.ts";
import { defineRoom } from "../room.ts";

export const fields = {
  over: text("residual", 20),
  losses: picks("mse,huber,tukeyBiweight"),
  /** The loss looked at: its place in the list. */
  focus: number(1, 0, 7, 1),
  probe: number(1.5, -1000, 1000, 0.1),
  zoom: number(1, 0.1, 20, 0.1),
  target: choice(["1", "0"], "1"),
  normal: flag(false),
} satisfies Schema;

const losses = (list: string) => picks(list).default;

export const room = defineRoom({
  id: "curves",
  order: 1,
  version: 1,
  fields,
  story: [
    { losses: losses("mse,mae"), focus: 0, probe: 2 },
    { losses: losses("mse,huber"), focus: 1, probe: 3 },
    { losses: losses("huber,cauchy,tukeyBiweight"), focus: 2, probe: 4.5, zoom: 2 },
    { over: "margin", losses: losses("zeroOne,hinge,logistic,ramp"), focus: 2, probe: -1 },
    { over: "logit", losses: losses("bceWithLogits,binaryFocal(alpha=null),powerBce"), focus: 1, probe: 2 },
  ],
  view: () => import("./Room.svelte"),
});
