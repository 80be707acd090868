// Grouped bars, lying, with their numbers: a value of several losses for each of several groups.

import { horizontalAxis, below as room } from "./axes.ts";
import { documentOf, frameOf, margin, type PlotOptions } from "./frame.ts";
import { areaEntry, legendOf } from "./legend.ts";
import { formatNumber } from "./numbers.ts";
import { valueRange } from "./range.ts";
import { type Scale, scaleOf } from "./scale.ts";
import { type Box, element, escapeText, px } from "./svg.ts";
import { fontSize, label, textWidth, truncate } from "./text.ts";
import { type Paint, seriesRole } from "./theme.ts";

export interface BarSeries {
  readonly label: string;
  /** One for each group, in their order; NaN where there is none. */
  readonly values: readonly number[];
}

export interface BarOptions extends PlotOptions {
  /** The horizontal axis's title. Default "mean loss". */
  readonly valueLabel?: string;
}

const BAR = 15;
const BETWEEN = 9;
/** Of the part of a picture that has bars. */
const LEAST_WIDTH = 60;

/** One SVG document of bars: `groups` are the rows, in each a bar per series. Its height grows with them unless it is
 * given. Throws a RangeError where a series has not one value per group. */
export function plotBars(
  groups: readonly string[],
  series: readonly BarSeries[],
  options: BarOptions = {},
): string {
  for (const { label: name, values } of series) {
    if (values.length !== groups.length)
      throw new RangeError(`"${name}" has ${values.length} values for ${groups.length} groups.`);
  }
  const inside = (options.width ?? 640) - margin.left - margin.right;
  const fixed = 40 + room.labels + room.title + margin.bottom + margin.top;
  const rows = series.length > 1 ? Math.ceil(series.length / 2) * 20 : 0;
  const frame = frameOf(options, fixed + rows + groups.length * (series.length * BAR + BETWEEN), 120);
  const { paint } = frame;
  const shown = series.length > 1 ? series.map((one, i) => areaEntry(paint, i, one.label)) : [];
  const legend = legendOf(shown, { left: margin.left, width: inside });

  const names = groups.map((name) => truncate(name, fontSize.tick, inside * 0.3));
  const start = margin.left + Math.max(0, ...names.map((name) => textWidth(name, fontSize.tick))) + 10;
  const top = frame.top + legend.height + 8;
  const box: Box = {
    left: start,
    top,
    width: frame.width - margin.right - start,
    height: frame.height - margin.bottom - room.labels - room.title - top,
  };
  // Every value counts as a series of its own: the range follows the middle one, not the largest.
  const values = series.flatMap((one) => one.values.map((value) => [value]));
  const [least, most] = valueRange(values, { include: [0], lead: 12 });
  const high = most > least ? most : least + 1;
  // −Infinity alone has no range, but a side.
  const low = least === 0 && values.flat().some((value) => value < 0) ? -high : least;
  const widest = Math.max(0, ...values.flat().map((value) => textWidth(formatNumber(value), fontSize.key)));
  const sides = low < 0 ? 2 : 1;
  // A picture too narrow for bars and numbers has bars.
  const written = box.width - sides * (widest + 12) >= LEAST_WIDTH;
  const aside = written ? widest + 12 : 0;
  const scale = scaleOf([low, high], [box.left + (sides - 1) * aside, box.left + box.width - aside], {
    count: 6,
  });
  const step = box.height / Math.max(1, groups.length);
  const thickness = Math.min(22, (step - Math.min(BETWEEN, step / 3)) / Math.max(1, series.length));
  const body = [
    ...legend.draw(paint, frame.top),
    ...horizontalAxis(paint, box, scale, { grid: true, title: options.valueLabel ?? "mean loss" }),
    ...groups.flatMap((name, g) => {
      const middle = box.top + step * (g + 0.5);
      const first = middle - (thickness * series.length) / 2;
      return [
        element(
          "g",
          {},
          names[g] === name ? "" : element("title", {}, escapeText(name)),
          label(paint, names[g], box.left - 10, middle + 4, { size: fontSize.tick, anchor: "end" }),
        ),
        ...series.flatMap((one, s) => {
          const row: Row = { top: first + s * thickness, height: thickness, written };
          return bar(paint, scale, one.values[g], row, s);
        }),
      ];
    }),
    element("line", {
      x1: scale(0),
      x2: scale(0),
      y1: box.top,
      y2: box.top + box.height,
      ...paint({ stroke: "muted" }),
    }),
  ];
  const description = series
    .map(
      (one) =>
        `${one.label}: ${one.values.map((value, g) => `${groups[g]} ${formatNumber(value)}`).join(", ")}.`,
    )
    .join(" ");
  return documentOf(frame, options, { name: series.map((one) => one.label).join(", "), description }, body);
}

/** The place of one bar, and whether its number is written behind it. */
interface Row {
  readonly top: number;
  readonly height: number;
  readonly written: boolean;
}

/** One bar with its number. What reaches beyond the axis is cut, which two gaps say. */
function bar(paint: Paint, scale: Scale, value: number, row: Row, index: number): string[] {
  const middle = row.top + row.height / 2;
  const size = Math.min(fontSize.key, row.height);
  if (Number.isNaN(value))
    return [label(paint, "–", scale(0) + 6, middle + size * 0.36, { size, role: "muted" })];
  const [low, high] = scale.domain;
  const end = scale(Math.min(high, Math.max(low, value)));
  const side = value < 0 ? -1 : 1;
  const cut = value > high || value < low;
  const [x, width] = [Math.min(scale(0), end), Math.abs(end - scale(0))];
  return [
    element("rect", {
      x,
      y: row.top + 1,
      width,
      height: Math.max(1, row.height - 2),
      ...paint({ fill: seriesRole(index) }),
    }),
    ...(cut
      ? [10, 16].map((back) =>
          element("path", {
            d: `M${px(end - side * back - 3)},${px(row.top + row.height)}l6,${px(-row.height)}`,
            "stroke-width": 2,
            ...paint({ stroke: "ground" }),
          }),
        )
      : []),
    row.written
      ? label(paint, formatNumber(value), end + side * 5, middle + size * 0.36, {
          size,
          anchor: side < 0 ? "end" : "start",
        })
      : "",
  ];
}
