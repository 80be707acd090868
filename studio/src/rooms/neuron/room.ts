// Neuron and depth: why a saturated neuron learns slowly under one loss and not under another, and what becomes of
// gradients on their way through many layers.

import type { Schema } from "../../state/address.ts";
import { choice, integer, number, picks, text } from "../../state/fields.ts";
import { defineRoom } from "../room.ts";

export const SETTLED = 300;

export const fields = {
  /** The neuron's start: its input is 1 and its target 0. */
  w: number(2, -6, 6, 0.1),
  b: number(2, -6, 6, 0.1),
  losses: picks("mse,bce", 6),
  focus: number(0, 0, 7, 1),
  rate: number(0.15, 0.01, 2, 0.01),
  step: integer(SETTLED, 0, 1000),
  /** The chain of layers. */
  activation: choice(["sigmoid", "tanh", "relu"], "sigmoid"),
  depth: integer(6, 1, 8),
  /** Weights start normal with deviation gain/√inputs. */
  gain: number(1, 0.1, 6, 0.1),
  loss: text("mse", 40),
  chainRate: number(0.1, 0.001, 2, 0.001),
  /** The longest gradient that is taken; 0 takes any. */
  clip: number(0, 0, 10, 0.1),
  penalty: number(0, 0, 0.1, 0.001),
  seed: integer(1, 0, 99999),
  chainStep: integer(200, 0, 1000),
} satisfies Schema;

export const room = defineRoom({
  id: "neuron",
  order: 5,
  version: 1,
  fields,
  story: [
    { w: 0.6, b: 0.9 },
    { w: 2, b: 2 },
    { activation: "sigmoid", depth: 8, chainStep: 0 },
    { activation: "relu", depth: 8, gain: 4, chainRate: 0.01 },
    { activation: "relu", depth: 8, gain: 4, chainRate: 0.01, clip: 1 },
  ],
  view: () => import("./Room.svelte"),
});
