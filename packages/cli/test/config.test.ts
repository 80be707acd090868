// Settings that a folder keeps: found upwards, checked, below what the command line says.

import { mkdirSync } from "node:fs";
import { expect, it } from "vitest";
import { readConfig } from "../src/config.ts";
import { newFolder } from "./helpers.ts";

const folder = newFolder();
folder.write("preds.csv", "y,y_pred,g\n1,2,a\n3,5,b\n");

it("eval takes flags from lossc.config.json, and those of the command line before them", async () => {
  folder.write("lossc.config.json", JSON.stringify({ eval: { loss: ["mse"], by: "g", format: "csv" } }));
  expect((await folder.here("eval preds.csv")).stdout).toContain("group,a,mse,1,1,1,0,0");
  expect((await folder.here("eval preds.csv --loss mae --format md")).stdout).toContain("| a | mae | 1 |");
  expect((await folder.here("eval preds.csv --no-config --loss mse --format csv")).stdout).not.toContain(
    "group",
  );
});

it("--print-config says what holds and where it is from, and does nothing", async () => {
  const { code, stdout } = await folder.here("eval nothing.csv --format json --print-config");
  expect(code).toBe(0);
  const { config, settings } = JSON.parse(stdout);
  expect(config).toMatch(/lossc\.config\.json$/);
  expect(settings.format).toEqual({ value: "json", from: "flag" });
  expect(settings.by).toEqual({ value: "g", from: "config" });
  expect(settings.onBad).toEqual({ value: "error", from: "default" });
});

it("a configuration is found in a folder above, and under lossc in package.json", () => {
  mkdirSync(folder.path("a/b"), { recursive: true });
  expect(readConfig(folder.path("a/b")).verbs.eval).toMatchObject({ by: "g" });
  folder.write("a/package.json", JSON.stringify({ lossc: { show: { quiet: true } } }));
  expect(readConfig(folder.path("a/b")).verbs).toEqual({ show: { quiet: true } });
});

it.each([
  ["{", "is not JSON"],
  ["[]", "is no object"],
  ['{ "evl": {} }', 'Did you mean "eval"?'],
  ['{ "eval": { "wieght": "w" } }', 'Did you mean "weight"?'],
  ['{ "eval": { "format": "xml" } }', '"format" of eval is "xml"; it must be table, json, jsonl, csv, md.'],
  ['{ "eval": { "quiet": "yes" } }', "it must be true or false"],
])("the configuration %s is an error that says %s", async (content, text) => {
  folder.write("lossc.config.json", content);
  const { code, stdout, stderr } = await folder.here("eval preds.csv --loss mse");
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toContain(text);
});
