// `lossc check`, and loss files wherever a loss's name stands: the real command, for a file is loaded by Node itself.

import { expect, it } from "vitest";
import { newFolder } from "./helpers.ts";

const folder = newFolder();
const loss = (name: string, expr: string) => `defineLoss({ name: "${name}", family: "regression",
  inputs: { prediction: "...", target: "..." }, params: { alpha: { default: 1 as number, above: 0, doc: "How steep." } },
  expr: ({ prediction, target, alpha }) => ${expr} })`;
folder.write(
  "mine.ts",
  `import { defineLoss } from "lossc";\nconsole.log("loud");\nexport default ${loss("mine", "prediction.sub(target).square().mul(alpha)")};\n`,
);
// p²/p is 0/0 at 0, and log r is NaN below 0.
folder.write(
  "two.ts",
  `import { defineLoss } from "lossc";
export const quotient = ${loss("quotient", "prediction.square().div(prediction).add(target)")};
export const logarithm = ${loss("logarithm", "prediction.sub(target).log()")};\n`,
);
folder.write("throws.ts", `const a: number = 1;\nthrow new Error("boom " + a);\n`);
folder.write("syntax.ts", "export const x: number = ;\n");
folder.write("none.js", "export const x = 1;\n");
folder.write("exits.js", "process.exit(0);\n");
folder.write("missing.ts", 'import x from "not-there";\nexport default x;\n');
folder.write("preds.csv", "prediction,target\n1,2\n3,5\n");

it("check of a sound loss file says that nothing breaks, and exits with 0", () => {
  const { code, stdout, stderr } = folder.lossc("check ./mine.ts:alpha=2");
  expect(code).toBe(0);
  expect(stdout).toContain("Nothing breaks.");
  expect(stdout).not.toContain("loud");
  expect(stderr).toContain("loud");
});

it("check of a loss that is NaN names the first input on which it is, and exits with 1", () => {
  const { code, stdout } = folder.lossc("check ./two.ts#logarithm --format json");
  expect(code).toBe(1);
  const { breaks, findings } = JSON.parse(stdout);
  expect(breaks).toBe(true);
  expect(findings[0]).toMatchObject({ verdict: "breaks", evidence: "the loss is NaN" });
  expect(Object.keys(findings[0].point)).toEqual(["prediction", "target"]);
});

it("check finds what is NaN at an extreme input only", () => {
  const { code, stdout } = folder.lossc("check ./two.ts#quotient --format json");
  const broken = JSON.parse(stdout).findings.filter((one: { verdict: string }) => one.verdict === "breaks");
  expect([code, broken.map((one: { name: string }) => one.name)]).toEqual([
    1,
    ["extreme inputs give no NaN"],
  ]);
});

it("a loss file stands where a name does: eval", () => {
  const { code, stdout } = folder.lossc("eval preds.csv --loss ./mine.ts:alpha=3 --loss mse --format csv");
  expect(code).toBe(0);
  expect(stdout).toContain("./mine.ts:alpha=3,7.5,2,2,0,0");
  expect(stdout).toContain("mse,2.5,2,2,0,0");
});

it.each([
  ["throws.ts", "throws.ts line 2: it throws when it is imported: boom 1"],
  ["syntax.ts", "Expression expected"],
  ["none.js", "exports no loss"],
  ["exits.js", "ends the process"],
  ["missing.ts", 'imports "not-there", which is not there'],
  ["two.ts", "exports 2 losses: logarithm, quotient"],
  ["nothing.ts", "there is no file ./nothing.ts"],
])("a loss file that cannot be used is an error with a remedy: %s", (file, text) => {
  const { code, stdout, stderr } = folder.lossc(`eval preds.csv --loss ./${file}`);
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toContain(text);
  expect(stderr.trim().split("\n")).toHaveLength(2);
});

it("a loss file that loops when it is imported is stopped", () => {
  folder.write("loops.ts", "while (true) {}\n");
  const { code, stderr } = folder.lossc("check ./loops.ts", { LOSSC_IMPORT_SECONDS: "1" });
  expect(code).toBe(2);
  expect(stderr).toContain("was still running 1 second after");
});
