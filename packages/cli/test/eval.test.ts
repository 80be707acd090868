// lossc eval: the figures, on every kind of file.

import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { crossEntropy, json, mean, newFolder, numbers, sum, totals } from "./helpers.ts";

const { lossc, sql, write } = newFolder();

const random = numbers(7);
const CLASSES = 12;
const rows = Array.from({ length: 3000 }, (_, id) => ({
  id,
  label: Math.floor(random() * CLASSES),
  // Not in order in the file, so that logit_10 after logit_1 would be found out.
  logits: Array.from({ length: CLASSES }, () => Math.fround(random() * 8 - 4)),
  weight: Math.floor(random() * 4) / 2,
  part: ["train", "test", "dev"][id % 3],
}));
const perRow = rows.map(({ logits, label }) => crossEntropy(logits, label));
const order = Array.from({ length: CLASSES }, (_, i) => i).sort();
const csv = [
  ["id", "label", ...order.map((k) => `logit_${k}`), "importance", "part"].join(","),
  ...rows.map((row) =>
    [row.id, row.label, ...order.map((k) => row.logits[k]), row.weight, row.part].join(","),
  ),
].join("\n");
write("preds.csv", csv);
write("preds.csv.gz", gzipSync(csv));
write("preds.tsv", csv.replaceAll(",", "\t"));
write("semicolons.csv", csv.replaceAll(",", ";"));
write(
  "preds.jsonl",
  rows.map(({ part, label, logits }) => JSON.stringify({ part, label, logits })).join("\n"),
);

describe("lossc eval, the same predictions in every format", () => {
  const expected = mean(perRow);
  for (const file of ["preds.csv", "preds.csv.gz", "preds.tsv", "semicolons.csv", "preds.jsonl"]) {
    test(`lossc eval ${file} agrees with the definition to 1e-12`, () => {
      const [result] = totals(lossc(`eval ${file} --loss crossEntropy --format json`));
      expect(result.value).toBeCloseTo(expected, 12);
      expect(result).toMatchObject({ count: 3000, weightSum: 3000, bad: 0, nonFinite: 0 });
    });
  }

  test("lossc eval preds.parquet agrees, with columns of any number type, and with lists", async () => {
    await sql("COPY (SELECT * FROM read_csv('@/preds.csv')) TO '@/preds.parquet'");
    await sql(
      "COPY (SELECT label::HUGEINT AS label, logits::FLOAT[12] AS logits FROM read_json('@/preds.jsonl')) TO '@/lists.parquet'",
    );
    for (const file of ["preds.parquet", "lists.parquet"]) {
      const [result] = totals(lossc(`eval ${file} --loss crossEntropy --format json`));
      expect(result.value).toBeCloseTo(expected, 12);
    }
  });

  test("lossc eval reads decimals and names that are keywords, and a file whose name is a pattern", async () => {
    await sql(
      `COPY (SELECT 1.25::DECIMAL(10,2) AS "target", 2::UTINYINT AS "prediction ""x"" of 'y'", 'a' AS "select") TO '@/it''s [1] *.parquet'`,
    );
    const words = [
      "eval",
      "it's [1] *.parquet",
      "--loss",
      "mse",
      "--prediction",
      `prediction "x" of 'y'`,
      "--by",
      "select",
    ];
    const found = lossc([...words, "--format", "json"]);
    expect(totals(found)[0].value).toBe(0.5625);
  });
});

describe("lossc eval --by and --weight", () => {
  test("lossc eval --by prints the groups in order, and they add up to the whole", () => {
    const whole = totals(lossc("eval preds.csv --loss crossEntropy --loss focal:gamma=1.5 --format json"));
    const { results } = json(
      lossc("eval preds.csv --loss crossEntropy --loss focal:gamma=1.5 --by label --format json"),
    );
    for (const { spec, value, weightSum, count } of whole) {
      const groups = results.filter((row) => row.spec === spec && !row.total);
      expect(groups.map(({ group }) => group)).toEqual(Array.from({ length: CLASSES }, (_, i) => i));
      expect(sum(groups.map((group) => group.count))).toBe(count);
      expect(sum(groups.map((group) => group.weightSum))).toBe(weightSum);
      expect(sum(groups.map((group) => group.value! * group.weightSum)) / weightSum).toBeCloseTo(value!, 12);
      expect(results.find((row) => row.spec === spec && row.total)!.value).toBeCloseTo(value!, 14);
    }
  });

  test("lossc eval --by of a text column gives each group its own mean", () => {
    const { results } = json(lossc("eval preds.csv --loss crossEntropy --by part --format json"));
    expect(results.map(({ group }) => group)).toEqual(["dev", "test", "train", null]);
    for (const { group, value } of results.slice(0, 3)) {
      expect(value).toBeCloseTo(mean(perRow.filter((_, i) => rows[i].part === group)), 12);
    }
  });

  test("lossc eval --weight divides by the sum of the weights, and rows of weight 0 do not count", () => {
    const [result] = totals(lossc("eval preds.csv --loss crossEntropy --weight importance --format json"));
    const weights = rows.map(({ weight }) => weight);
    expect(result.weightSum).toBe(sum(weights));
    expect(result.count).toBe(weights.filter((weight) => weight > 0).length);
    expect(result.value).toBeCloseTo(sum(perRow.map((loss, i) => loss * weights[i])) / sum(weights), 12);
  });

  test("lossc eval --loss crossEntropy:meanOver=count divides by the count", () => {
    const [result] = totals(
      lossc("eval preds.csv --loss crossEntropy:meanOver=count --weight importance --format json"),
    );
    expect(result.value).toBeCloseTo(sum(perRow.map((loss, i) => loss * rows[i].weight)) / result.count, 12);
  });

  test("lossc eval with class weights weighs each group by its classes", () => {
    const list = Array.from({ length: CLASSES }, (_, i) => i + 1);
    const { results } = json(
      lossc(`eval preds.csv --loss crossEntropy:classWeight=[${list}] --by part --format json`),
    );
    for (const { group, total, value, weightSum } of results) {
      const members = rows
        .map((row, i) => ({ ...row, loss: perRow[i] }))
        .filter((row) => total || row.part === group);
      const expected = sum(members.map(({ label }) => label + 1));
      expect(weightSum).toBeCloseTo(expected, 9);
      expect(value).toBeCloseTo(sum(members.map(({ label, loss }) => (label + 1) * loss)) / expected, 12);
    }
  });

  test("lossc eval --loss crossEntropy:classWeight=balanced counts the classes over the whole file", () => {
    const { results } = json(
      lossc("eval preds.csv --loss crossEntropy:classWeight=balanced --by label --format json"),
    );
    const groups = results.filter(({ total }) => !total);
    for (const { weightSum } of groups) expect(weightSum).toBeCloseTo(3000 / CLASSES, 9);
    expect(results.at(-1)!.value).toBeCloseTo(mean(groups.map(({ value }) => value!)), 12);
  });

  test("lossc eval --by shows a missing group value as such, last and not as the text NULL", () => {
    write("missing.csv", "y,pred,part\n1,2,NULL\n1,1,\n3,3,b");
    const { results } = json(lossc("eval missing.csv --loss mse --by part --format json"));
    expect(results.map(({ group, total, value }) => [group, total, value])).toEqual([
      ["b", false, 0],
      ["NULL", false, 1],
      [null, false, 0],
      [null, true, 1 / 3],
    ]);
    expect(lossc("eval missing.csv --loss mse --by part").stdout).toContain("(missing)");
  });
});

describe("lossc eval --loss NAME:param=value", () => {
  test("lossc eval --loss passes numbers, words, null, and lists on", () => {
    write("two.csv", "y,logit\n1,0.5\n0,-2\n1,3");
    const [plain, none] = totals(
      lossc("eval two.csv --loss binaryFocal --loss binaryFocal:alpha=null,gamma=0 --format json"),
    );
    const [bce] = totals(lossc("eval two.csv --loss bceWithLogits --format json"));
    expect(plain.params).toEqual({ gamma: 2, alpha: 0.25 });
    expect(none.params).toEqual({ gamma: 0, alpha: null });
    expect(none.value).toBeCloseTo(bce.value!, 14);
  });

  test("lossc eval --loss tukeyBiweight:scale=mad measures the scale on the whole file, also with --by", () => {
    const noise = numbers(3);
    const data = Array.from({ length: 400 }, (_, i) => ({
      y: i / 10,
      pred: i / 10 + noise() - 0.5 + (i % 17 === 0 ? 9 : 0),
      g: i % 4,
    }));
    write("robust.csv", `y,pred,g\n${data.map(({ y, pred, g }) => `${y},${pred},${g}`).join("\n")}`);
    const [whole] = totals(lossc("eval robust.csv --loss tukeyBiweight:scale=mad --format json"));
    const { results } = json(lossc("eval robust.csv --loss tukeyBiweight:scale=mad --by g --format json"));
    expect(results.at(-1)!.value).toBeCloseTo(whole.value!, 14);
    const median = (values: number[]) => mean(values.sort((a, b) => a - b).slice(199, 201));
    const errors = data.map(({ y, pred }) => pred - y);
    const middle = median([...errors]);
    const scale = 1.4826 * median(errors.map((error) => Math.abs(error - middle)));
    const c = 4.6851;
    const rho = (u: number) => (c * c * (1 - (1 - Math.min((u / c) ** 2, 1)) ** 3)) / 6;
    expect(whole.value).toBeCloseTo(mean(errors.map((error) => rho(error / scale))), 9);
  });

  test("lossc eval evaluates box losses on prefixed corners", () => {
    write(
      "boxes.csv",
      "pred_x1,pred_y1,pred_x2,pred_y2,true_x1,true_y1,true_x2,true_y2\n0,0,2,2,1,1,3,3\n0,0,1,1,2,0,3,1",
    );
    const [giou, again] = totals(lossc("eval boxes.csv --loss giou --loss ciou --format json"));
    expect(giou.value).toBeCloseTo(1 + (0.0793650793650793 + 1 / 3) / 2, 9);
    expect(again.value).toBeGreaterThan(giou.value! - 1);
  });
});

test("lossc eval reads files of more rows than a block, in their order", async () => {
  await sql(
    "COPY (SELECT i AS y, i + 1 AS pred, i // 50000 AS part FROM range(150000) t(i)) TO '@/long.parquet'",
  );
  const { results } = json(lossc("eval long.parquet --loss mse --by part --format json"));
  expect(results.map(({ count, value }) => [count, value])).toEqual([
    [50000, 1],
    [50000, 1],
    [50000, 1],
    [150000, 1],
  ]);
  await sql(
    "COPY (SELECT i AS y, CASE WHEN i = 140000 THEN 'oops' ELSE i::VARCHAR END AS pred FROM range(150000) t(i)) TO '@/long.csv'",
  );
  const ran = lossc("eval long.csv --loss mse");
  expect(ran.stderr).toContain('row 140001: pred is "oops"; expected a finite number');
});
