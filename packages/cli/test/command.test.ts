// The command as such: usage errors, streams, formats, exit codes.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { newFolder } from "./helpers.ts";

const folder = newFolder();
const { lossc, path, write } = folder;
write("fit.csv", "y,pred,g\n1,1.1,a|b\n2,2.5,c\n3,3,c");
write("empty.csv", "");
write("header.csv", "y,pred\n");
write("uneven.csv", "y,pred\n1,1\n2,2,2\n");
write("latin.csv", Buffer.from("y,pred,name\n1,1,caf\xe9\n", "latin1"));
write("not.parquet", "this is no Parquet file at all");
write("data.xlsx", "");
write("twice.csv", "y,y,pred,spare,spare\n1,2,3,4,5");

describe("lossc says what is wrong, and the remedy, and exits with 2", () => {
  const cases: readonly (readonly [words: string, said: string, remedy: string])[] = [
    ["eval fit.csv --loss hubr", 'there is no loss "hubr"', 'Did you mean "huber"?'],
    ["eval fit.csv --loss huber:dleta=2", 'no parameter or option "dleta"', 'Did you mean "delta"?'],
    ["eval fit.csv --loss huber:delta=-1", '"delta" is -1', "> 0"],
    ["eval fit.csv --loss huber:delta", '"delta" is not of the form', "focal:gamma=2"],
    ["eval fit.csv --loss huber:reduction=sum", "not given with --loss", "weightSum"],
    ["eval fit.csv --loss huber:delta=1,delta=2", "given twice", "once"],
    ["eval fit.csv", "no loss is given", "--loss"],
    ["eval", "no file is given", "lossc eval"],
    ["eval --loss mse --prediction pred fit.csv", "no file is given", "lossc eval fit.csv"],
    ["eval missing.csv --loss mse", "there is no file missing.csv", "path"],
    ["eval . --loss mse", ". is a folder", "file"],
    ["eval empty.csv --loss mse", "empty.csv is empty", "header"],
    ["eval header.csv --loss mse", "columns but no rows", "program"],
    ["eval data.xlsx --loss mse", "files of this kind are not read", ".parquet"],
    ["eval not.parquet --loss mse", "cannot be read as parquet", "ending"],
    ["eval uneven.csv --loss mse", "line 3 has 3 cells, but the header has 2", "Repair"],
    ["eval latin.csv --loss mse --by name", "is not UTF-8", "UTF-8"],
    ["eval twice.csv --loss mse", 'its header has "y" more than once', "Rename"],
    ["eval fit.csv --loss mse --by group", "--by group: fit.csv has no such column", "y, pred, g"],
    ["eval fit.csv --los mse", "unknown option '--los'", "--loss"],
    ["eval fit.csv --loss mse --format xml", "'xml' is invalid", "json"],
    ["eval fit.csv --loss mse --output no/where.json", "no folder no", "folder"],
    ["show hubr", 'there is no loss "hubr"', 'Did you mean "huber"?'],
    ["show MSELoss", 'there is no loss "MSELoss"', 'MSELoss (PyTorch) is "mse" here.'],
    ["eval fit.csv --loss reg:squarederror", "no loss", 'reg:squarederror (XGBoost) is "mse"'],
    ["list --family regresion", 'no family "regresion"', 'Did you mean "regression"?'],
    ["evla", "unknown command 'evla'", "eval"],
  ];
  for (const [words, said, remedy] of cases) {
    test(`lossc ${words}`, () => {
      const { code, stdout, stderr } = lossc(words);
      expect(stderr).toContain(said);
      expect(stderr).toContain(remedy);
      expect(stderr).toMatch(/^lossc: /);
      expect(stderr).not.toMatch(/^\s+at /m);
      expect(stdout).toBe("");
      expect(code).toBe(2);
    });
  }
  test("lossc --debug adds the stack trace", () => {
    expect(lossc("eval fit.csv --loss mse --by group --debug").stderr).toMatch(/^\s+at /m);
  });
});

describe("lossc eval --format", () => {
  test("--format json is versioned, and its numbers read back to the same bits", () => {
    const { stdout } = lossc("eval fit.csv --loss mse --loss huber:delta=0.3 --format json");
    const result = JSON.parse(stdout);
    expect(result).toMatchObject({ version: 1, file: "fit.csv", rows: 3 });
    expect(result.results[0]).toMatchObject({
      loss: "mse",
      group: null,
      weightSum: 3,
      count: 3,
      bad: 0,
      nonFinite: 0,
    });
    expect(result.results[0].value).toBeCloseTo((0.1 ** 2 + 0.25) / 3, 15);
    expect(result.results[1].params).toEqual({ delta: 0.3 });
    expect(JSON.stringify(JSON.parse(stdout), null, 2)).toBe(stdout.trim());
  });
  test("--format csv keeps every digit, and quotes what must be", () => {
    const { stdout } = lossc(
      "eval fit.csv --loss smoothL1:beta=0.1 --loss huber:delta=0.3 --by g --format csv",
    );
    const [head, first] = stdout.split("\n");
    expect(head).toBe("row,group,loss,value,weightSum,count,bad,nonFinite");
    expect(first.startsWith("group,a|b,smoothL1:beta=0.1,")).toBe(true);
  });
  test("--format md is a table that GitHub reads", () => {
    const { stdout } = lossc("eval fit.csv --loss mse --by g --format md");
    expect(stdout).toContain("| a\\|b | mse |");
    expect(stdout).toContain("| ---");
  });
  test("--format table goes to a pipe without colours, one line per row", () => {
    const { stdout } = lossc("eval fit.csv --loss mse --by g");
    expect(stdout).not.toContain("\u001b");
    expect(stdout.trimEnd().split("\n").slice(-4)).toEqual([
      "g      loss        mean  weight sum  count  bad rows",
      "a|b    mse   0.01000000           1      1         0",
      "c      mse    0.1250000           2      2         0",
      "total  mse   0.08666667           3      3         0",
    ]);
  });
  test("colours: FORCE_COLOR forces them, --no-color and NO_COLOR do not want them", () => {
    expect(lossc("eval fit.csv --loss mse", { FORCE_COLOR: "1" }).stdout).toContain("\u001b[1m");
    expect(lossc("eval fit.csv --loss mse --no-color", { FORCE_COLOR: "1" }).stdout).not.toContain("\u001b");
    expect(lossc("eval fit.csv --loss mse", { NO_COLOR: "1" }).stdout).not.toContain("\u001b");
  });
});

describe("lossc eval --output", () => {
  test("--output writes the file, in the format of its ending, and nothing to stdout", () => {
    const { code, stdout } = lossc("eval fit.csv --loss mse --output result.json");
    expect([code, stdout]).toEqual([0, ""]);
    expect(JSON.parse(readFileSync(path("result.json"), "utf8")).version).toBe(1);
    expect(readdirSync(path(".")).filter((name) => name.includes("unfinished"))).toEqual([]);
  });
  test("--output writes nothing when the run fails", () => {
    lossc("eval fit.csv --loss mse --prediction g --output failed.json");
    expect(existsSync(path("failed.json"))).toBe(false);
  });
});

describe("lossc --help", () => {
  test("lossc --help and lossc eval --help begin with examples", () => {
    expect(lossc("--help").stdout).toMatch(/^Examples:\n {2}lossc eval /);
    expect(lossc("eval --help").stdout).toMatch(/^Examples:\n {2}lossc eval /);
  });
  test("lossc --version prints the package's version", () => {
    const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
    expect(lossc("--version").stdout.trim()).toBe(version);
  });
});

describe("lossc, interrupted or not listened to", () => {
  test("Ctrl-C ends lossc eval at once with 130 and leaves no file behind", async () => {
    await folder.sql(
      "COPY (SELECT i AS y, i + 0.5 AS pred, i % 1000 AS g FROM range(12000000) t(i)) TO '@/long.parquet'",
    );
    const running = folder.start(
      "eval long.parquet --engine kernel --loss huber --loss tukeyBiweight --by g --output long.json",
    );
    await new Promise((resolve) => setTimeout(resolve, 900));
    running.kill("SIGINT");
    const code = await new Promise((resolve) => running.on("exit", resolve));
    expect(code).toBe(130);
    expect(readdirSync(path(".")).filter((name) => name.includes("long.json"))).toEqual([]);
  });
  test("lossc list into a closed pipe is no error", async () => {
    const running = folder.start("list --format json");
    running.stdout!.destroy();
    let stderr = "";
    running.stderr!.on("data", (text) => {
      stderr += text;
    });
    const code = await new Promise((resolve) => running.on("exit", resolve));
    expect([code, stderr]).toEqual([0, ""]);
  });
});
