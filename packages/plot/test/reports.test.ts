// The pictures of a report: histogram, bars, reliability.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bin, calibrationError, plotBars, plotHistogram, plotReliability } from "../src/index.ts";
import { clashes, rendered, textsOf } from "./helpers.ts";

const words = (svg: string): string[] => textsOf(svg).map(({ text }) => text);

describe("bin(series, options)", () => {
  it("counts every value once, the last edge in the last bin", () => {
    const { edges, series, scale } = bin([{ label: "a", values: [0, 1, 2, 3, 4] }], { bins: 4 });
    expect(scale).toBe("linear");
    expect(edges).toEqual([0, 1, 2, 3, 4]);
    expect(series[0]).toEqual({ label: "a", counts: [1, 1, 1, 2], left: 0, mean: 2 });
  });

  it("is logarithmic over more than three powers of ten, and then leaves out 0 and less", () => {
    expect(bin([{ label: "a", values: [1e-4, 1, 10] }]).scale).toBe("log");
    expect(bin([{ label: "a", values: [0, 1e-4, 10] }]).scale).toBe("linear");
    const { series, edges } = bin(
      [{ label: "a", values: [-1, 0, 0.01, 1, Number.NaN, Number.POSITIVE_INFINITY] }],
      { scale: "log", bins: 2 },
    );
    expect(series[0].left).toBe(4);
    expect(series[0].counts).toEqual([1, 1]);
    expect(edges).toEqual([0.01, 0.1, 1]);
  });

  it("series share their edges; nothing at all still has some", () => {
    const { edges, series } = bin(
      [
        { label: "a", values: [0, 1] },
        { label: "b", values: [3] },
      ],
      { bins: 3 },
    );
    expect(edges).toEqual([0, 1, 2, 3]);
    expect(series.map(({ counts }) => counts)).toEqual([
      [1, 1, 0],
      [0, 0, 1],
    ]);
    expect(bin([{ label: "a", values: [] }], { bins: 2 }).series[0]).toEqual({
      label: "a",
      counts: [0, 0],
      left: 0,
    });
  });
});

describe("plotHistogram(histogram, options)", () => {
  it("names each series with its mean and says what is not shown", () => {
    const svg = plotHistogram(
      bin([
        { label: "mae", values: [1, 2, 3, Number.POSITIVE_INFINITY] },
        { label: "mse", values: [1, 4, 9] },
      ]),
    );
    expect(words(svg)).toContain("mae · mean 2");
    expect(words(svg)).toContain("Not shown: 1 of mae (infinite or NaN)");
    expect(svg).toContain("<desc>mae: 3 values between 1 and 9;");
    expect(clashes(svg)).toEqual([]);
    rendered(svg);
  });

  it("draws empty, constant and wide data", () => {
    for (const values of [[], [5, 5, 5], [1e-300, 1e300], [0], [Number.NaN]]) {
      for (const countScale of ["linear", "log"] as const) {
        const svg = plotHistogram(bin([{ label: "a", values }]), { countScale });
        expect(svg.replace(/<(desc|text)[\s\S]*?<\/\1>/g, "")).not.toMatch(/NaN|Infinity/);
        expect(clashes(svg)).toEqual([]);
        rendered(svg);
      }
    }
  });
});

describe("plotBars(groups, series, options)", () => {
  const groups = ["cat", "dog", "a group with a name that no one can read to its end in this place"];
  const series = [
    { label: "hinge", values: [0.5, 0.25, Number.NaN] },
    { label: "mse", values: [1, -0.5, Number.POSITIVE_INFINITY] },
  ];

  it("draws a bar in proportion to its value, with its number", () => {
    const svg = plotBars(groups, series, { title: "By label" });
    const widths = [...svg.matchAll(/<rect x="[^"]+" y="[^"]+" width="([^"]+)" height="[^"]+" fill/g)].map(
      ([, width]) => Number(width),
    );
    expect(widths[0] / widths[1]).toBeCloseTo(0.5, 2);
    expect(words(svg)).toEqual(expect.arrayContaining(["0.5", "−0.5", "–", "∞", "cat"]));
    expect(clashes(svg)).toEqual([]);
    rendered(svg);
  });

  it("grows with its rows, and cuts a bar that outgrows the others twelve times", () => {
    const many = Array.from({ length: 40 }, (_, i) => `group ${i}`);
    const svg = plotBars(many, [{ label: "mae", values: many.map((_, i) => (i === 7 ? 1e9 : 1)) }]);
    expect(rendered(svg).height).toBeGreaterThan(800);
    expect(words(svg)).toContain("10⁹");
    expect(svg.match(/<path d="[^"]*" stroke-width="2" stroke="#ffffff"/g)).toHaveLength(2);
    expect(clashes(svg)).toEqual([]);
  });

  it("throws where a series has not one value per group", () => {
    expect(() => plotBars(["a", "b"], [{ label: "mae", values: [1] }])).toThrow(
      '"mae" has 1 values for 2 groups',
    );
  });
});

describe("plotReliability(series, options)", () => {
  const bins = [0, 1, 2, 3].map((i) => ({
    from: i / 4,
    to: (i + 1) / 4,
    predicted: i / 4 + 0.1,
    observed: i / 4,
    count: i === 3 ? 0 : 50,
  }));

  it("has a point per bin that holds samples, and its calibration error", () => {
    const svg = plotReliability([{ label: "model", bins }]);
    expect(svg.match(/<circle/g)).toHaveLength(3);
    expect(calibrationError({ label: "model", bins })).toBeCloseTo(0.1, 12);
    expect(words(svg)).toContain("model · calibration error 0.1");
    expect(clashes(svg)).toEqual([]);
    rendered(svg);
  });

  it("draws a series without samples", () => {
    expect(calibrationError({ label: "none", bins: [] })).toBe(0);
    rendered(plotReliability([{ label: "none", bins: [] }]));
  });
});

it("bars, histograms and reliability diagrams draw any numbers and names in any width, no text over another", () => {
  const number = fc.oneof(
    fc.double({ min: -10, max: 10, noNaN: true }),
    fc.double(),
    fc.constantFrom(0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e300, -1e-300),
  );
  const name = fc.string({ maxLength: 90, unit: "grapheme" });
  const width = fc.integer({ min: 240, max: 1200 });
  const check = (svg: string) => {
    expect(svg.replace(/<(title|desc|text)[\s\S]*?<\/\1>/g, "")).not.toMatch(/NaN|Infinity/);
    expect(clashes(svg)).toEqual([]);
    rendered(svg);
  };
  const list = <T>(item: fc.Arbitrary<T>, least: number, most: number) =>
    fc.array(item, { minLength: least, maxLength: most });
  fc.assert(
    fc.property(list(name, 1, 8), list(list(number, 8, 8), 1, 4), width, (groups, rows, w) => {
      const series = rows.map((values, i) => ({
        label: groups[i % groups.length],
        values: values.slice(0, groups.length),
      }));
      check(plotBars(groups, series, { width: w, title: groups[0] }));
    }),
    { numRuns: 40 },
  );
  fc.assert(
    fc.property(
      list(list(number, 0, 50), 1, 4),
      name,
      width,
      fc.constantFrom("auto", "linear", "log"),
      (rows, label, w, scale) => {
        check(
          plotHistogram(
            bin(
              rows.map((values) => ({ label, values })),
              { scale: scale as "auto" },
            ),
            { width: w, height: 420 },
          ),
        );
      },
    ),
    { numRuns: 40 },
  );
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  const one = fc.record({ predicted: share, observed: share, count: fc.integer({ min: 0, max: 1e7 }) });
  fc.assert(
    fc.property(list(one, 0, 20), name, width, (found, label, w) => {
      const bins = found.map((each, i) => ({ ...each, from: i / found.length, to: (i + 1) / found.length }));
      check(plotReliability([{ label, bins }], { width: w }));
    }),
    { numRuns: 40 },
  );
});
