// The panels of a picture of curves: what each draws of a curve, over which range, with which marks.

import type { Curve, PropertyCard } from "lossc";
import type { CurvePlotOptions } from "./curves.ts";
import { type Drawn, limitsAt } from "./facts.ts";
import { type Jump, type Run, runsOf } from "./line.ts";
import { deadZones, gradientMarks, valueMarks } from "./marks.ts";
import { valueRange } from "./range.ts";
import type { Range, Scale, ScaleKind } from "./scale.ts";
import type { Box } from "./svg.ts";
import type { Paint } from "./theme.ts";

export interface Panel {
  readonly title: string;
  /** Of the height, beside those of the others. */
  readonly share: number;
  readonly range: Range;
  readonly kind?: ScaleKind;
  runs(drawn: Drawn): Run[];
  /** Behind the lines, and before them. */
  back?(box: Box, x: Scale): string[];
  marks?(x: Scale, y: Scale): string[];
}

/** A panel of values, one of gradients, and if asked for one of curvature. */
export function panelsOf(drawn: readonly Drawn[], options: CurvePlotOptions, paint: Paint): Panel[] {
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
