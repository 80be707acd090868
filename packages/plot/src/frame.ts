// The document around a picture: its size, ground, title for people and for screen readers, and its style.

import { element, escapeText } from "./svg.ts";
import { fontFamily, fontSize, label, truncate } from "./text.ts";
import { type Paint, paintFor, type Theme } from "./theme.ts";

/** What every picture takes. */
export interface PlotOptions {
  /** Shown above the picture, and its name for screen readers. */
  readonly title?: string;
  /** What screen readers say beyond the title; each picture makes its own from its data. */
  readonly description?: string;
  /** In pixels. Default 640. */
  readonly width?: number;
  /** In pixels; each picture has its default. */
  readonly height?: number;
  /** Default "auto": light or dark as the reader's system says. */
  readonly theme?: Theme;
}

export const margin = { top: 14, right: 18, bottom: 14, left: 14 } as const;

export interface Frame {
  readonly paint: Paint;
  readonly width: number;
  readonly height: number;
  /** Where the picture's own part may start: below the title. */
  readonly top: number;
}

/** Throws a RangeError for a size in which nothing could be drawn. */
export function frameOf(options: PlotOptions, defaultHeight: number, smallest: number): Frame {
  const { width = 640, height = defaultHeight, theme = "auto" } = options;
  if (!(width >= 240) || !(height >= smallest))
    throw new RangeError(
      `the picture is ${width} × ${height}; it must be at least 240 × ${smallest} pixels.`,
    );
  return {
    paint: paintFor(theme),
    width,
    height,
    top: options.title === undefined ? margin.top : margin.top + fontSize.title + 10,
  };
}

/** The whole SVG document. `name` and `description` are for readers who do not see it. */
export function documentOf(
  frame: Frame,
  options: PlotOptions,
  told: { readonly name: string; readonly description: string },
  body: readonly string[],
): string {
  const { paint, width, height } = frame;
  const title = options.title ?? told.name;
  const ground = element("rect", { width, height, rx: 6, ...paint({ fill: "ground" }) });
  const heading =
    options.title === undefined
      ? ""
      : label(
          paint,
          truncate(options.title, fontSize.title, width - margin.left - margin.right, true),
          margin.left,
          margin.top + fontSize.title - 2,
          { size: fontSize.title, bold: true },
        );
  const parts = [ground, heading, ...body];
  const style = paint.style();
  return `${element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      class: "lossc-plot",
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      role: "img",
      "font-family": fontFamily,
    },
    element("title", {}, escapeText(title)),
    element("desc", {}, escapeText(options.description ?? told.description)),
    style === "" ? "" : element("style", {}, style),
    ...parts,
  )}\n`;
}
