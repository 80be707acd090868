// Legends: a mark and a text for each series, in rows that fit the width.

import { element, escapeText } from "./svg.ts";
import { fontSize, label, textWidth, truncate } from "./text.ts";
import { dashOf, type Paint, seriesRole } from "./theme.ts";

export interface Entry {
  readonly text: string;
  readonly width: number;
  /** Draws the mark with its left end at x and its middle at y. */
  mark(x: number, y: number): string;
}

interface Placed {
  readonly entry: Entry;
  readonly text: string;
  readonly x: number;
  readonly row: number;
}

export interface Legend {
  readonly height: number;
  draw(paint: Paint, top: number): string[];
}

const gap = { mark: 7, entry: 20 } as const;

/** Lays entries out in rows from `left`, `width` pixels wide; a text too long for a row is cut, and whole on hover. */
export function legendOf(
  entries: readonly Entry[],
  {
    left,
    width,
    size = fontSize.legend,
  }: { readonly left: number; readonly width: number; readonly size?: number },
): Legend {
  const line = size + 7;
  const placed: Placed[] = [];
  let [x, row] = [left, 0];
  for (const entry of entries) {
    const text = truncate(entry.text, size, width - entry.width - gap.mark);
    const needs = entry.width + gap.mark + textWidth(text, size);
    if (x > left && x + needs > left + width) [x, row] = [left, row + 1];
    placed.push({ entry, text, x, row });
    x += needs + gap.entry;
  }
  return {
    height: entries.length === 0 ? 0 : (row + 1) * line,
    draw: (paint, top) =>
      placed.map(({ entry, text, x: start, row: at }) => {
        const middle = top + at * line + line / 2;
        const words = label(paint, text, start + entry.width + gap.mark, middle + size * 0.35, { size });
        const whole = text === entry.text ? "" : element("title", {}, escapeText(entry.text));
        return element("g", {}, whole, entry.mark(start, middle), words);
      }),
  };
}

/** The mark of a line: a piece of it. */
export const lineEntry = (paint: Paint, index: number, text: string): Entry => ({
  text,
  width: 30,
  mark: (x, y) =>
    element("line", {
      x1: x,
      x2: x + 30,
      y1: y,
      y2: y,
      "stroke-width": 2.25,
      "stroke-dasharray": dashOf(index),
      ...paint({ stroke: seriesRole(index) }),
    }),
});

/** The mark of an area: a square. */
export const areaEntry = (paint: Paint, index: number, text: string): Entry => ({
  text,
  width: 12,
  mark: (x, y) =>
    element("rect", { x, y: y - 6, width: 12, height: 12, rx: 2, ...paint({ fill: seriesRole(index) }) }),
});
