// The points that the room starts with: a line, noise, and what may be wrong with data.

import { type Point, snap } from "../../state/fields.ts";
import { random } from "../../training/random.ts";

export type Preset = "outlier" | "clean" | "cluster" | "tails";

const COUNT = 18;

/** The preset's points; the first is the one to look at. */
export function pointsOf(preset: Preset, seed: number): Point[] {
  const { uniform, normal } = random(seed);
  const noise = () =>
    preset === "tails" ? (0.35 * normal()) / Math.max(0.12, Math.abs(normal())) : 0.3 * normal();
  const line = Array.from({ length: COUNT }, (_, i) => {
    const x = 0.6 + (8.8 * (i + 0.7 * uniform())) / COUNT;
    return point(x, 2 + 0.55 * x + noise());
  });
  if (preset === "outlier") return [point(8.6, 0.8), ...line];
  if (preset === "cluster") {
    const group = Array.from({ length: 6 }, () => point(8.4 + 0.5 * normal(), 1.2 + 0.4 * normal()));
    return [...group, ...line];
  }
  return line;
}

const point = (x: number, y: number): Point => ({ x: snap(x), y: snap(y), sign: 1 });
