// Pictures of losses, as SVG text: the command line writes them, the pages of the documentation and the studio show them.

export { type BarOptions, type BarSeries, plotBars } from "./bars.ts";
export { type BinOptions, bin } from "./bin.ts";
export { type CurvePlotOptions, labelOf, plotCurves } from "./curves.ts";
export type { PlotOptions } from "./frame.ts";
export { type Counts, type Histogram, type HistogramOptions, plotHistogram } from "./histogram.ts";
export { formatNumber, tickLabels } from "./numbers.ts";
export { type RangeOptions, valueRange } from "./range.ts";
export {
  calibrationError,
  plotReliability,
  type ReliabilityBin,
  type ReliabilitySeries,
} from "./reliability.ts";
export { type Range, type Scale, type ScaleKind, scaleOf } from "./scale.ts";
export { dashOf, palettes, type Role, seriesRole, type Theme } from "./theme.ts";
