// Boxes: what box losses say of two boxes, where they pull, and where they are blind.

import type { Schema } from "../../state/address.ts";
import { choice, integer, number, numbers, picks } from "../../state/fields.ts";
import { defineRoom } from "../room.ts";

/** The plane's width and height. */
export const PLANE = [0, 10] as const;

/** Where a loss may go blind, as [prediction, target]. */
export const presets = {
  overlap: [
    [1, 2, 5, 6],
    [4, 3, 8, 8],
  ],
  disjoint: [
    [0.5, 0.5, 3, 3],
    [6, 6, 9, 9],
  ],
  enclosed: [
    [2, 3, 4, 5],
    [1, 1, 9, 9],
  ],
  sameCentre: [
    [2, 4, 8, 6],
    [4, 2, 6, 8],
  ],
  touching: [
    [1, 3, 4, 7],
    [4, 3, 7, 7],
  ],
} satisfies Record<string, readonly [readonly number[], readonly number[]]>;

const side = { min: PLANE[0], max: PLANE[1], size: 4 };
const everyIou = "iou,giou,diou,ciou,eiou,siou";

export const fields = {
  box: numbers(presets.overlap[0], side),
  target: numbers(presets.overlap[1], side),
  losses: picks("iou,giou,diou,ciou,mae"),
  focus: number(1, 0, 7, 1),
  rate: number(0.5, 0.01, 5, 0.01),
  map: choice(["none", "error", "steps"], "none"),
  step: integer(0, 0, 600),
} satisfies Schema;

export const room = defineRoom({
  id: "boxes",
  order: 4,
  version: 1,
  fields,
  story: [
    {},
    {
      box: [...presets.disjoint[0]],
      target: [...presets.disjoint[1]],
      losses: read("iou,giou,diou"),
      focus: 0,
    },
    {
      box: [...presets.enclosed[0]],
      target: [...presets.enclosed[1]],
      losses: read("iou,giou,diou"),
      focus: 1,
    },
    {
      box: [...presets.sameCentre[0]],
      target: [...presets.sameCentre[1]],
      losses: read("diou,ciou,eiou"),
      focus: 1,
      step: 60,
    },
    {
      box: [...presets.disjoint[0]],
      target: [4, 4, 6, 6],
      losses: read(everyIou),
      focus: 0,
      map: "error",
      step: 200,
    },
  ],
  view: () => import("./Room.svelte"),
});

function read(list: string) {
  return picks(list).default;
}
