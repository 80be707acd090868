// The JSON of every verb against its schema, whichever way a run ends.

import { readFileSync } from "node:fs";
import Ajv from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { newFolder } from "./helpers.ts";

const { here, lossc, write } = newFolder();
const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../schema/${name}`, import.meta.url), "utf8")) as object;
const ajv = new Ajv.default({
  strict: true,
  strictTypes: false,
  strictRequired: false,
  allowUnionTypes: true,
});
ajv.addSchema(read("eval.json"));
const whole = ajv.getSchema("https://lossc.dev/schema/eval.json")!;
const line = ajv.compile(read("eval-line.json"));

const rows = Array.from(
  { length: 40 },
  (_, i) => `${i},${i % 2},${(i % 7) / 3 - 1},${["a", "b", ""][i % 3]}`,
);
write("preds.csv", ["id,label,logit,g", ...rows].join("\n"));
write("bad.csv", "label,logit\n1,x\n0,1");
write("boundless.csv", "y,prob\n1,0\n0,0.5");
write("other.csv", ["id,label,logit,g", ...rows].join("\n").replaceAll(",1,", ",0,"));
write("y.csv", "y,y_pred\n1,1.5\n2,2.25\n4,3\n100,4");
write(
  "broken.ts",
  `import { defineLoss } from "lossc";
export default defineLoss({ name: "broken", family: "regression", inputs: { prediction: "...", target: "..." },
  expr: ({ prediction, target }) => prediction.sub(target).log() });\n`,
);

const everything = "--baseline --top 3 --reliability --by g";
const runs: readonly (readonly [words: string, code: number])[] = [
  ["eval preds.csv --loss bceWithLogits", 0],
  [`eval preds.csv --loss bceWithLogits --loss binaryFocal:gamma=3 ${everything}`, 0],
  ["eval preds.csv --loss barron:alpha=-inf --prediction logit --target label", 0],
  ["eval boundless.csv --loss bce --baseline --top 1", 0],
  ["eval bad.csv --loss bceWithLogits --on-bad skip", 0],
  [`eval preds.csv --loss bceWithLogits ${everything} --fail-if bceWithLogits>0.1`, 1],
  ["eval preds.csv --loss bceWithLogits --fail-if bceWithLogits>100", 0],
  ["eval bad.csv --loss bceWithLogits", 2],
  ["eval missing.csv --loss bceWithLogits", 2],
  ["eval preds.csv --loss nosuch", 2],
  ["eval preds.csv --los bceWithLogits", 2],
  ["eval preds.csv --loss bceWithLogits --on-bad perhaps", 2],
  ["eval preds.csv --loss bceWithLogits:posWeight=-1", 2],
  ["eval", 2],
];

describe("lossc eval --format json and jsonl", () => {
  for (const [words, expected] of runs) {
    test(`lossc ${words} prints JSON that its schema describes, and exits with ${expected}`, async () => {
      const { code, stdout } = await here(`${words} --format json`);
      expect(code).toBe(expected);
      const valid = whole(JSON.parse(stdout));
      expect(whole.errors ?? []).toEqual([]);
      expect(valid).toBe(true);
      expect("error" in JSON.parse(stdout)).toBe(expected === 2);
    });
    test(`lossc ${words} prints lines that their schema describes`, async () => {
      const { code, stdout } = await here(`${words} --format=jsonl`);
      expect(code).toBe(expected);
      const lines = stdout
        .trimEnd()
        .split("\n")
        .map((text) => JSON.parse(text) as object);
      for (const one of lines) {
        expect(line(one), JSON.stringify([one, line.errors])).toBe(true);
      }
    });
  }
});

const others: readonly (readonly [
  verb: string,
  calls: readonly (readonly [words: string, code: number])[],
])[] = [
  [
    "list",
    [
      ["list", 0],
      ["list --family box", 0],
      ["list --family bux", 2],
    ],
  ],
  [
    "show",
    [
      ["show huber", 0],
      ["show barron", 0],
      ["show deepId2", 0],
      ["show l1Penalty", 0],
      ["show hubr", 2],
      ["show", 2],
    ],
  ],
  [
    "compare",
    [
      ["compare preds.csv other.csv --loss bceWithLogits", 0],
      ["compare preds.csv other.csv --loss bceWithLogits --loss binaryFocal --key id --by g --top 2", 0],
      ["compare y.csv --loss huber --target y --prediction y_pred --against y", 0],
      ["compare boundless.csv boundless.csv --loss bce --top 0", 0],
      ["compare preds.csv bad.csv --loss bceWithLogits", 2],
      ["compare preds.csv --loss bceWithLogits", 2],
      ["compare preds.csv other.csv --loss bceWithLogits --seed x", 2],
      ["compare preds.csv other.csv --lss bceWithLogits", 2],
      ["compare", 2],
    ],
  ],
  [
    "check",
    [
      ["check huber:delta=2 --points 5", 0],
      ["check crossEntropy:classWeight=[1,2,3] --points 5", 0],
      ["check barron:alpha=-inf --points 5", 0],
      ["check ./broken.ts --points 5", 1],
      ["check ./nowhere.ts", 2],
      ["check hubr", 2],
      ["check huber --points few", 2],
      ["check", 2],
    ],
  ],
  [
    "choose",
    [
      ["choose --problem outliers", 0],
      ["choose --problem outliers --problem counts --most 1", 0],
      ["choose y.csv", 0],
      ["choose preds.csv --target label", 0],
      ["choose preds.csv --target g", 0],
      ["choose --problem outlier", 2],
      ["choose missing.csv", 2],
      ["choose --problem outliers --most 0", 2],
      ["choose", 2],
    ],
  ],
];

describe.each(others)("lossc %s --format json", (verb, calls) => {
  const valid = ajv.compile(read(`${verb}.json`));
  test.each(calls)(
    "lossc %s prints JSON that its schema describes, and exits with %i",
    async (words, expected) => {
      // A loss file is loaded by Node itself, not by what runs the tests.
      const run = words.includes(".ts") ? lossc : here;
      const { code, stdout } = await run(`${words} --format json`);
      expect(code).toBe(expected);
      expect(valid(JSON.parse(stdout)), JSON.stringify(valid.errors)).toBe(true);
      expect("error" in JSON.parse(stdout)).toBe(expected === 2);
    },
  );
  test("its schema refuses a result without its version, and one with a field more", async () => {
    const { stdout } = await here(`${calls[0][0]} --format json`);
    const { version, ...rest } = JSON.parse(stdout);
    expect(valid(rest)).toBe(false);
    if (!["list", "show"].includes(verb)) expect(valid({ version, ...rest, more: 1 })).toBe(false);
  });
});

test.each(["emit huber", "plot huber"])(
  "lossc %s has no JSON, and says so to a program that asks for it",
  async (words) => {
    const { code, stdout } = await here(`${words} --format json`);
    expect([code, whole(JSON.parse(stdout))]).toEqual([2, true]);
  },
);

test("the schemas refuse a field that they do not describe, and a number where none may be", () => {
  expect(whole({ version: 1, error: { message: "x", remedy: null }, exitCode: 2 })).toBe(true);
  expect(whole({ version: 1, error: { message: "x", remedy: null }, exitCode: 2, more: 1 })).toBe(false);
  expect(line({ type: "check", condition: "a > 1", failed: "no", figures: {} })).toBe(false);
});

test("lossc eval --format json tells people of an error too, on stderr", async () => {
  const { stdout, stderr } = await here("eval missing.csv --loss mse --format json");
  expect(stderr).toContain("lossc: there is no file missing.csv.");
  expect(JSON.parse(stdout).error).toEqual({
    message: "there is no file missing.csv.",
    remedy: "Check the path; it is relative to the current folder.",
  });
});
