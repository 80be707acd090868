// What the tests of pictures share: curves made by hand, and a look at a picture's texts.

import { Resvg } from "@resvg/resvg-js";
import type { Curve, PropertyCard, View } from "lossc";
import { textWidth } from "../src/text.ts";

export const residual: View = {
  name: "residual",
  label: "residual r = prediction − target",
  symbol: "r",
  domain: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  range: [-5, 5],
  wrong: "both",
};

/** A curve from a value and its first two derivatives. */
export function curveOf(
  loss: string,
  [value, gradient, curvature]: readonly ((x: number) => number)[],
  [from, to]: readonly [number, number] = [-5, 5],
  params: Record<string, unknown> = {},
): Curve {
  const x = Float64Array.from({ length: 101 }, (_, i) => from + ((to - from) * i) / 100);
  const at = (f: (x: number) => number) => x.map(f);
  return {
    loss,
    view: residual,
    params,
    x,
    value: at(value),
    gradient: at(gradient),
    curvature: at(curvature),
  };
}

export const mae = curveOf("mae", [Math.abs, Math.sign, () => 0]);
export const mse = curveOf("mse", [(r) => r * r, (r) => 2 * r, () => 2]);
export const zeroOne = curveOf("zeroOne", [(r) => (r <= 0 ? 1 : 0), () => 0, () => 0]);
export const exploding = curveOf("exponential", [
  (r) => Math.exp(3 * r),
  (r) => 3 * Math.exp(3 * r),
  (r) => 9 * Math.exp(3 * r),
]);
export const logarithm = curveOf("nll", [(p) => -Math.log(p), (p) => -1 / p, (p) => 1 / (p * p)], [0, 1]);

export const maeCard: PropertyCard = {
  loss: "mae",
  params: {},
  view: residual,
  kinks: { places: [{ at: 0, left: -1, right: 1, taken: 0 }], evidence: "" },
  largestSlope: { value: 1, at: 0, evidence: "" },
  invariances: [],
};

interface Words {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Every text of a picture with the box it takes. */
export function textsOf(svg: string): Words[] {
  const pattern = /<text x="([^"]+)" y="([^"]+)" font-size="([^"]+)"([^>]*)>([^<]*)<\/text>/g;
  return [...svg.matchAll(pattern)].map(([, x, y, size, rest, escaped]) => {
    const text = escaped
      .replaceAll("&lt;", "<")
      .replaceAll("&gt;", ">")
      .replaceAll("&quot;", '"')
      .replaceAll("&amp;", "&");
    const width = textWidth(text, Number(size), rest.includes("font-weight"));
    const anchor = /text-anchor="(\w+)"/.exec(rest)?.[1] ?? "start";
    const left = Number(x) - (anchor === "end" ? width : anchor === "middle" ? width / 2 : 0);
    return {
      text,
      left,
      right: left + width,
      top: Number(y) - 0.75 * Number(size),
      bottom: Number(y) + 0.2 * Number(size),
    };
  });
}

/** Pairs of texts that touch, and texts that leave the picture. */
export function clashes(svg: string): string[] {
  const texts = textsOf(svg);
  const [, width, height] = /width="([\d.]+)" height="([\d.]+)"/.exec(svg)!.map(Number);
  const outside = texts.filter(
    (one) => one.left < 0 || one.right > width || one.top < 0 || one.bottom > height,
  );
  const touching = texts.flatMap((one, i) =>
    texts
      .slice(i + 1)
      .filter(
        (other) =>
          one.left < other.right &&
          other.left < one.right &&
          one.top < other.bottom &&
          other.top < one.bottom,
      )
      .map((other) => `"${one.text}" touches "${other.text}"`),
  );
  return [...outside.map(({ text }) => `"${text}" leaves the picture`), ...touching];
}

/** The picture's pixels as RGBA; throws where the SVG is not well formed. */
export function rendered(svg: string): { width: number; height: number; pixels: Buffer } {
  const image = new Resvg(svg, { font: { loadSystemFonts: false } }).render();
  return { width: image.width, height: image.height, pixels: image.pixels };
}
