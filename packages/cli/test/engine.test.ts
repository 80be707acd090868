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
  await folder.sql(`COPY (SELECT i AS id, 'g' || i % 3 AS "group", (i % 7)::DOUBLE AS w, i * i % 3 AS label,
      sin(i) * 9 AS logit_0,
      CASE WHEN i % 41 = 0 AND i * i % 3 <> 1 THEN '-inf'::DOUBLE ELSE cos(i) * 50 END AS logit_1,
      (i % 5)::FLOAT AS logit_2
    FROM range(1, 5001) AS t(i)) TO '@/classes.parquet'`);
  await folder.sql(`COPY (SELECT * REPLACE (
      CASE WHEN id % 11 = 0 THEN NULL WHEN id % 13 = 0 THEN 'nan'::DOUBLE WHEN id % 17 = 0 THEN 'inf'::DOUBLE
        ELSE logit_0 END AS logit_0,
      CASE WHEN id % 19 = 0 THEN 3 WHEN id % 23 = 0 THEN 0.5 WHEN id % 29 = 0 THEN -100 ELSE label END AS label)
    FROM '@/classes.parquet') TO '@/bad-classes.parquet'`);
  await folder.sql(`COPY (FROM '@/bad-classes.parquet') TO '@/bad-classes.csv'`);
  // Boxes that overlap, touch, lie apart or have no area; every 31st is upside down, every 37th endless.
  await folder.sql(`COPY (SELECT i AS id, 'g' || i % 3 AS "group",
      sin(i) AS pred_x1, cos(i) AS pred_y1, sin(i) + i % 4 AS pred_x2,
      cos(i) + CASE WHEN i % 31 = 0 THEN -1 ELSE i % 3 END AS pred_y2,
      sin(i * 2) AS true_x1, cos(i * 2) AS true_y1,
      CASE WHEN i % 37 = 0 THEN 'inf'::DOUBLE ELSE sin(i * 2) + i % 5 END AS true_x2, cos(i * 2) + 1 AS true_y2
    FROM range(1, 3001) AS t(i)) TO '@/boxes.parquet'`);
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
  "classes.parquet --loss crossEntropy --loss focal:gamma=1.5 --loss crossEntropy:labelSmoothing=0.1 --by group --weight w --on-bad skip",
  "classes.parquet --loss crossEntropy:classWeight=[1,2,0.5] --by label --on-bad skip",
  "bad-classes.parquet --loss crossEntropy:ignoreIndex=-100 --loss focal --by group --on-bad skip",
  "bad-classes.csv --loss crossEntropy --by group --weight w --on-bad skip",
  "boxes.parquet --loss iou --loss giou --loss diou --loss ciou --by group --on-bad skip",
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

it.each([
  ["SELECT [1.0, 2.0] AS logits, 1 AS label", '"logits" of crossEntropy is a list in one column'],
  [
    "SELECT 1.0 AS logit_cat, 2.0 AS logit_dog, 'dog' AS label",
    '"target" of crossEntropy has classes with names',
  ],
])("--engine sql says why a loss has none: %s", async (table, why) => {
  await folder.sql(`COPY (${table}) TO '@/row.parquet'`);
  const { code, stderr } = await folder.here("eval row.parquet --loss crossEntropy --engine sql");
  expect(code).toBe(2);
  expect(stderr).toContain(`--engine sql: ${why}`);
});
