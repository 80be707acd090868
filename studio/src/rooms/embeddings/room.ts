// Embeddings: a small network with two features, trained on real digits under one loss, and what becomes of the plane.

import type { Schema } from "../../state/address.ts";
import { integer, number, picks } from "../../state/fields.ts";
import { defineRoom } from "../room.ts";

export const SETTLED = 600;

export const fields = {
  /** The probe, as a share of what the plane reaches to. */
  px: number(0.5, -1, 1, 0.02),
  py: number(0.3, -1, 1, 0.02),
  losses: picks("crossEntropy", 1),
  lambda: number(0, 0, 2, 0.01),
  rate: number(0.01, 0.001, 0.05, 0.001),
  seed: integer(1, 0, 99999),
  step: integer(300, 0, 1000),
} satisfies Schema;

const losses = (list: string) => picks(list, 1).default;

export const room = defineRoom({
  id: "embeddings",
  order: 8,
  version: 1,
  fields,
  story: [
    { losses: losses("crossEntropy"), step: SETTLED },
    { losses: losses("crossEntropy"), lambda: 1, step: SETTLED },
    { losses: losses("largeMarginSoftmax(m=2)"), step: SETTLED },
    { losses: losses("arcFace(scale=10;margin=0.3)"), step: SETTLED },
    { losses: losses("contrastive(margin=4)"), step: SETTLED },
  ],
  view: () => import("./Room.svelte"),
});
