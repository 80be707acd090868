// lossc plot, the terminal's pictures, and lossc choose.

import { readFileSync } from "node:fs";
import { PassThrough } from "node:stream";
import { problems } from "lossc";
import { expect, it } from "vitest";
import { drawLines } from "../src/chart/braille.ts";
import { ask } from "../src/choose/ask.ts";
import { newFolder, numbers } from "./helpers.ts";

const folder = newFolder();
const plain = { bold: String, dim: String, red: String, series: (_: number, text: string) => text };

it("drawLines of a straight line is a diagonal, in an exact frame", () => {
  const options = {
    from: 0,
    to: 3,
    label: "x",
    width: 10,
    height: 6,
    paint: plain,
    colours: false,
    unicode: false,
  };
  expect(drawLines([{ label: "line", y: [0, 3] }], options)).toBe(
    ["  3 |    *", "1.5 |   *", "    | **", "  0 |*", "    +-----", "    0 x  3"].join("\n"),
  );
});

it("drawLines uses Braille where the terminal has it: every line is as wide as it says", () => {
  const options = {
    from: -1,
    to: 1,
    label: "x",
    width: 40,
    height: 10,
    paint: plain,
    colours: true,
    unicode: true,
  };
  const text = drawLines([{ label: "a", y: Array.from({ length: 50 }, (_, i) => Math.sin(i / 8)) }], options);
  expect(text).toMatch(/[\u2801-\u28ff]/);
  for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(40);
});

it("drawLines leaves a gap where a curve is no number, and cuts off what explodes", () => {
  const options = {
    from: 0,
    to: 1,
    label: "x",
    width: 30,
    height: 8,
    paint: plain,
    colours: false,
    unicode: false,
  };
  const y = [Number.NaN, Number.NaN, 1, 2, 3, 2, 1, 1e30, Number.POSITIVE_INFINITY];
  expect(drawLines([{ label: "a", y }], options)).not.toMatch(/NaN|Infinity/);
});

it("plot draws losses in the terminal, no wider than 80 columns", async () => {
  const { code, stdout } = await folder.here("plot huber mae tukeyBiweight:c=3");
  expect(code).toBe(0);
  for (const word of ["a huber", "c tukeyBiweight:c=3", "value", "gradient", "residual r"])
    expect(stdout).toContain(word);
  for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
});

it("plot writes an SVG that names its losses, whole or not at all", async () => {
  const { code } = await folder.here("plot huber mae --over residual --from -3 --to 3 -o robust.svg");
  expect(code).toBe(0);
  const svg = readFileSync(folder.path("robust.svg"), "utf8");
  expect(svg).toMatch(/^<svg/);
  expect(svg).toContain("huber, mae over residual");
});

it.each([
  ["plot", "no loss is named"],
  ["plot huber crossEntropy", "these losses are over different things"],
  ["plot huber --over margin", 'huber has no view "margin"'],
  ["plot hubre", 'Did you mean "huber"?'],
  ["plot mse --from x", "--from x is no number"],
  ["plot huber -o a.gif", "pictures of this kind are not drawn"],
])("%s is an error that says %s", async (words, text) => {
  const { code, stderr, stdout } = await folder.here(words);
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toContain(text);
});

it("choose --problem recommends losses with reasons", async () => {
  const { code, stdout } = await folder.here("choose --problem outliers --format json");
  expect(code).toBe(0);
  const { seen, problems } = JSON.parse(stdout);
  expect(seen).toBeNull();
  expect(problems[0].name).toBe("outliers");
  expect(problems[0].choices.length).toBeGreaterThan(1);
  for (const { because } of problems[0].choices) expect(because).not.toBe("");
});

it("choose with a file sees heavy tails, imbalance, wrong labels and rare classes", async () => {
  const random = numbers(3);
  const rows = Array.from({ length: 3000 }, (_, i) => ({
    y: i + 0.5,
    fit: i + 0.5 + (random() - 0.5) * (i % 100 === 0 ? 500 : 1),
    rare: +(random() < 0.03),
    p: 0,
    label: "",
  }));
  const write = (name: string, header: string, line: (row: (typeof rows)[number], i: number) => string) =>
    folder.write(name, `${header}\n${rows.map(line).join("\n")}\n`);
  write("tails.csv", "y,y_pred", ({ y, fit }) => `${y},${fit}`);
  write("rare.csv", "label", ({ rare }) => String(rare));
  // Sure of its class, and wrong in a tenth of the rows.
  write("noise.csv", "label,prob", (_, i) => `${(i % 2) ^ +(i % 10 === 0)},${i % 2 ? 0.99 : 0.01}`);
  write("classes.csv", "label", (_, i) => (i % 50 === 0 ? "rare" : "common"));
  const seen = async (name: string) => JSON.parse((await folder.here(`choose ${name} --format json`)).stdout);
  expect((await seen("tails.csv")).seen.problems).toEqual(["outliers"]);
  expect((await seen("rare.csv")).seen.problems).toEqual(["imbalance"]);
  expect((await seen("noise.csv")).seen.problems[0]).toBe("labelNoise");
  const classes = await seen("classes.csv");
  expect(classes.seen).toMatchObject({ kind: "2 classes", problems: ["imbalance"] });
  expect(classes.problems[0].choices.map(({ loss }: { loss: string }) => loss)).not.toContain("bce");
});

it("choose without a problem, a file or a person to ask names the flag and the problems", async () => {
  const { code, stderr } = await folder.here("choose");
  expect(code).toBe(2);
  expect(stderr).toContain("Name one with --problem:");
  for (const { name } of problems) expect(stderr).toContain(name);
});

/** A person at a terminal who gives these answers, and then leaves. */
async function asked(...answers: readonly string[]) {
  const input = Object.assign(new PassThrough(), { isTTY: true });
  const output = Object.assign(new PassThrough(), { isTTY: true, columns: 80 });
  let shown = "";
  const left = [...answers];
  output.on("data", (bytes: Buffer) => {
    shown += bytes.toString();
    if (!bytes.toString().includes("Number or name: ")) return;
    const answer = left.shift();
    if (answer === undefined) input.end();
    else input.write(`${answer}\n`);
  });
  const problem = await ask(input, output).catch((error: Error) => error);
  return { problem, shown };
}

it.each([
  [["2"], problems[1]],
  [["outliers"], problems.find(({ name }) => name === "outliers")],
  [["0", "", "99", "outlier", "OUTLIERS"], problems.find(({ name }) => name === "outliers")],
])("choose asks at a terminal until the answer is a number or a name: %j", async (answers, expected) => {
  const { problem, shown } = await asked(...answers);
  expect(problem).toBe(expected);
  expect(shown).toContain("What is the problem?");
  for (const { name, title } of problems) expect(shown).toContain(`${name.padEnd(14)} ${title}`);
  expect(shown.includes('Did you mean "outliers"?')).toBe(answers.includes("outlier"));
  expect(shown.split("Number or name: ").length - 1).toBeGreaterThanOrEqual(answers.length);
});

it("choose says which flag to give when the person leaves without an answer", async () => {
  const { problem } = await asked("perhaps");
  expect(problem).toMatchObject({
    message: "no problem was named.",
    remedy: expect.stringContaining("--problem"),
  });
});
