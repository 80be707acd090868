// `--engine sql` against `--engine kernel`: the same figures, by group, of weighted rows and of files with bad ones.

import { beforeAll, expect, it } from "vitest";
import { json, newFolder, type Result } from "./helpers.ts";

const folder = newFolder();

beforeAll(async () => {
  // Logits beyond ±36 and soft or missing targets are no ordinary rows; every seventh row has a weight of 0.
  await folder.sql(`COPY (SELECT i AS id, 'g' || i % 3 AS "group", (i % 7)::DOUBLE AS w,
      CASE WHEN i % 97 = 0 THEN 80 WHEN i % 89 = 0 THEN -750 ELSE sin(i) * 9 END AS logit,
      CASE WHEN i % 53 = 0 THEN 0.25 ELSE (cos(i * i) > 0)::DOUBLE END AS label,
      CASE WHEN cos(i) > 0 THEN 1 ELSE -1 END AS side,
      i + sin(i * 7) AS y_pred, i::DOUBLE AS y_fit,
      (1 + sin(i)) / 2.1 AS prob
    FROM range(1, 5001) AS t(i)) TO '@/good.parquet'`);
  await folder.sql(`COPY (SELECT * REPLACE (
      CASE WHEN id % 11 = 0 THEN NULL WHEN id % 13 = 0 THEN 'nan'::DOUBLE ELSE logit END AS logit,
      CASE WHEN id % 17 = 0 THEN 7 ELSE label END AS label)
    FROM '@/good.parquet') TO '@/bad.parquet'`);
  await folder.sql(`COPY (FROM '@/good.parquet') TO '@/good.csv'`);
});

async function both(words: string): Promise<readonly [sql: readonly Result[], kernel: readonly Result[]]> {
  const of = async (engine: string) =>
    json(await folder.here(`eval ${words} --engine ${engine} --format json`)).results;
  return [await of("sql"), await of("kernel")];
}

function expectSame([sql, kernel]: readonly [readonly Result[], readonly Result[]]): void {
  expect(sql.length).toBe(kernel.length);
  for (const [i, { value, weightSum, ...rest }] of sql.entries()) {
    const { value: other, weightSum: otherWeight, ...same } = kernel[i];
    expect(rest).toEqual(same);
    expect(Math.abs(weightSum - otherWeight)).toBeLessThanOrEqual(1e-12 * otherWeight);
    if (value === null || other === null) expect(value).toBe(other);
    else expect(Math.abs(value - other)).toBeLessThanOrEqual(1e-12 * Math.abs(other));
  }
}

const losses =
  "--loss bceWithLogits:posWeight=2 --loss binaryFocal --loss binaryFocal:alpha=0.7,gamma=1.5 --loss asymmetric";

it.each([
  `good.parquet ${losses} --by group --target label`,
  `good.parquet ${losses} --weight w --target label`,
  "good.parquet --loss bceWithLogits:classWeight=[1,3] --target label --by group --weight w",
  "good.parquet --loss hinge --loss logistic --loss zeroOne --target side --prediction logit --by id",
  "good.parquet --loss huber:delta=0.5 --loss logCosh --loss mape --target y_fit --prediction y_pred --by group",
  "good.parquet --loss bce --loss mse --target label --prediction prob --by w",
  `good.csv ${losses} --by group --target label --weight w`,
  `bad.parquet ${losses} --by group --target label --on-bad skip`,
  "bad.parquet --loss bceWithLogits --loss mse --prediction logit --target label --on-bad skip --weight w",
  "bad.parquet --loss bceWithLogits:ignoreIndex=7 --target label --on-bad skip --by group",
])("eval %s: both engines give the same", async (words) => {
  expectSame(await both(words));
});

it("an infinite loss is counted, and makes the mean infinite, by either engine", async () => {
  await folder.sql(`COPY (SELECT 0::DOUBLE AS prob, 1 AS label UNION ALL SELECT 0.5, 1) TO '@/sure.parquet'`);
  const [sql, kernel] = await both("sure.parquet --loss bce");
  expect(sql).toEqual(kernel);
  expect(sql[0]).toMatchObject({ value: null, nonFinite: 1, count: 2 });
});

it("bad rows are told the same by either engine, and stop it the same", async () => {
  for (const more of ["", "--on-bad skip"]) {
    const ran = (engine: string) =>
      folder.here(
        `eval bad.parquet --loss bceWithLogits --target label ${more} --engine ${engine}`.split(/ +/),
      );
    const [sql, kernel] = [await ran("sql"), await ran("kernel")];
    expect(sql).toEqual(kernel);
    expect(sql.code).toBe(more === "" ? 2 : 0);
  }
});

it("--engine sql says why a loss has none", async () => {
  await folder.sql(`COPY (SELECT 1.0 AS logit_0, 2.0 AS logit_1, 1 AS label) TO '@/row.parquet'`);
  const { code, stderr } = await folder.here("eval row.parquet --loss crossEntropy --engine sql");
  expect(code).toBe(2);
  expect(stderr).toContain('--engine sql: "logits" of crossEntropy is not one number');
});
