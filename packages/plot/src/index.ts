// Pictures of losses, as SVG text: the command line writes them, the pages of the documentation and the studio show them.

export { type CurvePlotOptions, plotCurves } from "./curves.ts";
