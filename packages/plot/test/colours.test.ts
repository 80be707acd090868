// Colours that can be seen on their ground, and told from one another by people who see fewer.

import { expect, it } from "vitest";
import { palettes, seriesRole } from "../src/index.ts";
import { colours, dashOf } from "../src/theme.ts";

type Rgb = readonly [number, number, number];
const linear = (hex: string): Rgb =>
  [1, 3, 5]
    .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)) as unknown as Rgb;
const luminance = ([r, g, b]: Rgb): number => 0.2126 * r + 0.7152 * g + 0.0722 * b;
/** WCAG 2's contrast ratio. */
function contrast(a: string, b: string): number {
  const [high, low] = [a, b].map((hex) => luminance(linear(hex))).sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

/** Machado, Oliveira & Fernandes 2009, severity 1. */
const sight: Readonly<Record<string, readonly Rgb[]>> = {
  usual: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};
const seen = (colour: Rgb, rows: readonly Rgb[]): Rgb =>
  rows.map((row) =>
    Math.min(1, Math.max(0, row[0] * colour[0] + row[1] * colour[1] + row[2] * colour[2])),
  ) as unknown as Rgb;

/** CIE L*a*b*, in which a distance of about 2 is just seen. */
function lab([r, g, b]: Rgb): Rgb {
  const f = (t: number) => (t > 216 / 24389 ? Math.cbrt(t) : (24389 / 27 / 116) * t + 16 / 116);
  const x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505);
  const y = f(0.2126 * r + 0.7152 * g + 0.0722 * b);
  const z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

const grounds = Object.entries(palettes);
const series = Array.from({ length: colours }, (_, i) => seriesRole(i));

it.each(grounds)("on %s ground texts have a contrast of 4.5 and lines of 3", (_, palette) => {
  for (const role of ["ink", "muted"])
    expect(contrast(palette[role], palette.ground), role).toBeGreaterThan(4.5);
  for (const role of series) expect(contrast(palette[role], palette.ground), role).toBeGreaterThan(3);
  expect(contrast(palette.muted, palette.shade)).toBeGreaterThan(4.5);
});

it.each(grounds)(
  "on %s ground any two of the first six colours differ for every kind of sight",
  (_, palette) => {
    for (const [kind, rows] of Object.entries(sight)) {
      const shown = series.slice(0, 6).map((role) => lab(seen(linear(palette[role]), rows)));
      shown.forEach((one, i) => {
        for (const [j, other] of shown.entries()) {
          if (j <= i) continue;
          expect(
            Math.hypot(...one.map((c, k) => c - other[k])),
            `${kind}: series ${i} and ${j}`,
          ).toBeGreaterThan(15);
        }
      });
    }
  },
);

it("no two of 64 series have both colour and line style in common, and neighbours share neither", () => {
  const looks = Array.from({ length: 64 }, (_, i) => `${seriesRole(i)} ${dashOf(i)}`);
  expect(new Set(looks).size).toBe(64);
  for (let i = 1; i < colours; i++) expect(dashOf(i)).not.toBe(dashOf(i - 1));
});
