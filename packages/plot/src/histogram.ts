// A histogram of numbers, such as the losses of samples; several are laid over one another.

import { horizontalAxis, labelsWidth, below as room, titleAbove, verticalAxis } from "./axes.ts";
import { documentOf, frameOf, margin, type PlotOptions } from "./frame.ts";
import { legendOf, lineEntry } from "./legend.ts";
import { formatNumber } from "./numbers.ts";
import { type Scale, type ScaleKind, scaleOf } from "./scale.ts";
import { type Box, element, px } from "./svg.ts";
import { fontSize, label, truncate } from "./text.ts";
import { dashOf, type Paint, seriesRole } from "./theme.ts";

/** How many values lie between edges, of one series. */
export interface Counts {
  readonly label: string;
  /** One fewer than the edges. */
  readonly counts: readonly number[];
  /** Marked on the axis. */
  readonly mean?: number;
  /** Values that no bin holds: NaN, infinite, 0 or less on a logarithmic axis. */
  readonly left?: number;
}

/** Counts of one or several series between the same edges. */
export interface Histogram {
  readonly scale: ScaleKind;
  /** Rising; one more than there are bins. */
  readonly edges: readonly number[];
  readonly series: readonly Counts[];
}

export interface HistogramOptions extends PlotOptions {
  /** The horizontal axis's title. Default "loss of a sample". */
  readonly valueLabel?: string;
  /** The vertical axis: "log" where a few bins hold nearly all. Default "linear". */
  readonly countScale?: ScaleKind;
}

/** One SVG document of counts between edges. */
export function plotHistogram(histogram: Histogram, options: HistogramOptions = {}): string {
  const { edges, series } = histogram;
  const frame = frameOf(options, 340, 180);
  const { paint } = frame;
  const entries = series.map((one, i) => lineEntry(paint, i, entryText(one)));
  const inside = frame.width - margin.left - margin.right;
  const legend = legendOf(entries, { left: margin.left, width: inside });
  const most = Math.max(1, ...series.flatMap(({ counts }) => counts));
  const kind = options.countScale ?? "linear";

  const left = series.filter((one) => (one.left ?? 0) > 0);
  const notes = left.length === 0 ? 0 : fontSize.key + 8;
  const top = frame.top + legend.height + titleAbove + 6;
  const bottom = frame.height - margin.bottom - room.labels - room.title - notes;
  const vertical = scaleOf([kind === "log" ? 0.8 : 0, most], [bottom, top], {
    kind,
    nice: kind === "linear",
  });
  const start = margin.left + labelsWidth(vertical);
  const box: Box = { left: start, top, width: frame.width - margin.right - start, height: bottom - top };
  const horizontal = scaleOf([edges[0], edges[edges.length - 1]], [box.left, box.left + box.width], {
    kind: histogram.scale,
    count: 7,
  });
  const body = [
    ...legend.draw(paint, frame.top),
    ...verticalAxis(paint, box, vertical, "samples"),
    ...series.flatMap((one, i) => steps(paint, box, edges, one, i, { horizontal, vertical })),
    ...horizontalAxis(paint, box, horizontal, { title: options.valueLabel ?? "loss of a sample" }),
    ...series.flatMap((one, i) => meanMark(paint, box, one, i, horizontal)),
    ...(left.length === 0
      ? []
      : [
          label(
            paint,
            truncate(leftText(left, histogram.scale), fontSize.key, inside),
            margin.left,
            frame.height - margin.bottom,
            {
              size: fontSize.key,
              role: "muted",
            },
          ),
        ]),
  ];
  const names = series.map((one) => one.label).join(", ");
  return documentOf(
    frame,
    options,
    { name: `Histogram of ${names}`, description: series.map((one) => told(one, edges)).join(" ") },
    body,
  );
}

const entryText = ({ label: name, mean }: Counts): string =>
  mean === undefined ? name : `${name} · mean ${formatNumber(mean)}`;

const leftText = (series: readonly Counts[], scale: ScaleKind): string => {
  const counts = series.map((one) => `${formatNumber(one.left!, 6)} of ${one.label}`).join(", ");
  return `Not shown: ${counts} (${scale === "log" ? "0, negative, " : ""}infinite or NaN)`;
};

function told({ label: name, counts, mean, left = 0 }: Counts, edges: readonly number[]): string {
  const total = counts.reduce((a, b) => a + b, 0);
  const fullest = counts.indexOf(Math.max(...counts));
  const parts = [
    `${name}: ${formatNumber(total, 6)} values between ${formatNumber(edges[0])} and ${formatNumber(edges[edges.length - 1])}`,
    `most (${formatNumber(counts[fullest], 6)}) between ${formatNumber(edges[fullest])} and ${formatNumber(edges[fullest + 1])}`,
    ...(mean === undefined ? [] : [`mean ${formatNumber(mean)}`]),
    ...(left === 0 ? [] : [`${formatNumber(left, 6)} not shown`]),
  ];
  return `${parts.join("; ")}.`;
}

/** The outline of the bars, and under it a light area. */
function steps(
  paint: Paint,
  box: Box,
  edges: readonly number[],
  { counts }: Counts,
  index: number,
  { horizontal, vertical }: { readonly horizontal: Scale; readonly vertical: Scale },
): string[] {
  const floor = box.top + box.height;
  const y = (count: number) => (count <= vertical.domain[0] ? floor : vertical(count));
  const corners = counts.map((count, i) => `V${px(y(count))}H${px(horizontal(edges[i + 1]))}`);
  const path = `M${px(horizontal(edges[0]))},${px(floor)}${corners.join("")}V${px(floor)}`;
  return [
    element("path", { d: path, "fill-opacity": "0.16", ...paint({ fill: seriesRole(index) }) }),
    element("path", {
      d: path,
      fill: "none",
      "stroke-width": 1.75,
      "stroke-dasharray": dashOf(index),
      ...paint({ stroke: seriesRole(index) }),
    }),
  ];
}

/** A triangle below the axis. */
function meanMark(paint: Paint, box: Box, { mean }: Counts, index: number, scale: Scale): string[] {
  if (mean === undefined || !(mean >= scale.domain[0] && mean <= scale.domain[1])) return [];
  const [x, y] = [scale(mean), box.top + box.height];
  return [
    element("path", {
      d: `M${px(x)},${px(y)}l-5,8h10z`,
      ...paint({ fill: seriesRole(index), stroke: "ground" }),
    }),
  ];
}
