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
      for (const title of ["value of one sample", "formula (LaTeX)", "inputs", "references"])
        expect(text).toContain(title);
      for (const parameter of Object.keys(loss.params))
        expect(text).toMatch(new RegExp(`^ {2}${parameter} `, "m"));
      if (loss.check) expect(text.trimEnd()).toMatch(/agrees$/);
    });
  }
  test("lossc show --format json is versioned and holds the formula", () => {
    const shown = JSON.parse(lossc("show huber --format json").stdout);
    expect(shown).toMatchObject({ version: 1, name: "huber", family: "regression" });
    expect(shown.formula.value).toContain("\\delta");
    expect(shown.check.computed).toBeCloseTo(shown.check.expected, 12);
  });
});
