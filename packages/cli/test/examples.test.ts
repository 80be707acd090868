// The files in examples/: the main job on real predictions, against an outside oracle.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { newFolder, type Result } from "./helpers.ts";

const examples = fileURLToPath(new URL("../../../examples/", import.meta.url));
const oracle = JSON.parse(
  readFileSync(new URL("./fixtures/mnist-softmax.log-loss.json", import.meta.url), "utf8"),
) as {
  all: number;
  byLabel: Record<string, number>;
};
const { lossc } = newFolder();
const results = (words: string): Result[] => {
  const { stdout, stderr, code } = lossc(`${words} --format json`);
  expect(stderr).toBe("");
  expect(code).toBe(0);
  return JSON.parse(stdout).results;
};
const relative = (a: number, b: number) => Math.abs(a - b) / Math.abs(b);

describe("examples", () => {
  it("eval mnist-softmax.parquet --loss crossEntropy --by label is scikit-learn's log_loss to 1e-9", () => {
    const rows = results(`eval ${examples}mnist-softmax.parquet --loss crossEntropy --by label`);
    expect(rows).toHaveLength(11);
    for (const { group, value, count } of rows) {
      const expected = group === null ? oracle.all : oracle.byLabel[String(group)];
      expect(relative(value!, expected), `label ${group}`).toBeLessThan(1e-9);
      if (group === null) expect(count).toBe(10_000);
    }
  });

  it("the groups of a file merge to its whole", () => {
    const rows = results(`eval ${examples}boxes.csv --loss giou --by kind`);
    const total = rows.find(({ group }) => group === null)!;
    const parts = rows.filter(({ group }) => group !== null);
    const sum = parts.reduce((all, { value, weightSum }) => all + value! * weightSum, 0);
    expect(relative(sum / total.weightSum, total.value!)).toBeLessThan(1e-13);
    expect(total.count).toBeGreaterThanOrEqual(2000);
  });

  it("the Tukey line meets the inliers of outliers.csv, the least-squares line does not", () => {
    const ofInliers = (line: string) =>
      results(`eval ${examples}outliers.csv --target y --prediction ${line} --loss mse --by kind`).find(
        ({ group }) => group === "inlier",
      )!.value!;
    expect(ofInliers("tukey")).toBeLessThan(ofInliers("least_squares") / 10);
  });
});
