// A thousand real digits, a hundred of each, 8 by 8 pixels: who made them stands in digits.json and in the room.

import data from "./digits.json";

export const CLASSES = 10;
export const SIDE = 8;
export const PIXELS = SIDE * SIDE;
const MOST_INK = 15;

export interface Digits {
  readonly count: number;
  /** From 0 (paper) to 1 (ink), a digit after the other. */
  readonly images: Float64Array;
  readonly labels: Uint8Array;
}

export function readDigits(): Digits {
  const packed = atob(data.ink);
  const images = new Float64Array(2 * packed.length);
  for (let i = 0; i < packed.length; i++) {
    const two = packed.charCodeAt(i);
    images[2 * i] = (two >> 4) / MOST_INK;
    images[2 * i + 1] = (two & 15) / MOST_INK;
  }
  const labels = Uint8Array.from(data.labels, Number);
  return { count: labels.length, images, labels };
}
