// Several losses over one view: value above, gradient below, and if asked for curvature; what their property cards
// say is marked.

import type { Curve, PropertyCard } from "lossc";
import { horizontalAxis, labelsWidth, below as room, titleAbove, verticalAxis } from "./axes.ts";
import type { Drawn } from "./facts.ts";
import { documentOf, frameOf, margin, type PlotOptions } from "./frame.ts";
import { markEntries } from "./key.ts";
import { legendOf, lineEntry } from "./legend.ts";
import { drawRuns } from "./line.ts";
import { formatNumber } from "./numbers.ts";
import { panelsOf } from "./panels.ts";
import { valueRange } from "./range.ts";
import { type Range, type ScaleKind, scaleOf } from "./scale.ts";
import type { Box } from "./svg.ts";
import { fontSize } from "./text.ts";

export interface CurvePlotOptions extends PlotOptions {
  /** What each curve's property card says is marked: kinks, dead zones, the largest slope. In the curves' order. */
  readonly cards?: readonly (PropertyCard | undefined)[];
  /** Also a panel of the second derivative. Default false. */
  readonly curvature?: boolean;
  /** What the curves are called; default their loss and its parameters that are not the default. */
  readonly labels?: readonly string[];
  /** Of the value panel: "log" shows tails, and only values above 0. Default "linear". */
  readonly valueScale?: ScaleKind;
  /** The values shown; default all, unless one curve explodes and would flatten the others. */
  readonly valueRange?: Range;
  readonly gradientRange?: Range;
}

const GAP = 14;

/** One SVG document of curves over one view: a panel of values and below it one of gradients, on the same x. */
export function plotCurves(curves: readonly Curve[], options: CurvePlotOptions = {}): string {
  if (curves.length === 0) throw new RangeError("plotCurves: there is no curve to draw; give at least one.");
  const { view, x: first } = curves[0];
  const frame = frameOf(options, options.curvature ? 660 : 520, options.curvature ? 420 : 300);
  const { paint, width } = frame;
  const drawn = curves.map(
    (curve, index): Drawn => ({
      curve,
      index,
      card: options.cards?.[index],
      label: options.labels?.[index] ?? labelOf(curve),
    }),
  );
  const panels = panelsOf(drawn, options, paint);
  const inside = { left: margin.left, width: width - margin.left - margin.right };
  // One curve that the title names needs no legend.
  const named = drawn.length === 1 && options.title?.toLowerCase().includes(drawn[0].label.toLowerCase());
  const legend = legendOf(
    named ? [] : drawn.map(({ index, label }) => lineEntry(paint, index, label)),
    inside,
  );
  const key = legendOf(markEntries(paint, drawn), { ...inside, size: fontSize.key });

  const top = frame.top + legend.height;
  const bottom =
    frame.height - margin.bottom - key.height - (key.height > 0 ? 6 : 0) - room.title - room.labels;
  const free = bottom - top - panels.length * titleAbove - (panels.length - 1) * GAP - 6;
  const shares = panels.reduce((sum, { share }) => sum + share, 0);
  let at = top + 6;
  const placed = panels.map((panel) => {
    const height = (free * panel.share) / shares;
    const place = { panel, top: at + titleAbove, height };
    at += titleAbove + height + GAP;
    return {
      ...place,
      y: scaleOf(panel.range, [place.top + height, place.top], {
        kind: panel.kind ?? "linear",
        nice: true,
        pad: 0.04,
        count: 5,
      }),
    };
  });
  const left = margin.left + Math.max(...placed.map(({ y }) => labelsWidth(y)));
  const x = scaleOf([first[0], first[first.length - 1]], [left, width - margin.right], { count: 9 });
  const body = placed.flatMap(({ panel, top: start, height, y }, i) => {
    const box: Box = { left, top: start, width: width - margin.right - left, height };
    const last = i === placed.length - 1;
    return [
      ...(panel.back?.(box, x) ?? []),
      ...verticalAxis(paint, box, y, panel.title),
      ...horizontalAxis(paint, box, x, last ? { title: view.label } : { labels: false }),
      ...drawn.flatMap((one) => drawRuns(paint, panel.runs(one), one.index, x, y)),
      ...(panel.marks?.(x, y) ?? []),
    ];
  });
  return documentOf(
    frame,
    options,
    {
      name: `${drawn.map(({ label }) => label).join(", ")} over ${view.label}`,
      description: drawn.map(told).join(" "),
    },
    [
      ...legend.draw(paint, frame.top),
      ...body,
      ...key.draw(paint, frame.height - margin.bottom - key.height),
    ],
  );
}

/** The loss and the parameters it was given, as "huber δ = 2" would be too clever for: "huber (delta 2)". */
export function labelOf({ loss, params }: Pick<Curve, "loss" | "params">): string {
  const given = Object.entries(params).map(
    ([name, value]) => `${name} ${typeof value === "number" ? formatNumber(value, 4) : String(value)}`,
  );
  return given.length === 0 ? loss : `${loss} (${given.join(", ")})`;
}

/** A curve in words, for who does not see it. */
function told({ curve: { view, x, value, gradient }, label, card }: Drawn): string {
  const last = x.length - 1;
  const [low, high] = valueRange([value], { lead: Number.POSITIVE_INFINITY });
  const at = (i: number) => `${formatNumber(value[i])} at ${view.symbol} = ${formatNumber(x[i])}`;
  const facts = [
    `${label}: ${at(0)}, ${at(last >> 1)}, ${at(last)}`,
    `values from ${formatNumber(low)} to ${formatNumber(high)}`,
    `gradient ${formatNumber(gradient[0])} at the left end and ${formatNumber(gradient[last])} at the right`,
    ...(card?.kinks && card.kinks.places.length > 0
      ? [`kinks at ${card.kinks.places.map(({ at: place }) => formatNumber(place)).join(", ")}`]
      : []),
  ];
  return `${facts.join("; ")}.`;
}
