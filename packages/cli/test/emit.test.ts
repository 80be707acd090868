// lossc emit: what it prints runs in DuckDB and gives what eval gives; LaTeX; and what it cannot print.

import { readFileSync } from "node:fs";
import { catalogue } from "lossc";
import { expect, it } from "vitest";
import { newFolder, totals } from "./helpers.ts";

const folder = newFolder();
const rows = Array.from({ length: 60 }, (_, i) => [i, Math.cos(i) * 4, i % 3, `g${i % 2}`, 1 + (i % 4)]);
folder.write("fit.csv", `y,y_fit,label,region,w\n${rows.map((row) => row.join(",")).join("\n")}\n`);
folder.write(
  "classes.csv",
  `label,logit_0,logit_1,logit_2\n${rows.map(([i, x, label]) => `${label},${x},${Math.sin(Number(i))},1`).join("\n")}\n`,
);

async function emitted(words: readonly string[]): Promise<Record<string, unknown>[]> {
  const { code, stdout, stderr } = await folder.here(["emit", ...words]);
  expect([code, stderr]).toEqual([0, ""]);
  return folder.query(stdout);
}

it("emit --to sql:duckdb prints a statement that gives the mean that eval gives", async () => {
  const table = `'${folder.path("fit.csv")}'`;
  const [row] = await emitted(
    `huber:delta=2 --to sql:duckdb --from ${table} --input prediction=y_fit --input target=y -w w`.split(" "),
  );
  const [total] = totals(
    await folder.here("eval fit.csv --loss huber:delta=2 --prediction y_fit --target y -w w --format json"),
  );
  expect(Number(row.loss_sum) / Number(row.weight_sum)).toBeCloseTo(total.value!, 12);
  expect(Number(row.n)).toBe(60);
});

it("emit of a loss of classes by group: the partial sums of the groups merge", async () => {
  const inputs = ["--input", "logits=logit_0,logit_1,logit_2", "--from", `'${folder.path("classes.csv")}'`];
  const groups = await emitted(["crossEntropy", ...inputs, "--input", "target=label", "--by", "label"]);
  expect(groups.map(({ group }) => Number(group)).sort()).toEqual([0, 1, 2]);
  const sum = (name: string) => groups.reduce((all, row) => all + Number(row[name]), 0);
  const [total] = totals(await folder.here("eval classes.csv --loss crossEntropy --format json"));
  expect(sum("loss_sum") / sum("weight_sum")).toBeCloseTo(total.value!, 12);
});

it("emit --to latex prints the formula, then the gradient by each input", async () => {
  const { code, stdout } = await folder.here("emit huber --to latex");
  const { value, gradient } = catalogue.get("huber")!.formula;
  expect(code).toBe(0);
  expect(stdout.startsWith(`${value}\n`)).toBe(true);
  for (const [input, text] of Object.entries(gradient))
    expect(stdout).toContain(`% gradient by ${input}\n${text}`);
});

it("emit -o writes a file", async () => {
  expect((await folder.here("emit huber -o huber.sql")).code).toBe(0);
  expect(readFileSync(folder.path("huber.sql"), "utf8")).toMatch(/^-- huber: partial sums.*;\n$/s);
});

it.each([
  ["emit huber --to cuda", "argument 'cuda' is invalid. Allowed choices are sql:duckdb, latex."],
  ["emit", "no loss is named"],
  ["emit hubr", 'Did you mean "huber"?'],
  ["emit huber --input predction=a", 'huber has no input "predction".\n  Did you mean "prediction"?'],
  ["emit huber --input a", "--input a is not of the form name=column."],
  ["emit crossEntropy", 'how many columns "logits" has is not known.\n  Name them: --input logits=logits_0'],
  ["emit infoNce --input first=a,b --input second=c,d", "infoNce"],
])("%s is an error that says %s", async (words, text) => {
  const { code, stderr, stdout } = await folder.here(words);
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toContain(text);
  expect(stderr).not.toMatch(/inside lossc/);
});
