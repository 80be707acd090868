// SVG to PNG, with fonts of its own: a server may have none.

import { fileURLToPath } from "node:url";
import { CommandError } from "../errors.ts";

/** Twice as many pixels as the picture has, for screens that have them. */
const ZOOM = 2;
const FAMILY = "Lossc Sans";
const fonts = ["Regular", "Bold"].map((weight) =>
  fileURLToPath(new URL(`../../fonts/LosscSans-${weight}.ttf`, import.meta.url)),
);
/** Signs that our fonts have: Latin, Greek, Cyrillic, and what mathematics uses. */
const OTHER_SCRIPT = /[^\s\u0020-\u017f\u0384-\u03cf\u0400-\u045f\u2000-\u22ff\u25a0-\u25ff]/;

export async function pngOf(svg: string): Promise<Uint8Array> {
  const { Resvg } = await load();
  // The fonts lack the script ℓ of a loss.
  const image = new Resvg(svg.replaceAll("\u2113", "L"), {
    fitTo: { mode: "zoom", value: ZOOM },
    font: {
      // The system's are asked for other scripts only: so a picture is the same on every machine.
      loadSystemFonts: OTHER_SCRIPT.test(svg),
      fontFiles: fonts,
      defaultFontFamily: FAMILY,
      sansSerifFamily: FAMILY,
    },
  });
  return image.render().asPng();
}

async function load(): Promise<typeof import("@resvg/resvg-js")> {
  try {
    return await import("@resvg/resvg-js");
  } catch (error) {
    throw new CommandError(
      `PNG cannot be drawn on this machine: ${(error as Error).message.split("\n")[0]}`,
      "Name a file that ends in .svg, or run npm install again without --omit=optional.",
      { cause: error },
    );
  }
}
