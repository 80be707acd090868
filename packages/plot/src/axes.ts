// Axes of one panel: grid lines, ticks with labels, titles.

import { margin } from "./frame.ts";
import type { Scale } from "./scale.ts";
import { type Box, element } from "./svg.ts";
import { fontSize, label, textWidth, truncate } from "./text.ts";
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
    const places = scale.ticks.map((tick, i) => {
      const half = textWidth(scale.labels[i], fontSize.tick) / 2;
      return { text: scale.labels[i], x: scale(tick), middle: Math.min(scale(tick), end - half), half };
    });
    const shown = withoutTouching(places, scale.ticks.indexOf(0));
    places.forEach(({ text, x, middle }, i) => {
      parts.push(
        element("line", { x1: x, x2: x, y1: bottom, y2: bottom + 4, ...paint({ stroke: "muted" }) }),
      );
      if (shown(i))
        parts.push(
          label(paint, text, middle, bottom + 16, { size: fontSize.tick, role: "muted", anchor: "middle" }),
        );
    });
  }
  if (show.title !== undefined) {
    const y = bottom + below.labels + below.title - 4;
    // Centred below the panel, or where it is too long for that, in the picture.
    const most = box.left + box.width - margin.left;
    const text = truncate(show.title, fontSize.axis, most);
    const half = textWidth(text, fontSize.axis) / 2;
    const middle = Math.min(
      Math.max(box.left + box.width / 2, margin.left + half),
      box.left + box.width - half,
    );
    parts.push(label(paint, text, middle, y, { size: fontSize.axis, anchor: "middle" }));
  }
  return parts;
}

/** Which labels are shown: every one, every second, … such that none touches the next; among them that of `anchor`. */
function withoutTouching(
  places: readonly { readonly middle: number; readonly half: number }[],
  anchor: number,
): (index: number) => boolean {
  for (let every = 1; ; every++) {
    const first = anchor < 0 ? 0 : anchor % every;
    const shown = places.filter((_, i) => (i - first) % every === 0);
    const touch = shown.some(
      ({ middle, half }, i) => i > 0 && middle - half < shown[i - 1].middle + shown[i - 1].half + 6,
    );
    if (!touch) return (index) => (index - first) % every === 0;
  }
}
