// What the plane is drawn with: a colour per digit, and the ring of directions in one piece per judgement.

import type { Frame } from "./trainer.ts";

/** Ten hues of the same lightness, which light and dark grounds both bear; each digit is also written at its middle. */
export const colourOf = (digit: number): string => `oklch(0.62 0.15 ${36 * digit})`;

export interface Arc {
  readonly label: number;
  readonly held: boolean;
  /** In radians. */
  readonly from: number;
  readonly to: number;
}

/** Neighbouring directions of the same judgement as one arc. */
export function arcs(ring: Frame["ring"]): Arc[] {
  const step = (2 * Math.PI) / ring.length;
  const all: Arc[] = [];
  for (const [i, { label, held }] of ring.entries()) {
    const last = all.at(-1);
    const to = (i + 1) * step;
    if (last?.label === label && last.held === held) all[all.length - 1] = { ...last, to };
    else all.push({ label, held, from: i * step, to });
  }
  return all;
}
