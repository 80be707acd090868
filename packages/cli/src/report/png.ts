// SVG to PNG, with fonts of its own: a server may have none.

import { createRequire } from "node:module";
import { CommandError } from "../errors.ts";

/** KaTeX brings fonts under the SIL Open Font License, a sans serif and what that has no sign for. */
const FONTS = ["KaTeX_SansSerif-Regular", "KaTeX_SansSerif-Bold", "KaTeX_Main-Regular", "KaTeX_AMS-Regular"];

/** Twice as many pixels as the picture has, for screens that have them. */
const ZOOM = 2;

export async function pngOf(svg: string): Promise<Uint8Array> {
  const { resolve } = createRequire(import.meta.url);
  const { Resvg } = await load();
  const image = new Resvg(svg, {
    fitTo: { mode: "zoom", value: ZOOM },
    font: {
      // The system's, if there are any, have the signs of all scripts; names of groups may need them.
      loadSystemFonts: true,
      fontFiles: FONTS.map((name) => resolve(`katex/dist/fonts/${name}.ttf`)),
      defaultFontFamily: "KaTeX_SansSerif",
      sansSerifFamily: "KaTeX_SansSerif",
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
