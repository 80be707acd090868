// Numbers, ranges and scales as people read them.

import { describe, expect, it } from "vitest";
import { formatNumber, scaleOf, tickLabels, valueRange } from "../src/index.ts";

describe("formatNumber(value)", () => {
  it.each([
    [0, "0"],
    [-0, "0"],
    [0.05, "0.05"],
    [-1.2345, "−1.23"],
    [1234.5, "1\u202F235"],
    [123456, "123\u202F456"],
    [1.6e-7, "1.6·10⁻⁷"],
    [1e12, "10¹²"],
    [0.9999, "1"],
    [Number.NaN, "NaN"],
    [Number.NEGATIVE_INFINITY, "−∞"],
  ])("%d is %s", (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });
});

describe("tickLabels(ticks)", () => {
  it("have the decimals of their step", () => {
    expect(tickLabels([0, 0.25, 0.5])).toEqual(["0", "0.25", "0.50"]);
    expect(tickLabels([-200, 0, 200])).toEqual(["−200", "0", "200"]);
    expect(tickLabels([0, 0.1, 0.2, 0.3])).toEqual(["0", "0.1", "0.2", "0.3"]);
  });

  it("are powers of ten where zeros would have to be counted", () => {
    expect(tickLabels([0, 2e6, 4e6])).toEqual(["0", "2·10⁶", "4·10⁶"]);
    expect(tickLabels([0, 5e-5])).toEqual(["0", "5·10⁻⁵"]);
  });
});

describe("valueRange(series)", () => {
  it("is all of what is finite", () => {
    expect(valueRange([[1, 2, Number.NaN, Number.POSITIVE_INFINITY]])).toEqual([1, 2]);
    expect(valueRange([[-3, 2]], { include: [0, 5] })).toEqual([-3, 5]);
  });

  it("follows a series to 2.5 times the middle one's reach", () => {
    expect(
      valueRange([
        [0, 1],
        [0, 2],
        [0, 1000],
      ]),
    ).toEqual([0, 5]);
    expect(
      valueRange(
        [
          [0, 1],
          [0, 2],
          [0, 1000],
        ],
        { lead: 10 },
      ),
    ).toEqual([0, 20]);
  });

  it("cuts one series where its last tenth outgrows the rest four times", () => {
    const pole = Array.from({ length: 100 }, (_, i) => 1 / (1 - i / 100));
    expect(valueRange([pole])[1]).toBeLessThan(45);
    expect(Math.max(...pole)).toBeGreaterThan(99);
  });

  it("is [0, 1] where there is nothing", () => {
    expect(valueRange([[Number.NaN]])).toEqual([0, 1]);
    expect(valueRange([])).toEqual([0, 1]);
  });
});

describe("scaleOf(domain, pixels)", () => {
  it("gives a constant room on both sides", () => {
    expect(scaleOf([3, 3], [0, 100]).domain).toEqual([1.5, 4.5]);
    expect(scaleOf([0, 0], [0, 100])(0)).toBe(50);
  });

  it("a logarithmic one has powers of ten, or 1, 2 and 5 of them", () => {
    expect(scaleOf([1e-6, 1e6], [0, 100], { kind: "log" }).labels).toContain("10⁻⁶");
    expect(scaleOf([1e-6, 1e6], [0, 100], { kind: "log" }).ticks.length).toBeLessThan(8);
    expect(scaleOf([1, 8], [0, 100], { kind: "log" }).ticks).toEqual([1, 2, 5]);
    expect(() => scaleOf([0, 8], [0, 100], { kind: "log" })).toThrow("it must start above 0");
  });
});
