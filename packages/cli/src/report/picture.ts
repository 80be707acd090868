// --plot: the pictures of a result under one another, as SVG or as PNG.

import { extname } from "node:path";
import { palettes } from "@lossc/plot";
import { CommandError } from "../errors.ts";
import { chartsOf } from "./charts.ts";
import type { Material } from "./material.ts";
import { pngOf } from "./png.ts";

const WIDTH = 640;
const GAP = 16;

export async function pictureOf(material: Material, path: string): Promise<string | Uint8Array> {
  const charts = chartsOf(material);
  if (charts.length === 0)
    throw new CommandError(
      `--plot ${path}: there is nothing to draw: no row has a loss of its own, and there are no groups.`,
      "Leave it out, or add --by COLUMN.",
    );
  const png = extname(path).toLowerCase() === ".png";
  // A PNG cannot follow the reader's system.
  const theme = png ? "light" : "auto";
  const svg = stacked(charts.map((chart) => chart.draw({ width: WIDTH, theme })));
  return png ? pngOf(svg) : svg;
}

/** Documents under one another in one. */
function stacked(documents: readonly string[]): string {
  if (documents.length === 1) return documents[0];
  let top = 0;
  const parts = documents.map((document) => {
    const height = Number(/ height="([\d.]+)"/.exec(document)?.[1]);
    const part = document.trim().replace("<svg ", `<svg y="${top}" `);
    top += height + GAP;
    return part;
  });
  const style = `.ground{fill:${palettes.light.ground}}@media (prefers-color-scheme:dark){.ground{fill:${palettes.dark.ground}}}`;
  const size = `width="${WIDTH}" height="${top - GAP}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} viewBox="0 0 ${WIDTH} ${top - GAP}"><style>${style}</style><rect class="ground" fill="${palettes.light.ground}" ${size}/>${parts.join("")}</svg>\n`;
}
