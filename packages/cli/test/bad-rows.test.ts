// lossc eval on files with rows that cannot be used: each is found, shown with its place, and counted.

import { describe, expect, test } from "vitest";
import { json, newFolder, totals } from "./helpers.ts";

const { lossc, sql, write } = newFolder();
write("bad.csv", "y,pred\n1,0.5\n2,oops\n3,nan\n4,\n5,inf\n6,0x10\n7,7\n8,x");

describe("lossc eval, by default, stops at bad rows", () => {
  const { code, stdout, stderr } = lossc("eval bad.csv --loss mse");
  test("lossc eval of a bad row exits with 2 and prints no result", () => {
    expect(code).toBe(2);
    expect(stdout).toBe("");
  });
  test("lossc eval of a text cell, NaN, an empty cell and infinity shows row, column, value and what was expected", () => {
    expect(stderr).toContain('row 2: pred is "oops"; expected a finite number');
    expect(stderr).toContain("row 3: pred is NaN; expected a finite number");
    expect(stderr).toContain("row 4: pred is empty; expected a finite number");
    expect(stderr).toContain("row 5: pred is Infinity; expected a finite number");
  });
  test("lossc eval of a bad row names the flag that goes on", () =>
    expect(stderr).toContain("--on-bad skip"));
  test("lossc eval of a bad row prints no stack trace", () => expect(stderr).not.toMatch(/^\s+at /m));
});

test("lossc eval --on-bad skip drops and counts bad rows, and says so", () => {
  const ran = lossc("eval bad.csv --loss mse --on-bad skip --format json");
  expect(totals(ran)[0]).toMatchObject({ count: 2, bad: 6, value: 0.125 });
  expect(ran.stderr).toContain("bad rows skipped: 6 (75.0%)");
  expect(lossc("eval bad.csv --loss mse --on-bad skip").stdout).toMatch(/6 \(75\.0%\)/);
});

test("lossc eval --on-bad skip counts the bad rows of each group", () => {
  write("groups.csv", "y,pred,g\n1,1,a\n1,x,a\n1,,b\n1,2,b\n1,3,b");
  const { results } = json(lossc("eval groups.csv --loss mse --by g --on-bad skip --format json"));
  expect(results.map(({ group, count, bad, value }) => [group, count, bad, value])).toEqual([
    ["a", 1, 1, 0],
    ["b", 2, 1, 2.5],
    [null, 3, 2, 5 / 3],
  ]);
});

test("lossc eval --on-bad skip of a file with bad rows only is an error and not a 0", () => {
  write("all-bad.csv", "y,pred\n1,a\n2,b");
  const { code, stderr } = lossc("eval all-bad.csv --loss mse --on-bad skip");
  expect(code).toBe(2);
  expect(stderr).toContain("every row of all-bad.csv is bad");
});

test("lossc eval tells NULL from NaN in Parquet", async () => {
  await sql("COPY (SELECT * FROM (VALUES (1, NULL), (2, 'nan'::DOUBLE)) t(y, pred)) TO '@/nulls.parquet'");
  const { stderr } = lossc("eval nulls.parquet --loss mse");
  expect(stderr).toContain("row 1: pred is NULL");
  expect(stderr).toContain("row 2: pred is NaN");
});

test("lossc eval finds a text cell in JSON far beyond where types are guessed", () => {
  const lines = Array.from({ length: 30_000 }, (_, i) =>
    JSON.stringify({ y: i, pred: i === 29_000 ? "none" : i }),
  );
  write("late.jsonl", lines.join("\n"));
  expect(lossc("eval late.jsonl --loss mse").stderr).toContain('row 29001: pred is "none"');
});

describe("lossc eval, labels", () => {
  write("labels.csv", "label,logit_0,logit_1,logit_2\n0,1,2,3\n3,1,1,2\n1,0,0,-inf\n1.5,0,0,0\ncat,0,0,0");
  test("lossc eval of a label out of range names the classes, and how labels from 1 are read", () => {
    const { code, stderr } = lossc("eval labels.csv --loss crossEntropy");
    expect(code).toBe(2);
    expect(stderr).toContain("row 2: label is 3; expected one of the 3 classes 0, 1, 2");
    expect(stderr).toContain("row 4: label is 1.5");
    expect(stderr).toContain('row 5: label is "cat"');
    expect(stderr).toContain("count from 1");
  });
  test("lossc eval takes a logit of -inf, but not one of inf", () => {
    write("inf.csv", "label,logit_0,logit_1\n0,1,-inf\n1,inf,0");
    const { stderr } = lossc("eval inf.csv --loss crossEntropy");
    expect(stderr).toContain("row 2: logit_0 is Infinity");
    expect(stderr).not.toContain("row 1:");
  });
  test("lossc eval --loss crossEntropy:ignoreIndex=3 leaves those rows out, whatever else stands in them", () => {
    write("ignored.csv", "label,logit_0,logit_1\n0,0,0\n-1,x,y\n1,0,0");
    const ran = lossc("eval ignored.csv --loss crossEntropy:ignoreIndex=-1 --by label --format json");
    const { results } = json(ran);
    expect(results.map(({ group, count, bad }) => [group, count, bad])).toEqual([
      [-1, 0, 0],
      [0, 1, 0],
      [1, 1, 0],
      [null, 2, 0],
    ]);
    expect(results[0].value).toBeNull();
    expect(results[3].value).toBeCloseTo(Math.LN2, 14);
  });
  test("lossc eval of a row of weight 0 does not look at it", () => {
    write("weights.csv", "y,pred,w\n1,1,1\n1,oops,0\n1,3,3\n1,1,-2");
    const { stderr } = lossc("eval weights.csv --loss mse --weight w");
    expect(stderr).toContain("row 4: w is -2; expected a finite weight >= 0");
    expect(stderr).not.toContain("row 2");
  });
});

describe("lossc eval never guesses a kind silently", () => {
  test("lossc eval --loss hinge on targets 0 and 1 suggests encoding=binary", () => {
    write("zero-one.csv", "y,score\n1,0.5\n0,-2");
    const { code, stderr } = lossc("eval zero-one.csv --loss hinge");
    expect(code).toBe(2);
    expect(stderr).toContain("row 2: y is 0; expected a target -1 or +1");
    expect(stderr).toContain("hinge:encoding=binary");
    expect(totals(lossc("eval zero-one.csv --loss hinge:encoding=binary --format json"))[0].value).toBe(0.25);
  });
  test("lossc eval --loss bce on a probability outside [0, 1] is told that it may be a logit", () => {
    write("not-p.csv", "y,p\n1,0.5\n0,1.5");
    const { code, stderr } = lossc("eval not-p.csv --loss bce");
    expect(code).toBe(2);
    expect(stderr).toContain("row 2: p is 1.5; expected a probability from 0 to 1");
    expect(stderr).toContain("bceWithLogits");
  });
  test("lossc eval --loss bceWithLogits on numbers all inside [0, 1] says that they look like probabilities", () => {
    write("maybe.csv", "y,logit\n1,0.9\n0,0.2");
    const ran = lossc("eval maybe.csv --loss bceWithLogits");
    expect(ran.code).toBe(0);
    expect(ran.stderr).toContain("every value of logit lies in [0, 1], as probabilities do");
    expect(lossc("eval maybe.csv --loss bceWithLogits --quiet").stderr).toBe("");
  });
  test("lossc eval --loss bce of a sure and wrong answer is infinite: null in JSON, and counted", () => {
    write("sure.csv", "y,p\n1,0\n0,0\n1,0.5");
    const ran = lossc("eval sure.csv --loss bce --format json");
    expect(totals(ran)[0]).toMatchObject({ value: null, nonFinite: 1, count: 3 });
    expect(ran.stderr).toContain("infinite or NaN in 1 row");
    expect(lossc("eval sure.csv --loss bce").stdout).toContain("∞");
  });
  test("lossc eval of a box with x2 < x1 says which", () => {
    write("flipped.csv", "pred_x1,pred_y1,pred_x2,pred_y2,true_x1,true_y1,true_x2,true_y2\n2,0,0,2,1,1,3,3");
    expect(lossc("eval flipped.csv --loss giou").stderr).toContain(
      "row 1: pred_x1 is (2, 0, 0, 2); expected four finite numbers with x2 >= x1",
    );
  });
});

describe("lossc eval, lists", () => {
  test("lossc eval of lists of unequal length shows the row", () => {
    write(
      "ragged.jsonl",
      '{"label":0,"logits":[1,2,3]}\n{"label":1,"logits":[1,2]}\n{"label":1,"logits":[1,null,2]}\n{"label":1,"logits":"no"}',
    );
    const { code, stderr } = lossc("eval ragged.jsonl --loss crossEntropy");
    expect(code).toBe(2);
    expect(stderr).toContain("row 2: logits has 2 numbers and not 3");
    expect(stderr).toContain("row 3: logits has at place 2");
    expect(stderr).toContain("row 4: logits is no list of numbers");
  });
});
