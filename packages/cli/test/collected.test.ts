// What lossc eval gives beside the means: worst rows, every row's loss and gradient, baselines, reliability, checks.

import { readFileSync } from "node:fs";
import { crossEntropy, huber } from "lossc";
import { describe, expect, test } from "vitest";
import { leastOf } from "../src/eval/baseline/search.ts";
import { newDistributions } from "../src/eval/collect/histogram.ts";
import { judgeChecks, readChecks } from "../src/eval/conditions/judge.ts";
import type { EvalResult } from "../src/eval/result.ts";
import { json, mean, newFolder, numbers, sum, totals } from "./helpers.ts";

const { here, path, query, sql, write } = newFolder();
const random = numbers(5);
const rows = Array.from({ length: 200 }, (_, i) => ({
  id: `r${i}`,
  g: ["a", "b"][i % 2],
  y: Math.round(100 * random()) / 10,
  pred: Math.round(100 * random()) / 10,
  label: Math.floor(3 * random()),
  logits: [random(), 2 * random(), 3 * random() - 1],
  w: Math.round(4 * random()),
}));
write(
  "rows.csv",
  [
    "id,g,y,pred,label,logit_0,logit_1,logit_2,w,code",
    ...rows.map(({ id, g, y, pred, label, logits, w }, i) =>
      [id, g, y, pred, label, ...logits, w, `0${i}`].join(","),
    ),
  ].join("\n"),
);
const Y = "--target y --prediction pred";

describe("lossc eval --top", () => {
  test("--top 5 gives the rows with the largest losses, with their numbers, ids and groups", async () => {
    const ran = await here(`eval rows.csv --loss mse ${Y} --top 5 --by g --format json`);
    const { worst } = json(ran) as unknown as {
      worst: { rows: { row: number; id: string; group: string; loss: number }[] }[];
    };
    const expected = rows
      .map(({ id, g, y, pred }, i) => ({ row: i + 1, id, group: g, loss: (y - pred) ** 2 }))
      .sort((a, b) => b.loss - a.loss || a.row - b.row)
      .slice(0, 5);
    expect(worst[0].rows.map(({ row, id, group }) => ({ row, id, group }))).toEqual(
      expected.map(({ row, id, group }) => ({ row, id, group })),
    );
  });
});

describe("lossc eval --per-row", () => {
  const expected = crossEntropy.valueAndGrad(
    { logits: rows.map(({ logits }) => logits), target: rows.map(({ label }) => label) },
    { reduction: "sum", perSample: true },
  );
  test("--per-row out.parquet has all columns, typed, and loss and gradient of every row in order", async () => {
    const ran = await here("eval rows.csv --loss crossEntropy --target label --per-row out.parquet --quiet");
    expect([ran.code, ran.stderr]).toEqual([0, ""]);
    const found = await query("SELECT * FROM read_parquet('@/out.parquet')");
    expect(found.map(({ id }) => id)).toEqual(rows.map(({ id }) => id));
    expect(found[3]).toMatchObject({ y: rows[3].y, code: "03", label: String(rows[3].label) });
    for (const [i, row] of found.entries()) {
      expect(row.crossEntropy_loss).toBeCloseTo(expected.perSample!.data[i], 12);
      for (const c of [0, 1, 2])
        expect(row[`crossEntropy_grad_logit_${c}`]).toBeCloseTo(expected.grads.logits.data[3 * i + c], 12);
    }
  });
  test("--per-row out.csv keeps text as it is; a row that is skipped has no loss", async () => {
    write("gap.csv", "y,pred,note\n1,1.50,007\n2,x,b\n3,5,c");
    await here("eval gap.csv --loss huber --loss mse --on-bad skip --per-row out.csv --quiet");
    const gradient = huber.valueAndGrad({ prediction: [5], target: [3] }).grads.prediction.data[0];
    expect(readFileSync(path("out.csv"), "utf8").trimEnd().split("\n")).toEqual([
      "y,pred,note,huber_loss,huber_grad_pred,mse_loss,mse_grad_pred",
      "1,1.50,007,0.125,0.5,0.25,1.0",
      "2,x,b,,,,",
      `3,5,c,1.5,${gradient.toFixed(1)},4.0,4.0`,
    ]);
  });
  test("--per-row of many rows keeps their order, and --where leaves rows out of it", async () => {
    await sql(
      "COPY (SELECT i AS id, i % 3 AS g, (i * 7919) % 1000 / 1e3 AS y, (i % 17)::DOUBLE AS pred FROM range(300000) t(i)) TO '@/many.parquet' (ROW_GROUP_SIZE 10000)",
    );
    await here([
      "eval",
      "many.parquet",
      "--loss",
      "mse",
      "--where",
      "g = 1",
      "--per-row",
      "some.parquet",
      "--quiet",
    ]);
    const [found] = await query(
      "SELECT count(*)::INT AS n, bool_and(abs(mse_loss - (pred - y) ** 2) < 1e-9) AS same, bool_and(g = 1) AS one, (list(id) = list_sort(list(id))) AS ordered FROM read_parquet('@/some.parquet')",
    );
    expect(found).toEqual({ n: 100_000, same: true, one: true, ordered: true });
  });
  test("--per-row of lists of a query gives each row its query's loss and its own slope", async () => {
    write("rank.csv", "q,score,relevance\nb,1,0\na,3,2\nb,2,1\na,1,0");
    await here("eval rank.csv --loss listNet --query q --per-row ranked.csv --quiet");
    const [, first, , third] = readFileSync(path("ranked.csv"), "utf8").split("\n");
    expect(first.split(",")[3]).toBe(third.split(",")[3]);
    expect(Number(first.split(",")[4]) + Number(third.split(",")[4])).toBeCloseTo(0, 14);
  });
});

describe("lossc eval --baseline", () => {
  const baseline = async (words: string) =>
    totals(await here(`eval rows.csv --baseline --format json ${words}`))[0] as unknown as {
      value: number;
      baseline: number;
      skill: number;
    };
  const ys = rows.map(({ y }) => y);
  const variance = mean(ys.map((y) => (y - mean(ys)) ** 2));
  test("the best constant of mse is the mean, and skill is 1 − L / L₀: R²", async () => {
    const found = await baseline(`--loss mse ${Y}`);
    expect(found.baseline).toBeCloseTo(variance, 8);
    expect(found.skill).toBeCloseTo(1 - found.value / variance, 8);
  });
  test("of mae it is a median, of a quantile loss that quantile", async () => {
    const sorted = [...ys].sort((a, b) => a - b);
    const best = (q: number) =>
      Math.min(...sorted.map((c) => mean(ys.map((y) => (y > c ? q * (y - c) : (1 - q) * (c - y))))));
    expect((await baseline(`--loss mae ${Y}`)).baseline).toBeCloseTo(2 * best(0.5), 8);
    expect((await baseline(`--loss quantile:q=0.9 ${Y}`)).baseline).toBeCloseTo(best(0.9), 8);
  });
  test("of tukeyBiweight, which is not convex, none on a fine grid is better", async () => {
    const found = await baseline(`--loss tukeyBiweight:c=2 ${Y}`);
    const tukey = (r: number) => (Math.abs(r) > 2 ? 4 / 6 : (4 / 6) * (1 - (1 - (r / 2) ** 2) ** 3));
    const best = Math.min(...Array.from({ length: 2001 }, (_, i) => mean(ys.map((y) => tukey(y - i / 200)))));
    expect(found.baseline).toBeLessThanOrEqual(best + 1e-9);
  });
  test("of cross-entropy it is the entropy of the labels, with their weights", async () => {
    const total = sum(rows.map(({ w }) => w));
    const shares = [0, 1, 2].map(
      (c) => sum(rows.filter(({ label }) => label === c).map(({ w }) => w)) / total,
    );
    const found = await baseline("--loss crossEntropy --target label --weight w");
    expect(found.baseline).toBeCloseTo(-sum(shares.map((p) => p * Math.log(p))), 8);
  });
  test("of the multi-class hinge none on a grid of constants is better", async () => {
    const found = await baseline("--loss multiclassHinge --target label");
    const loss = (z: readonly number[]) =>
      mean(rows.map(({ label }) => sum(z.map((x, c) => (c === label ? 0 : Math.max(0, 1 + x - z[label]))))));
    const grid = Array.from({ length: 21 }, (_, i) => -1 + i / 10);
    const best = Math.min(...grid.flatMap((a) => grid.map((b) => loss([0, a, b]))));
    expect(found.baseline).toBeLessThanOrEqual(best + 1e-9);
  });
  test("groups are judged against the constant that is best for all rows", async () => {
    const { results } = json(
      await here(`eval rows.csv --loss mse ${Y} --baseline --by g --format json`),
    ) as unknown as { results: { baseline: number; count: number }[] };
    const inA = rows.filter(({ g }) => g === "a").map(({ y }) => (y - mean(ys)) ** 2);
    expect(results[0].baseline).toBeCloseTo(mean(inA), 8);
  });
  test("one class has no skill against always that class", async () => {
    write("one.csv", "y,logit\n1,2\n1,3");
    const [found] = totals(
      await here("eval one.csv --loss bceWithLogits --baseline --format json"),
    ) as unknown as { skill: number | null }[];
    expect(found.skill).toBeNull();
  });
});

test("leastOf finds the corner of |x − 2| + |y + 1|, and the bottom of Rosenbrock's valley", () => {
  const corner = leastOf(
    ([x, y]) => ({
      value: Math.abs(x - 2) + Math.abs(y + 1),
      slope: Float64Array.of(Math.sign(x - 2), Math.sign(y + 1)),
    }),
    [Float64Array.of(0, 0)],
  )!;
  expect(corner.value).toBeLessThan(1e-6);
  const valley = leastOf(
    ([x, y]) => ({
      value: (1 - x) ** 2 + 100 * (y - x * x) ** 2,
      slope: Float64Array.of(-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)),
    }),
    [Float64Array.of(-1.2, 1)],
  )!;
  expect(valley.value).toBeLessThan(1e-10);
});

test("lossc eval --reliability gives the shares of each bin, and their mean distance", async () => {
  write(
    "p.csv",
    ["y,p", ...[0.1, 0.1, 0.1, 0.1, 0.9, 0.9].map((p, i) => `${[0, 0, 0, 1, 1, 1][i]},${p}`)].join("\n"),
  );
  const { calibration } = json(
    await here("eval p.csv --loss bce --reliability --format json"),
  ) as unknown as {
    calibration: { ece: number; bins: { count: number; observed: number }[] }[];
  };
  expect(calibration[0].ece).toBeCloseTo((4 * (0.25 - 0.1) + 2 * (1 - 0.9)) / 6, 12);
  expect(calibration[0].bins.filter(({ count }) => count > 0).map(({ observed }) => observed)).toEqual([
    0.25, 1,
  ]);
});

test("a distribution counts every loss, and its quantiles are right to 0.4 %", () => {
  const plan = { rowLosses: true } as never;
  const all = newDistributions([plan]);
  const losses = Float64Array.from({ length: 10_001 }, (_, i) => (i === 0 ? 0 : Math.exp(i / 1000 - 5)));
  all.look!({ plan, evaluated: { losses } } as never);
  const found = all.of(plan)!;
  expect(found.count).toBe(10_001);
  expect(found.between(0, Number.POSITIVE_INFINITY)).toBe(10_001);
  for (const share of [0.1, 0.5, 0.9])
    expect(found.quantile(share) / losses[Math.ceil(share * 10_001) - 1]).toBeCloseTo(1, 2);
});

describe("lossc eval --fail-if", () => {
  const row = (spec: string, group: string | null, value: number | null, more = {}) => ({
    spec,
    loss: spec.split(":")[0],
    params: {},
    group,
    total: group === null,
    value,
    weightSum: 3,
    count: 3,
    bad: 1,
    nonFinite: 0,
    ...more,
  });
  const result = {
    file: "f",
    files: ["f"],
    rows: 4,
    columns: {},
    by: "g",
    results: [
      row("mse", "a", 1),
      row("mse", "b b", 3),
      row("mse", null, 2, { skill: 0.25 }),
      row("focal:gamma=2", null, null),
    ],
  } as EvalResult;
  const names = result.results.map(({ loss }) => loss);
  const failed = (text: string) =>
    judgeChecks(readChecks([text], ["mse", "focal:gamma=2"], [...new Set(names)]), result)[0].failed;
  const cases: readonly (readonly [condition: string, fails: boolean])[] = [
    ["mse > 1.5", true],
    ["mse > 2", false],
    ["mse >= 2", true],
    ["max(mse) > 2.5", true],
    ["min(mse) < 0.5", false],
    ["mse[a] > 1.5 or mse['b b'] > 2.5", true],
    ["not (mse > 1)", false],
    ["mse > 1 and mse < 1.5", false],
    ["mse.bad / (mse.bad + mse.count) >= 25%", true],
    ["mse.skill < 0.3 && rows = 4", true],
    ["2 * mse - 1 = 3", true],
    // Nothing counted, so there is no mean: what cannot be judged does not pass.
    ["focal > 100", true],
    ['"focal:gamma=2" < 100', true],
  ];
  for (const [condition, fails] of cases)
    test(`--fail-if '${condition}' ${fails ? "fails" : "passes"}`, () =>
      expect(failed(condition)).toBe(fails));
  for (const [condition, said] of [
    ["mse > ", "is missing"],
    ["mse", "it is a number and no condition"],
    ["mes > 1", 'no loss "mes"'],
    ["mse.skil > 1", 'no figure "skil"'],
    ["mse[c] > 1", 'no group "c"'],
    ["mean(mse) > 1", "no function mean"],
    ["mse > 1 1", "too much"],
    ["mse ~ 1", "has no meaning"],
  ] as const)
    test(`--fail-if '${condition}' is an error that says ${said}`, () =>
      expect(() => failed(condition)).toThrow(said));
  test("--fail-if exits with 1, says which figure was seen, and still writes the result", async () => {
    const ran = await here([
      "eval",
      "rows.csv",
      "--loss",
      "mse",
      ...Y.split(" "),
      "--fail-if",
      "mse > 1",
      "--quiet",
    ]);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(/^check failed: mse > 1 \(mse is \d+\.\d+\)\n$/);
    expect(ran.stdout).toContain("check failed: mse > 1");
  });
});

test("lossc eval says what diagnose finds, with the number of the row in the file", async () => {
  write("many-ones.csv", `y,logit\n${"1,2\n1,-1\n".repeat(20)}`);
  const { stderr } = await here(["eval", "many-ones.csv", "--loss", "bceWithLogits"]);
  expect(stderr).toMatch(/note: bceWithLogits: .*the other class is never seen/);
});
