// lossc eval: which columns it takes, what it echoes, and what it says when it cannot tell.

import { describe, expect, test } from "vitest";
import { crossEntropy, json, mean, newFolder, totals } from "./helpers.ts";

const { lossc, write } = newFolder();
write("preds.csv", "id,label,logit_0,logit_1,logit_2\n1,0,1,2,3\n2,2,0,1,0\n3,1,5,1,2");
write("fit.csv", "x,y,pred,pred_robust\n0,1,1,1\n1,2,2.5,2\n2,9,3,2");

test("lossc eval echoes the columns it took, in the heading and in JSON", () => {
  expect(lossc("eval preds.csv --loss crossEntropy").stdout).toContain(
    "logits ← logit_0 logit_1 logit_2 · target ← label",
  );
  expect(json(lossc("eval preds.csv --loss crossEntropy --by id --format json")).columns).toEqual({
    logits: ["logit_0", "logit_1", "logit_2"],
    target: ["label"],
    by: ["id"],
  });
});

test("lossc eval finds columns whatever their capitals", () => {
  write("capitals.csv", "Y_True,Y_Pred\n1,3");
  expect(totals(lossc("eval capitals.csv --loss mae --format json"))[0].value).toBe(2);
});

test("lossc eval --prediction and --target name the columns", () => {
  expect(
    totals(lossc("eval fit.csv --loss mae --prediction pred_robust --target x --format json"))[0].value,
  ).toBeCloseTo(2 / 3, 14);
});

test("lossc eval --prediction takes a pattern, or columns in order", () => {
  write("odd.csv", "truth,z.a,z.b\nb,1,2\na,1,2");
  const expected = mean([crossEntropy([1, 2], 1), crossEntropy([1, 2], 0)]);
  for (const columns of ["z.*", "z.a z.b"]) {
    const [result] = totals(lossc(`eval odd.csv --loss crossEntropy --prediction ${columns} --format json`));
    expect(result.value).toBeCloseTo(expected, 14);
  }
});

test("lossc eval --input names the columns of any input", () => {
  const [result] = totals(
    lossc("eval fit.csv --loss mae --input prediction=pred_robust --input target=x --format json"),
  );
  expect(result.value).toBeCloseTo(2 / 3, 14);
  const { code, stderr } = lossc("eval fit.csv --loss mae --input predictoin=pred");
  expect(code).toBe(2);
  expect(stderr).toContain('Did you mean "prediction"?');
});

test("lossc eval of a misspelt column suggests the right one", () => {
  const { code, stderr } = lossc("eval preds.csv --loss crossEntropy --target lable");
  expect(code).toBe(2);
  expect(stderr).toContain("--target lable: preds.csv has no such column.");
  expect(stderr).toContain('Did you mean "label"?');
});

test("lossc eval of two columns that may both be meant names them and the flag", () => {
  write("both.csv", "y,label,pred\n1,1,1");
  const { code, stderr } = lossc("eval both.csv --loss mse");
  expect(code).toBe(2);
  expect(stderr).toContain('"target" could be "y" or "label"');
  expect(stderr).toContain("--target y  or  --target label");
});

test("lossc eval without a column for an input says what it looked for, the flag, and what there is", () => {
  const { code, stderr } = lossc("eval fit.csv --loss hinge");
  expect(code).toBe(2);
  expect(stderr).toContain('like its input "score"');
  expect(stderr).toContain("--prediction COLUMN");
  expect(stderr).toContain("Columns of the file: x, y, pred, pred_robust");
});

describe("lossc eval, classes by name", () => {
  write("animals.csv", "label,logit_cat,logit_dog\ncat,1,2\ndog,1,2");
  test("lossc eval maps text labels to the columns that carry their names", () => {
    const [result] = totals(lossc("eval animals.csv --loss crossEntropy --format json"));
    expect(result.value).toBeCloseTo(mean([crossEntropy([1, 2], 0), crossEntropy([1, 2], 1)]), 14);
  });
  test("lossc eval of a label that is no class names the classes", () => {
    write("birds.csv", "label,logit_cat,logit_dog\nbird,1,2");
    expect(lossc("eval birds.csv --loss crossEntropy").stderr).toContain(
      'label is "bird"; expected one of the 2 classes cat, dog',
    );
  });
  test("lossc eval of numbers as labels of named classes says that they are positions", () => {
    write("positions.csv", "label,logit_cat,logit_dog\n0,1,2\n1,1,2");
    const { code, stderr } = lossc("eval positions.csv --loss crossEntropy");
    expect(code).toBe(0);
    expect(stderr).toContain("read as positions: 0 is cat, 1 is dog");
  });
  test("lossc eval reads labels that count from 1 by the names of the columns", () => {
    write("from-one.csv", "label,logit_1,logit_2,logit_10\n10,1,2,4\n1,1,2,4");
    const [result] = totals(lossc("eval from-one.csv --loss crossEntropy --format json"));
    expect(result.value).toBeCloseTo(mean([crossEntropy([1, 2, 4], 2), crossEntropy([1, 2, 4], 0)]), 14);
  });
  test("lossc eval takes a probability per class as the target, matched by class and not by place", () => {
    write("soft.csv", "target_b,target_a,logit_a,logit_b\n0.25,0.75,1,3");
    const [result] = totals(lossc("eval soft.csv --loss crossEntropy --format json"));
    expect(result.value).toBeCloseTo(0.75 * crossEntropy([1, 3], 0) + 0.25 * crossEntropy([1, 3], 1), 14);
  });
});

describe("lossc eval, kinds of columns", () => {
  test("lossc eval does not take probabilities for logits", () => {
    write("probs.csv", "label,prob_0,prob_1\n0,0.1,0.9");
    const { code, stderr } = lossc("eval probs.csv --loss crossEntropy");
    expect(code).toBe(2);
    expect(stderr).toContain("looks like probabilities");
  });
  test("lossc eval --loss klDivergence:from=probabilities takes the columns prob_…", () => {
    write("kl.csv", "prob_0,prob_1,true_0,true_1\n0.5,0.5,1,0");
    const [result] = totals(lossc("eval kl.csv --loss klDivergence:from=probabilities --format json"));
    expect(result.value).toBeCloseTo(Math.LN2, 14);
  });
  test("lossc eval --loss giou on widths and heights asks for the format and does not guess", () => {
    write("sizes.csv", "pred_x,pred_y,pred_w,pred_h,true_x,true_y,true_w,true_h\n0,0,2,2,1,1,2,2");
    const { code, stderr } = lossc("eval sizes.csv --loss giou");
    expect(code).toBe(2);
    expect(stderr).toContain("giou:format=xywh");
    expect(totals(lossc("eval sizes.csv --loss giou:format=xywh --format json"))[0].value).toBeCloseTo(
      1.0793650793650793,
      14,
    );
  });
  test("lossc eval does not weigh by a column unasked, but mentions it", () => {
    write("weighted.csv", "y,pred,sample_weight\n1,2,5");
    expect(lossc("eval weighted.csv --loss mse").stderr).toContain("--weight sample_weight");
  });
});

test("lossc eval --loss l2Penalty says why it cannot and where to go", () => {
  const { code, stderr } = lossc("eval preds.csv --loss l2Penalty");
  expect(code).toBe(2);
  expect(stderr).toContain("l2Penalty: eval cannot evaluate it");
  expect(stderr).toContain('import { l2Penalty } from "lossc"');
});

test("lossc eval takes logit_10 after logit_9, and class names that hold a mark or end in a number", () => {
  const logits = Array.from({ length: 11 }, (_, k) => k / 3);
  const order = logits.map((_, k) => k).sort();
  const list = logits.map((_, k) => k + 1);
  write(
    "eleven.csv",
    `label,${order.map((k) => `logit_${k}`)}\n10,${order.map((k) => logits[k])}\n2,${order.map((k) => logits[k])}`,
  );
  for (const more of ["", " --prediction logit_*"]) {
    const [result] = totals(
      lossc(`eval eleven.csv --loss crossEntropy:classWeight=[${list}]${more} --format json`),
    );
    expect(result.value).toBeCloseTo((11 * crossEntropy(logits, 10) + 3 * crossEntropy(logits, 2)) / 14, 12);
  }
  write("marks.csv", "label,logit_type_1,logit_type_2,logit_other\ntype_2,1,2,3");
  expect(totals(lossc("eval marks.csv --loss crossEntropy --format json"))[0].value).toBeCloseTo(
    crossEntropy([1, 2, 3], 1),
    14,
  );
});

test("lossc eval reads True and False as 1 and 0 where a target is meant", () => {
  write("bool.csv", "y,p\nTrue,0.5\nFALSE,0.25");
  expect(totals(lossc("eval bool.csv --loss bce --format json"))[0].value).toBeCloseTo(
    (Math.LN2 - Math.log(0.75)) / 2,
    14,
  );
});
