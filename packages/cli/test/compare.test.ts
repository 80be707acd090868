// `lossc compare`: its statistics against SciPy, and the command on two files.

import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { comparePairs, inverseNormal, upperTail } from "../src/compare/statistics.ts";
import { newFolder, numbers } from "./helpers.ts";

interface Case {
  readonly name: string;
  readonly differences: readonly number[];
  readonly p: number;
  readonly exact: boolean;
  readonly interval: readonly [number, number];
}
const { cases } = JSON.parse(readFileSync(new URL("fixtures/compare.json", import.meta.url), "utf8")) as {
  cases: readonly Case[];
};

const pairs = (differences: readonly number[]) => ({
  differences: Float64Array.from(differences),
  weights: new Float64Array(differences.length).fill(1),
});
const settings = { confidence: 0.95, resamples: 20_000, seed: 3 };

it.each(cases.map((one) => [one.name, one] as const))("comparePairs of %s says what SciPy says", (_, one) => {
  const { p, interval, method } = comparePairs(pairs(one.differences), settings);
  expect(method).toBe(one.exact ? "exact" : "resampled");
  // An exact test has one answer; of a drawn one the error is known.
  const error = one.exact
    ? 1e-12
    : 4 * Math.sqrt((one.p * (1 - one.p)) / settings.resamples) + 2 / settings.resamples;
  expect(Math.abs(p - one.p)).toBeLessThanOrEqual(2 * error);
  const width = one.interval[1] - one.interval[0];
  for (const end of [0, 1]) expect(Math.abs(interval[end] - one.interval[end])).toBeLessThan(0.04 * width);
});

it("comparePairs above 50,000 rows agrees with the normal distribution, and with resampling below", () => {
  const random = numbers(9);
  const differences = Array.from({ length: 60_000 }, () => random() - 0.49);
  const many = comparePairs(pairs(differences), settings);
  expect(many.method).toBe("normal");
  const some = differences.slice(0, 3000);
  const deviation = Math.sqrt(some.reduce((sum, d) => sum + (d - 0.01) ** 2, 0) / some.length);
  const half = (1.959963985 * deviation) / Math.sqrt(differences.length);
  expect(many.interval[1] - many.difference).toBeCloseTo(half, 4);
  expect(many.p).toBeLessThan(1e-10);
});

it("upperTail and inverseNormal have the digits of the table", () => {
  // R: pnorm(z, lower.tail = FALSE)
  for (const [z, p] of [
    [0, 0.5],
    [1, 0.15865525393145705],
    [1.959963984540054, 0.025],
    [3.5, 2.3262907903552504e-4],
    [10, 7.619853024160527e-24],
  ])
    expect(Math.abs(upperTail(z) / p - 1)).toBeLessThan(1e-5);
  expect(inverseNormal(0.975)).toBeCloseTo(1.959964, 5);
});

const folder = newFolder();
const header = "id,y,y_pred,g\n";
const random = numbers(5);
const rows = Array.from({ length: 200 }, (_, i) => {
  const y = 10 * random();
  return { id: i, y, a: y + 2 * random() - 1, b: y + random() - 0.5, g: `g${i % 3}` };
});
folder.write("a.csv", header + rows.map(({ id, y, a, g }) => `${id},${y},${a},${g}`).join("\n"));
folder.write(
  "b.csv",
  header +
    rows
      .slice(10)
      .reverse()
      .map(({ id, y, b, g }) => `${id},${y},${b},${g}`)
      .join("\n"),
);
folder.write("twice.csv", `${header}1,1,1,g\n1,2,2,g\n`);

it("compare by key pairs the rows, counts those without a partner, and says which is better", async () => {
  const { code, stdout, stderr } = await folder.here(
    "compare a.csv b.csv --loss mse --key id --by g --format json",
  );
  expect(code).toBe(0);
  const { results, verdicts, onlyA, onlyB, changed } = JSON.parse(stdout);
  expect([onlyA, onlyB]).toEqual([10, 0]);
  expect(stderr).toContain("10 of A, 0 of B");
  const expected = rows.slice(10).reduce((sum, { y, a, b }) => sum + (b - y) ** 2 - (a - y) ** 2, 0) / 190;
  const total = results.find((row: { total: boolean }) => row.total);
  expect(total.difference).toBeCloseTo(expected, 12);
  expect(total.interval[0]).toBeLessThan(expected);
  expect(total.interval[1]).toBeLessThan(0);
  expect(results).toHaveLength(4);
  expect(verdicts[0].better).toBe("B");
  const largest = rows
    .slice(10)
    .map(({ id, y, a, b }) => ({ id, change: Math.abs((b - y) ** 2 - (a - y) ** 2) }))
    .reduce((x, z) => (z.change > x.change ? z : x));
  expect(changed[0].rows[0].key).toBe(String(largest.id));
});

it("compare gives the same figures for the same seed", async () => {
  const ran = () => folder.here("compare a.csv b.csv --loss huber --key id --seed 4 --format csv");
  expect(await ran()).toEqual(await ran());
});

it("compare of a file with itself tells no difference", async () => {
  const { stdout } = await folder.here("compare a.csv a.csv --loss huber");
  expect(stdout).toContain("no difference can be told from chance");
});

it("compare takes two columns of one file", async () => {
  const { code, stdout } = await folder.here(
    "compare a.csv --loss mae --target y --prediction y_pred --against y --format json",
  );
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ a: "y_pred", b: "y", verdicts: [{ better: "B" }] });
});

it.each([
  ["compare a.csv b.csv --loss mse", "their order does not say which belong together"],
  ["compare a.csv --loss mse", "one file is given to compare"],
  ["compare twice.csv a.csv --loss mse --key id", 'twice.csv has "1" in more than one row'],
  ["compare a.csv b.csv --loss mse --key idd", 'Did you mean "id"?'],
  [
    "compare a.csv b.csv --loss bceWithLogits:classWeight=[1,2] --target id --prediction y_pred",
    "cannot be compared row by row",
  ],
  ["compare a.csv a.csv --loss mse --confidence 2", "--confidence 2 is not a share between 0 and 1"],
])("%s is an error that says %s", async (words, text) => {
  const { code, stderr, stdout } = await folder.here(words);
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toContain(text);
});
