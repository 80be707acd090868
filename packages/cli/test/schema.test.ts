// The JSON of lossc eval against its schemas, whichever way a run ends.

import { readFileSync } from "node:fs";
import Ajv from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { newFolder } from "./helpers.ts";

const { here, write } = newFolder();
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

describe("lossc list and lossc show --format json", () => {
  const others = ["list", "show"].map((name) => [name, ajv.compile(read(`${name}.json`))] as const);
  const calls: readonly (readonly [words: string, code: number])[] = [
    ["list", 0],
    ["list --family box", 0],
    ["list --family bux", 2],
    ["show huber", 0],
    ["show barron", 0],
    ["show deepId2", 0],
    ["show l1Penalty", 0],
    ["show hubr", 2],
    ["show", 2],
  ];
  for (const [words, expected] of calls)
    test(`lossc ${words} prints JSON that its schema describes, and exits with ${expected}`, async () => {
      const { code, stdout } = await here(`${words} --format json`);
      expect(code).toBe(expected);
      const [, valid] = others.find(([verb]) => words.startsWith(verb))!;
      expect(valid(JSON.parse(stdout)), JSON.stringify(valid.errors)).toBe(true);
      expect("error" in JSON.parse(stdout)).toBe(expected === 2);
    });
});

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
