// A reliability diagram: what share of the samples given a probability were positive, and how many there were.

import { horizontalAxis, labelsWidth, below as room, titleAbove, verticalAxis } from "./axes.ts";
import { documentOf, frameOf, margin, type PlotOptions } from "./frame.ts";
import { type Entry, legendOf, lineEntry } from "./legend.ts";
import { formatNumber } from "./numbers.ts";
import { type Scale, scaleOf } from "./scale.ts";
import { type Box, element, px } from "./svg.ts";
import { dashOf, type Paint, seriesRole } from "./theme.ts";

/** The samples whose predicted probability lies in [from, to). */
export interface ReliabilityBin {
  readonly from: number;
  readonly to: number;
  /** The mean of the predicted probabilities. */
  readonly predicted: number;
  /** The share of positives. */
  readonly observed: number;
  readonly count: number;
}

export interface ReliabilitySeries {
  readonly label: string;
  readonly bins: readonly ReliabilityBin[];
}

const COUNTS = 64;

/** One SVG document: a point per bin with its 95 % interval against the diagonal of a calibrated model, and below the
 * number of samples. Bins without samples are left out. */
export function plotReliability(series: readonly ReliabilitySeries[], options: PlotOptions = {}): string {
  const frame = frameOf({ width: 480, ...options }, 540, 300);
  const { paint } = frame;
  const filled = series.map((one) => ({ ...one, bins: one.bins.filter(({ count }) => count > 0) }));
  const entries = filled.map((one, i) =>
    lineEntry(paint, i, `${one.label} · calibration error ${formatNumber(calibrationError(one))}`),
  );
  const legend = legendOf([...entries, diagonalEntry(paint)], {
    left: margin.left,
    width: frame.width - margin.left - margin.right,
  });
  const top = frame.top + legend.height + titleAbove + 6;
  const bottom = frame.height - margin.bottom - room.labels - room.title - COUNTS - titleAbove - 12;
  const shares = scaleOf([0, 1], [bottom, top]);
  const most = Math.max(1, ...filled.flatMap(({ bins }) => bins.map(({ count }) => count)));
  const floor = frame.height - margin.bottom - room.labels - room.title;
  const counts = scaleOf([0, most], [floor, floor - COUNTS], { nice: true, count: 2 });
  const left = margin.left + Math.max(labelsWidth(shares), labelsWidth(counts));
  const width = frame.width - margin.right - left;
  const box: Box = { left, top, width, height: bottom - top };
  const countBox: Box = { left, top: floor - COUNTS, width, height: COUNTS };
  const probability = scaleOf([0, 1], [left, left + width]);
  const body = [
    ...legend.draw(paint, frame.top),
    ...verticalAxis(paint, box, shares, "share of positives"),
    ...horizontalAxis(paint, box, probability, { labels: false, grid: true }),
    diagonal(paint, box),
    ...filled.flatMap((one, i) => curve(paint, one, i, { probability, shares })),
    ...verticalAxis(paint, countBox, counts, "samples"),
    ...filled.map((one, i) => countSteps(paint, one, i, { probability, counts, floor })),
    ...horizontalAxis(paint, countBox, probability, { title: "predicted probability" }),
  ];
  const description = filled
    .map(
      (one) =>
        `${one.label}: ${one.bins.map((each) => `predicted ${formatNumber(each.predicted)}, observed ${formatNumber(each.observed)} of ${formatNumber(each.count, 6)}`).join("; ")}.`,
    )
    .join(" ");
  return documentOf(
    frame,
    options,
    { name: `Reliability of ${series.map((one) => one.label).join(", ")}`, description },
    body,
  );
}

/** The mean distance of predicted from observed, by samples: the expected calibration error of these bins. */
export function calibrationError({ bins }: ReliabilitySeries): number {
  let [sum, total] = [0, 0];
  for (const { predicted, observed, count } of bins) {
    if (count === 0) continue;
    sum += count * Math.abs(predicted - observed);
    total += count;
  }
  return total === 0 ? 0 : sum / total;
}

const DASHES = "4 4";

const diagonalEntry = (paint: Paint): Entry => ({
  text: "perfectly calibrated",
  width: 30,
  mark: (x, y) =>
    element("line", {
      x1: x,
      x2: x + 30,
      y1: y,
      y2: y,
      "stroke-dasharray": DASHES,
      ...paint({ stroke: "muted" }),
    }),
});

const diagonal = (paint: Paint, box: Box): string =>
  element("line", {
    x1: box.left,
    y1: box.top + box.height,
    x2: box.left + box.width,
    y2: box.top,
    "stroke-dasharray": DASHES,
    ...paint({ stroke: "muted" }),
  });

function curve(
  paint: Paint,
  { bins }: ReliabilitySeries,
  index: number,
  { probability, shares }: { readonly probability: Scale; readonly shares: Scale },
): string[] {
  const role = seriesRole(index);
  const at = bins.map(({ predicted, observed }) => `${px(probability(predicted))},${px(shares(observed))}`);
  return [
    ...bins.map(({ predicted, observed, count }) => {
      const [low, high] = wilson(observed, count);
      const x = probability(predicted);
      return element("line", {
        x1: x,
        x2: x,
        y1: shares(low),
        y2: shares(high),
        "stroke-opacity": "0.55",
        ...paint({ stroke: role }),
      });
    }),
    element("polyline", {
      points: at.join(" "),
      fill: "none",
      "stroke-width": 2.25,
      "stroke-dasharray": dashOf(index),
      ...paint({ stroke: role }),
    }),
    ...bins.map(({ predicted, observed }) =>
      element("circle", {
        cx: probability(predicted),
        cy: shares(observed),
        r: 3.5,
        ...paint({ fill: role, stroke: "ground" }),
      }),
    ),
  ];
}

/** Wilson's 95 % interval of a share. */
function wilson(share: number, count: number): [number, number] {
  const z = 1.959964;
  const shrink = 1 + (z * z) / count;
  const centre = (share + (z * z) / (2 * count)) / shrink;
  const half = (z / shrink) * Math.sqrt((share * (1 - share)) / count + (z * z) / (4 * count * count));
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}

function countSteps(
  paint: Paint,
  { bins }: ReliabilitySeries,
  index: number,
  {
    probability,
    counts,
    floor,
  }: { readonly probability: Scale; readonly counts: Scale; readonly floor: number },
): string {
  const bars = bins.map(
    ({ from, to, count }) =>
      `M${px(probability(from))},${px(floor)}V${px(counts(count))}H${px(probability(to))}V${px(floor)}`,
  );
  return element("path", {
    d: bars.join(""),
    "fill-opacity": "0.18",
    "stroke-width": 1.25,
    "stroke-dasharray": dashOf(index),
    ...paint({ fill: seriesRole(index), stroke: seriesRole(index) }),
  });
}
