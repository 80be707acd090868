// Curves as pictures: what is drawn, what is cut off, and that nothing overlaps.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { plotCurves } from "../src/index.ts";
import {
  clashes,
  curveOf,
  exploding,
  logarithm,
  mae,
  maeCard,
  mse,
  rendered,
  textsOf,
  zeroOne,
} from "./helpers.ts";

/** The y coordinates of a series' path in its panel, by the order of paths in the picture. */
const paths = (svg: string): string[] =>
  [...svg.matchAll(/<path d="([^"]*)" fill="none" stroke-width="2.25"/g)].map(([, d]) => d);
const heights = (d: string): number[] => [...d.matchAll(/[ML][-\d.]+,([-\d.]+)/g)].map(([, y]) => Number(y));

describe("plotCurves(curves, options)", () => {
  it("draws a panel of values and one of gradients, and curvature where asked", () => {
    const two = textsOf(plotCurves([mse])).map(({ text }) => text);
    expect(two).toContain("loss ℓ");
    expect(two).toContain("gradient dℓ/dr");
    expect(two).toContain("residual r = prediction − target");
    expect(two).not.toContain("curvature d²ℓ/dr²");
    expect(textsOf(plotCurves([mse], { curvature: true })).map(({ text }) => text)).toContain(
      "curvature d²ℓ/dr²",
    );
    expect(paths(plotCurves([mse, mae], { curvature: true }))).toHaveLength(6);
  });

  it("names each loss with its parameters in the legend", () => {
    const narrow = curveOf("huber", [(r) => r * r, (r) => r, () => 1], [-5, 5], { delta: 0.25 });
    expect(textsOf(plotCurves([mae, narrow])).map(({ text }) => text)).toContain("huber (delta 0.25)");
  });

  it("a loss that explodes is cut off and does not flatten the others", () => {
    const [first, second] = paths(plotCurves([mae, exploding])).map(heights);
    expect(Math.max(...first) - Math.min(...first)).toBeGreaterThan(60);
    const top = Math.min(...second);
    expect(second.filter((y) => y === top)).toHaveLength(1);
    expect(top).toBeLessThan(Math.min(...first));
  });

  it("breaks the line at a jump and at missing values, and ends it on the edge at infinity", () => {
    const parts = (svg: string) => paths(svg)[0].split("M").length - 1;
    expect(parts(plotCurves([mse]))).toBe(1);
    expect(parts(plotCurves([zeroOne]))).toBe(2);
    const gap = { ...mse, value: mse.value.map((value, i) => (i > 40 && i < 60 ? Number.NaN : value)) };
    expect(parts(plotCurves([gap]))).toBe(2);
    const ends = heights(paths(plotCurves([logarithm]))[0]);
    expect(Math.min(...ends)).toBe(ends[0]);
  });

  it("shows tails on a logarithmic scale, and nothing where a value is 0", () => {
    const tail = curveOf("tail", [(r) => Math.exp(-4 * (r + 5)), () => 0, () => 0]);
    const svg = plotCurves([tail], { valueScale: "log" });
    expect(textsOf(svg).map(({ text }) => text)).toContain("10⁻¹²");
    const places = heights(paths(svg)[0]);
    const steps = places.slice(1).map((y, i) => y - places[i]);
    expect(Math.max(...steps) - Math.min(...steps)).toBeLessThan(0.05);
    expect(paths(plotCurves([mae], { valueScale: "log" }))[0].split("M")).toHaveLength(3);
    expect(
      clashes(plotCurves([curveOf("zero", [() => 0, () => 0, () => 0])], { valueScale: "log" })),
    ).toEqual([]);
  });

  it("marks kinks, the slope taken at them, and the largest slope", () => {
    const svg = plotCurves([mae], { cards: [maeCard] });
    const texts = textsOf(svg).map(({ text }) => text);
    expect(texts).toContain("kink");
    expect(texts).toContain("slope taken there");
    expect(texts).toContain("largest slope 1 at r = 0");
    const [, gradient] = paths(svg);
    expect(gradient.split("M")).toHaveLength(3);
    expect(textsOf(plotCurves([mae])).map(({ text }) => text)).not.toContain("kink");
  });

  it("leaves kinks out of the curvature, where a difference would be a spike", () => {
    const spiked = { ...mae, curvature: mae.curvature.map((_, i) => (i === 50 ? 1e6 : 0.5)) };
    const [, , curvature] = paths(plotCurves([spiked], { curvature: true, cards: [maeCard] }));
    expect(curvature.split("M")).toHaveLength(3);
    expect(new Set(heights(curvature)).size).toBe(1);
  });

  it("shades where the gradient is dead, of one curve as a band and of several as strips", () => {
    const card = { ...maeCard, deadZones: { on: [[3, Number.POSITIVE_INFINITY] as const], evidence: "" } };
    const one = plotCurves([mae], { cards: [card] });
    expect(textsOf(one).map(({ text }) => text)).toContain("dead zone");
    const several = plotCurves([mse, mae], { cards: [undefined, card] });
    expect(textsOf(several).map(({ text }) => text)).not.toContain("dead zone");
    expect(several).toContain('height="5" fill-opacity="0.55"');
  });

  it("throws where there is nothing to draw, or no room", () => {
    expect(() => plotCurves([])).toThrow("there is no curve to draw");
    expect(() => plotCurves([mae], { width: 50 })).toThrow("it must be at least 240 × 300 pixels");
  });

  it("has a name and a description for who does not see it", () => {
    const svg = plotCurves([mae], { title: "Absolute <error> & more", cards: [maeCard] });
    expect(svg).toContain('role="img"');
    expect(svg).toContain("<title>Absolute &lt;error&gt; &amp; more</title>");
    expect(svg).toMatch(
      /<desc>mae: 5 at r = −5, 0 at r = 0, 5 at r = 5; values from 0 to 5;.*kinks at 0\.<\/desc>/,
    );
  });

  it("auto follows the reader's system; light and dark say their colours and no more", () => {
    const auto = plotCurves([mae]);
    expect(auto).toContain("@media (prefers-color-scheme:dark)");
    expect(plotCurves([mae], { theme: "light" })).not.toContain("<style>");
    expect(plotCurves([mae], { theme: "dark" })).toContain('fill="#0d1117"');
    const used = new Set([...auto.matchAll(/class="([^"]+)"/g)].flatMap(([, names]) => names.split(" ")));
    used.delete("lossc-plot");
    for (const name of used) expect(auto).toContain(`.lossc-plot .${name}{`);
  });

  it("renders, the same every time, with ink on the ground", () => {
    const svg = plotCurves([mae, mse], { cards: [maeCard] });
    expect(plotCurves([mae, mse], { cards: [maeCard] })).toBe(svg);
    const { width, height, pixels } = rendered(svg);
    expect([width, height]).toEqual([640, 520]);
    const colours = new Set<number>();
    for (let i = 0; i < pixels.length; i += 4) colours.add(pixels.readUInt32BE(i));
    expect(colours.size).toBeGreaterThan(50);
  });
});

it("plotCurves draws any numbers: no NaN in the picture, well formed, no text over another", () => {
  const number = fc.oneof(
    fc.double({ min: -5, max: 5, noNaN: true }),
    fc.double(),
    fc.constantFrom(0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e300, -1e-300),
  );
  const values = fc.array(number, { minLength: 101, maxLength: 101 }).map((list) => Float64Array.from(list));
  const range = fc
    .tuple(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.double({ min: 1e-6, max: 1e6, noNaN: true }))
    .map(([from, span]) => [from, from + span] as const);
  const one = fc.record({
    value: values,
    gradient: values,
    curvature: values,
    loss: fc.string({ maxLength: 120, unit: "grapheme" }),
  });
  fc.assert(
    fc.property(
      fc.array(one, { minLength: 1, maxLength: 9 }),
      range,
      fc.boolean(),
      fc.integer({ min: 240, max: 1200 }),
      (curves, between, curvature, width) => {
        const made = curves.map((each) => ({
          ...curveOf(each.loss, [Math.abs, Math.sign, () => 0], between),
          ...each,
        }));
        const svg = plotCurves(made, { curvature, title: curves[0].loss, width, height: 900 });
        expect(svg.replace(/<(title|desc|text)[\s\S]*?<\/\1>/g, "")).not.toMatch(/NaN|Infinity/);
        expect(clashes(svg)).toEqual([]);
        rendered(svg);
      },
    ),
    { numRuns: 25 },
  );
});
