// The labelled points that the room starts with.

import { type Point, snap } from "../../state/fields.ts";
import { random } from "../../training/random.ts";

export type Preset = "apart" | "overlap" | "mislabelled" | "few";

/** How far the two groups lie from the middle, and how many points each has. */
const shapes: Readonly<Record<Preset, { distance: number; positives: number; negatives: number }>> = {
  apart: { distance: 1.9, positives: 12, negatives: 12 },
  overlap: { distance: 0.9, positives: 14, negatives: 14 },
  mislabelled: { distance: 1.9, positives: 12, negatives: 12 },
  few: { distance: 1.5, positives: 4, negatives: 22 },
};

/** The preset's points; the first is the one to look at. */
export function pointsOf(preset: Preset, seed: number): Point[] {
  const { normal } = random(seed);
  const { distance, positives, negatives } = shapes[preset];
  const group = (count: number, sign: 1 | -1): Point[] =>
    Array.from({ length: count }, () => ({
      x: snap(5 + sign * distance + 0.85 * normal()),
      y: snap(5 + 0.6 * sign * distance + 0.85 * normal()),
      sign,
    }));
  const all = [...group(positives, 1), ...group(negatives, -1)];
  // A positive label deep among the negatives.
  return preset === "mislabelled" ? [{ x: snap(1.6), y: snap(2.4), sign: 1 }, ...all] : all;
}
