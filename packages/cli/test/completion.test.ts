// Shell completion: what may follow on a line, and the script of bash at work.

import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";
import { complete, completionText, splitLine } from "../src/completion/complete.ts";
import { scripts } from "../src/completion/scripts.ts";
import { verbs } from "../src/options.ts";
import { newFolder } from "./helpers.ts";

const folder = newFolder();
folder.write("preds.csv", "y_true,score,the group\n1,2,a\n");

const values = async (line: string): Promise<string[]> =>
  (await complete(line)).candidates.map(({ value }) => value);

it("completes verbs, and flags of a verb", async () => {
  expect(await values("lossc ")).toEqual(Object.keys(verbs));
  expect(await values("lossc ev")).toEqual(["eval"]);
  expect(await values("lossc eval --tar")).toEqual(["--target"]);
  expect(await values("lossc eval --on-bad ")).toEqual(["error", "skip"]);
  expect(await values("lossc eval --on-bad=s")).toEqual(["--on-bad=skip"]);
});

it("completes losses, then their parameters", async () => {
  expect(await values("lossc show hub")).toEqual(["huber"]);
  expect(await values("lossc eval preds.csv --loss huber:")).toEqual(["huber:delta="]);
  expect(await values("lossc eval preds.csv -l focal:gamma=2,a")).toEqual(["focal:gamma=2,alpha="]);
});

it("completes the columns of the file on the line, inputs of its losses, views and problems", async () => {
  const path = folder.path("preds.csv");
  expect(await values(`lossc eval ${path} --by t`)).toEqual(["the group"]);
  expect(await values(`lossc eval ${path} --loss mse --target y_true --prediction `)).toEqual([
    "y_true",
    "score",
    "the group",
  ]);
  expect(await values(`lossc eval ${path} --loss gaussianNll --input v`)).toEqual(["variance="]);
  expect(await values(`lossc eval ${path} --loss gaussianNll --input variance=s`)).toEqual([
    "variance=score",
  ]);
  expect(await values("lossc plot huber --over r")).toEqual(["residual"]);
  expect(await values("lossc choose --problem out")).toEqual(["outliers"]);
});

it("leaves files to the shell, and says nothing of what it does not know", async () => {
  expect(await complete("lossc eval ")).toEqual({ candidates: [], files: true });
  expect(await complete("lossc eval x.csv --loss ./my")).toEqual({ candidates: [], files: true });
  expect(await values("lossc nothing ")).toEqual([]);
});

it("splits a line as a shell does", () => {
  expect(splitLine(`lossc eval 'my file.csv' --by a\\ b "c`)).toEqual([
    "lossc",
    "eval",
    "my file.csv",
    "--by",
    "a b",
    "c",
  ]);
});

it("gives bash what follows the last colon, which cuts its words", async () => {
  const line = "lossc show huber:d";
  expect(completionText(await complete(line), "bash", line)).toMatch(/^:nospace\ndelta=\t/);
});

it("the script of bash completes a line", () => {
  const command = folder.path("lossc");
  folder.write(
    "lossc",
    `#!/bin/sh\nexec "${process.execPath}" "${new URL("../bin/lossc.js", import.meta.url).pathname}" "$@"\n`,
  );
  const run = spawnSync(
    "bash",
    [
      "-c",
      `chmod +x ${command}; PATH="${folder.path("")}:$PATH"\n${scripts.bash}\nCOMP_LINE="lossc show tuk"; COMP_POINT=14; _lossc; printf '%s\\n' "\${COMPREPLY[@]}"`,
    ],
    { encoding: "utf8" },
  );
  expect(run.stdout).toBe("tukeyBiweight\n");
});
