// lossc list and lossc show: the whole catalogue, derived.

import { readFileSync } from "node:fs";
import { catalogue } from "lossc";
import { describe, expect, test } from "vitest";
import { show } from "../src/show/index.ts";
import { newFolder } from "./helpers.ts";

const { lossc, path } = newFolder();

describe("lossc list", () => {
  test("lossc list names every loss of the catalogue, with parameters and defaults", () => {
    const { code, stdout } = lossc("list");
    expect(code).toBe(0);
    for (const name of catalogue.keys()) expect(stdout).toMatch(new RegExp(`^ {2}${name}( |$)`, "m"));
    expect(stdout).toContain("delta=1");
  });
  test("lossc list --family gives that family alone", () => {
    const { losses } = JSON.parse(lossc("list --family regression --format json").stdout);
    expect(losses.length).toBeGreaterThan(3);
    for (const { family } of losses) expect(family).toBe("regression");
  });
  test("lossc list --format csv has a line per loss", () => {
    expect(lossc("list --format csv").stdout.trimEnd().split("\n")).toHaveLength(catalogue.size + 1);
  });
});

describe("lossc show", () => {
  test("lossc show huber prints its parts, and its check value agrees", () => {
    const { code, stdout } = lossc("show huber");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^huber · regression\n/);
    expect(stdout.trimEnd()).toMatch(/agrees$/);
  });
  // In this process: the catalogue grows, and a process for each loss would take a minute.
  for (const [name, loss] of catalogue) {
    test(`lossc show ${name} prints every part, and its check value agrees`, async () => {
      const output = path(`${name}.txt`);
      await show(name, { output, color: false });
      const text = readFileSync(output, "utf8");
      for (const title of ["value of one sample", "formula (LaTeX)", "properties", "inputs", "references"])
        expect(text).toContain(title);
      for (const parameter of Object.keys(loss.params))
        expect(text).toMatch(new RegExp(`^ {2}${parameter} `, "m"));
      if (loss.check) expect(text.trimEnd()).toMatch(/agrees$/);
    });
  }
  test("lossc show tukeyBiweight prints its property card", () => {
    const { stdout } = lossc("show tukeyBiweight");
    const card = stdout.slice(stdout.indexOf("\nproperties\n"), stdout.indexOf("\ninputs\n"));
    expect(card).toContain("  Along the residual r = prediction − target:\n");
    expect(card).toMatch(
      /^ {2}dead zones +\|slope\| is below 1 % of 1\.341 for r < −4\.556 and r > 4\.556$/m,
    );
    expect(card).toMatch(/^ {2}outliers +redescending: /m);
    expect(card).toMatch(/^ {2}unchanged by +shift of prediction and target; sign of the residual$/m);
  });
  test("lossc show crossEntropy --loops prints the loops: three phases of a row, one gradient", () => {
    const { code, stdout } = lossc("show crossEntropy --loops");
    expect(code).toBe(0);
    expect(stdout.match(/^for n \(samples\)$/gm)).toHaveLength(1);
    expect(stdout.match(/^ {2}for c$/gm)).toHaveLength(3);
    expect(stdout).toContain("grad.logits[n, c] = ");
    expect(JSON.parse(lossc("show mse --loops --format json").stdout).loops).toContain("for ... (samples)");
  });
  test("lossc show --format json holds the card, infinities as words", () => {
    const { properties } = JSON.parse(lossc("show hinge --format json").stdout);
    expect(properties.kinks.places).toEqual([{ at: 1, left: -1, right: 0, taken: 0 }]);
    expect(properties.range).toMatchObject({ from: 0, to: "Infinity" });
    expect(properties.minimum.on).toEqual([1, "Infinity"]);
  });
  test("lossc show --format json is versioned and holds the formula", () => {
    const shown = JSON.parse(lossc("show huber --format json").stdout);
    expect(shown).toMatchObject({ version: 1, name: "huber", family: "regression" });
    expect(shown.formula.value).toContain("\\delta");
    expect(shown.check.computed).toBeCloseTo(shown.check.expected, 12);
  });
});
