// Axes of one panel: grid lines, ticks with labels, titles.

import { margin } from "./frame.ts";
import type { Scale } from "./scale.ts";
import { type Box, element } from "./svg.ts";
import { fontSize, label, textWidth } from "./text.ts";
import type { Paint } from "./theme.ts";

/** What tick labels left of a panel take, in pixels. */
export const labelsWidth = (scale: Scale): number =>
  Math.max(...scale.labels.map((text) => textWidth(text, fontSize.tick))) + 8;

/** Room below a panel for tick labels, and for the axis's title. */
export const below = { labels: 20, title: 18 } as const;
/** Room above a panel for the vertical axis's title. */
export const titleAbove = 20;

/** The vertical axis: horizontal grid lines, labels left of the panel, the title above its corner. */
export function verticalAxis(paint: Paint, box: Box, scale: Scale, title: string): string[] {
  const right = box.left + box.width;
  return [
    ...scale.ticks.map((tick) =>
      element("line", {
        x1: box.left,
        x2: right,
        y1: scale(tick),
        y2: scale(tick),
        ...paint({ stroke: tick === 0 ? "zero" : "grid" }),
      }),
    ),
    ...scale.ticks.map((tick, i) =>
      label(paint, scale.labels[i], box.left - 8, scale(tick) + 4, {
        size: fontSize.tick,
        role: "muted",
        anchor: "end",
      }),
    ),
    label(paint, title, box.left, box.top - 8, { size: fontSize.axis, role: "ink" }),
  ];
}

export interface HorizontalAxis {
  readonly labels?: boolean;
  readonly title?: string;
  readonly grid?: boolean;
}

/** The horizontal axis: with labels a base line and ticks, fewer where their labels would touch; a title. */
export function horizontalAxis(paint: Paint, box: Box, scale: Scale, show: HorizontalAxis = {}): string[] {
  const bottom = box.top + box.height;
  const parts: string[] = [];
  if (show.grid) {
    for (const tick of scale.ticks) {
      parts.push(
        element("line", {
          x1: scale(tick),
          x2: scale(tick),
          y1: box.top,
          y2: bottom,
          ...paint({ stroke: "grid" }),
        }),
      );
    }
  }
  if (show.labels !== false) {
    parts.push(
      element("line", {
        x1: box.left,
        x2: box.left + box.width,
        y1: bottom,
        y2: bottom,
        ...paint({ stroke: "muted" }),
      }),
    );
    const end = box.left + box.width + margin.right - 2;
    let free = Number.NEGATIVE_INFINITY;
    scale.ticks.forEach((tick, i) => {
      const [x, half] = [scale(tick), textWidth(scale.labels[i], fontSize.tick) / 2];
      parts.push(
        element("line", { x1: x, x2: x, y1: bottom, y2: bottom + 4, ...paint({ stroke: "muted" }) }),
      );
      const middle = Math.min(x, end - half);
      if (middle - half < free) return;
      free = middle + half + 6;
      parts.push(
        label(paint, scale.labels[i], middle, bottom + 16, {
          size: fontSize.tick,
          role: "muted",
          anchor: "middle",
        }),
      );
    });
  }
  if (show.title !== undefined) {
    const y = bottom + below.labels + below.title - 4;
    parts.push(
      label(paint, show.title, box.left + box.width / 2, y, { size: fontSize.axis, anchor: "middle" }),
    );
  }
  return parts;
}
