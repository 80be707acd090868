// Several losses over one view: value above, gradient below, and if asked for curvature; what their property cards
// say is marked.

import type { Curve, PropertyCard } from "lossc";
import { horizontalAxis, labelsWidth, below as room, titleAbove, verticalAxis } from "./axes.ts";
import { documentOf, frameOf, margin, type PlotOptions } from "./frame.ts";
import { legendOf, lineEntry } from "./legend.ts";
import { drawRuns, type Jump, type Run, runsOf } from "./line.ts";
import { type Drawn, deadZones, gradientMarks, limitsAt, markEntries, valueMarks } from "./marks.ts";
import { formatNumber } from "./numbers.ts";
import { valueRange } from "./range.ts";
import { type Range, type Scale, type ScaleKind, scaleOf } from "./scale.ts";
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

interface Panel {
  readonly title: string;
  readonly share: number;
  readonly range: Range;
  readonly kind?: ScaleKind;
  runs(drawn: Drawn): Run[];
  /** Behind the lines, and before them. */
  back?(box: Box, x: Scale): string[];
  marks?(x: Scale, y: Scale): string[];
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

function panelsOf(
  drawn: readonly Drawn[],
  options: CurvePlotOptions,
  paint: Parameters<typeof deadZones>[0],
): Panel[] {
  const { symbol } = drawn[0].curve.view;
  const of = (name: "value" | "gradient" | "curvature") => drawn.map(({ curve }) => curve[name]);
  const panels: Panel[] = [
    {
      title: "loss ℓ",
      share: 1.25,
      ...valuePanel(drawn, options),
      marks: (x, y) => drawn.flatMap((one) => valueMarks(paint, one, x, y)),
    },
    {
      title: `gradient dℓ/d${symbol}`,
      share: 1,
      range: options.gradientRange ?? valueRange(of("gradient"), { include: [0] }),
      runs: ({ curve, card }) => runsOf(curve.x, curve.gradient, curve.curvature, card?.kinks?.places ?? []),
      back: (box, x) => deadZones(paint, drawn, box, x),
      marks: (x, y) => drawn.flatMap((one) => gradientMarks(paint, one, x, y)),
    },
  ];
  if (options.curvature) {
    const shown = drawn.map(smoothCurvature);
    panels.push({
      title: `curvature d²ℓ/d${symbol}²`,
      share: 0.8,
      range: valueRange(shown, { include: [0] }),
      runs: ({ curve, index }) => runsOf(curve.x, shown[index], undefined),
    });
  }
  return panels;
}

/** The curvature without the samples at kinks, where there is none. */
function smoothCurvature({ curve: { x, curvature }, card }: Drawn): Float64Array {
  const places = card?.kinks?.places ?? [];
  const near = (x[x.length - 1] - x[0]) / x.length / 2;
  return curvature.map((value, i) =>
    places.some(({ at }) => Math.abs(at - x[i]) <= near) ? Number.NaN : value,
  );
}

/** What of the values is shown, and how; on a logarithmic scale the lines are broken where there is no logarithm. */
function valuePanel(
  drawn: readonly Drawn[],
  { valueScale = "linear", valueRange: given }: CurvePlotOptions,
): Pick<Panel, "range" | "kind" | "runs"> {
  const values = drawn.map(({ curve }) => curve.value);
  const positive = (value: number): number => (value > 0 ? value : Number.NaN);
  if (valueScale === "log") {
    const shown = values.map((each) => each.map(positive));
    const all = shown.flatMap((each) => Array.from(each)).filter(Number.isFinite);
    return {
      kind: "log",
      range: given ?? (all.length === 0 ? [0.1, 1] : [Math.min(...all), Math.max(...all)]),
      runs: ({ curve }) => runsOf(curve.x, curve.value.map(positive), curve.gradient),
    };
  }
  return {
    range: given ?? valueRange(values),
    runs: ({ curve, card }) => runsOf(curve.x, curve.value, curve.gradient, valueJumps(curve, card)),
  };
}

/** At a kink the curve has a corner, which lies between samples: both sides are continued to it. */
function valueJumps(curve: Curve, card: PropertyCard | undefined): Jump[] {
  return (card?.kinks?.places ?? []).map((kink) => {
    const [left, right] = limitsAt(curve, kink);
    return { at: kink.at, left, right };
  });
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
