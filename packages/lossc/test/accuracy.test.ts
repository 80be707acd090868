// docs/accuracy.md says what is measured: no loss is less accurate than the page's figures.

import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { accuracyOf, ofVectors, readOracle } from "../../../tools/accuracy/measure.ts";
import { figures, precisions, rowsOf } from "../../../tools/accuracy/page.ts";
import { losses } from "./vectors.ts";

const page = readFileSync(new URL("../../../docs/accuracy.md", import.meta.url), "utf8");
const rows = rowsOf(page);
const oracle = readOracle();

/** Another version of the runtime may round exp and log the other way. */
const ANOTHER_RUNTIME = 2;
const LAST_BITS = { float64: 4 * 2 ** -53, float32: 2 ** -24 };

it("has a row for every loss of the catalogue", () => {
  expect([...rows.keys()], "npm run generate").toEqual(losses.map(({ name }) => name));
});

it("a loss without an oracle of its own is measured on its vectors", () => {
  const { value, numbers } = accuracyOf(ofVectors("huber"), "float64");
  expect(numbers).toBeGreaterThan(100);
  expect(value.error).toBeLessThan(1e-15);
});

it.each(oracle.map((one) => [one.loss, one] as const))("%s is as accurate as the page says", (name, one) => {
  precisions.forEach((precision, p) => {
    const found = accuracyOf(one, precision);
    expect(found.numbers).toBeGreaterThan(0);
    figures.forEach((figure, f) => {
      const said = rows.get(name)![3 * p + f];
      expect(
        found[figure].error,
        `${precision} ${figure}: ${JSON.stringify(found[figure])}`,
      ).toBeLessThanOrEqual(ANOTHER_RUNTIME * said + LAST_BITS[precision]);
    });
  });
});

/** Their page says why. */
const ofAnAngle = "combinedMargin";

it("values are right to 1e-12 in float64 and 3e-5 in float32, gradients to 1e-10 and 1e-2 of their largest number", () => {
  for (const [name, [value64, , whole64, value32, , whole32]] of rows) {
    if (name === ofAnAngle) continue;
    expect(value64, name).toBeLessThan(1e-12);
    expect(value32, name).toBeLessThan(3e-5);
    expect(whole64, name).toBeLessThan(1e-10);
    if (name !== "lovaszHinge") expect(whole32, name).toBeLessThan(1e-2);
  }
});
