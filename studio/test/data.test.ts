// Files in the page: read in the browser, judged as the library judges them, and refused with a reason.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parquetReadObjects } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { catalogue } from "lossc";
import { beforeAll, expect, it, onTestFinished } from "vitest";
import { npy } from "../../packages/cli/test/npy.ts";
import { zip } from "../../packages/cli/test/zip.ts";
import { useSite } from "./site.ts";
import { type Visit, workOf } from "./visit.ts";

const example = (name: string) => fileURLToPath(new URL(`../../examples/${name}`, import.meta.url));

const site = useSite();
let at: Visit;
beforeAll(async () => {
  at = await site.visit();
});

const give = (name: string, buffer: Buffer) =>
  at.page.locator('input[type="file"]').setInputFiles({ name, mimeType: "application/octet-stream", buffer });

it("a CSV file's rows have the library's losses, by the columns named in the address", async () => {
  await at.go("#/data/1?target=y&prediction=tukey&losses=mse,huber");
  await at.page.locator('input[type="file"]').setInputFiles(example("outliers.csv"));
  const [head, ...lines] = readFileSync(example("outliers.csv"), "utf8").trim().split("\n");
  const column = (name: string) =>
    lines.map((line) => Number(line.split(",")[head.split(",").indexOf(name)]));
  const inputs = { target: column("y"), prediction: column("tukey") };
  await at.page.getByText(`outliers.csv: ${lines.length} rows`).waitFor();
  for (const name of ["mse", "huber"]) {
    expect(await at.reading(`mean-${name}`)).toBeCloseTo(catalogue.get(name)!(inputs) as number, 10);
  }
});

it.each([
  [
    "JSON lines",
    "rows.jsonl",
    Buffer.from('{"target":1,"prediction":3}\n{"target":0,"prediction":1}\n'),
    "target",
    "prediction",
  ],
  ["NumPy", "rows.npy", npy(Float64Array.of(1, 3, 0, 1), [2, 2]), "column_0", "column_1"],
] as const)("%s are read", async (_, name, buffer, target, prediction) => {
  await at.go(`#/data/1?target=${target}&prediction=${prediction}&losses=mse`);
  await give(name, buffer);
  await at.page.getByText(`${name}: 2 rows`).waitFor();
  expect(await at.reading("mean-mse")).toBe(2.5);
});

it.each([
  ["mnist-softmax.parquet", { crossEntropy: 0.267931, multiclassHinge: 0.460992 }],
  ["mnist-hinge.parquet", { crossEntropy: 0.458572, multiclassHinge: 0.370414 }],
])(
  "%s: scores of ten classes are found by their names, with the command line's figures",
  async (name, figures) => {
    await at.go("#/data/1");
    await at.page.locator('input[type="file"]').setInputFiles(example(name));
    await at.page.getByText(`${name}: 10000 rows`).waitFor();
    await at.page.getByText("one for each of 10 classes").waitFor();
    const bytes = readFileSync(example(name));
    const rows = await parquetReadObjects({ file: Uint8Array.from(bytes).buffer, compressors });
    const inputs = {
      logits: rows.map((row) => Array.from({ length: 10 }, (_, i) => Number(row[`logit_${i}`]))),
      target: rows.map(({ label }) => Number(label)),
    };
    for (const [loss, figure] of Object.entries(figures)) {
      const mean = await at.reading(`mean-${loss}`);
      expect(mean).toBeCloseTo(catalogue.get(loss)!(inputs) as number, 12);
      expect(mean).toBeCloseTo(figure, 6);
    }
  },
);

it("boxes.csv: both boxes are found by their names, with the command line's figures", async () => {
  await at.go("#/data/1");
  await at.page.locator('input[type="file"]').setInputFiles(example("boxes.csv"));
  await at.page.getByText("boxes.csv: 2500 rows").waitFor();
  const [head, ...lines] = readFileSync(example("boxes.csv"), "utf8").trim().split("\n");
  const four = (prefix: string) => {
    const places = ["x1", "y1", "x2", "y2"].map((side) => head.split(",").indexOf(`${prefix}_${side}`));
    return lines.map((line) => places.map((place) => Number(line.split(",")[place])));
  };
  const inputs = { prediction: four("pred"), target: four("true") };
  for (const [loss, figure] of Object.entries({ giou: 0.5137, ciou: 0.471 })) {
    const mean = await at.reading(`mean-${loss}`);
    expect(mean).toBeCloseTo(catalogue.get(loss)!(inputs) as number, 12);
    expect(mean).toBeCloseTo(figure, 4);
  }
});

it.each([
  [
    "CSV with classes' names",
    "pets.csv",
    Buffer.from("label,prob_cat,prob_dog\ncat,0.9,0.1\ndog,0.3,0.7\n"),
    "categoricalCrossEntropy",
    -(Math.log(0.9) + Math.log(0.7)) / 2,
  ],
  ...[false, true].map((deflate) => [
    deflate ? "a packed NumPy archive" : "a NumPy archive",
    "rows.npz",
    zip(
      {
        "label.npy": npy(Int32Array.of(1, 0), [2], { descr: "<i4" }),
        "logits.npy": npy(Float64Array.of(0, 0, 0, 1, 1, 1), [2, 3]),
      },
      { deflate },
    ),
    "crossEntropy",
    Math.log(3),
  ]),
  [
    "boxes without a prefix beside true ones",
    "boxes.csv",
    Buffer.from("x1,y1,x2,y2,true_x1,true_y1,true_x2,true_y2\n0,0,2,2,1,1,3,3\n"),
    "giou",
    1.0793650793650793,
  ],
] as [string, string, Buffer, string, number][])(
  "%s is judged by the usual losses",
  async (_, name, buffer, loss, mean) => {
    await at.go("#/data/1");
    await give(name, buffer);
    await at.page.getByText(`${name}: `).waitFor();
    expect(await at.reading(`mean-${loss}`)).toBeCloseTo(mean, 12);
  },
);

/** Milliseconds of the page's main thread; reading such a file takes half a second, and judging it comes to that. */
const WORK_MS = 200;

it("a large file is read and judged beside the page, which stays free", async () => {
  const rows = 200_000;
  const lines = Array.from({ length: rows }, (_, i) => `${i % 2},${((i * 7919) % rows) / rows}`);
  await at.go("#/data/1");
  await at.reading("mean-bce");
  const file = join(mkdtempSync(join(tmpdir(), "lossc-studio-")), "large.csv");
  onTestFinished(() => rmSync(dirname(file), { recursive: true }));
  writeFileSync(file, `target,prediction\n${lines.join("\n")}\n`);
  const worked = await workOf(at.page);
  await at.page.locator('input[type="file"]').setInputFiles(file);
  await at.page.getByText(`large.csv: ${rows} rows`).waitFor();
  await at.reading("mean-mse");
  const work = await worked();
  const pace = await site.pace();
  console.log(`${rows} rows: ${Math.round(work)} ms of the page's work, pace ${pace.toFixed(2)}`);
  expect(work).toBeLessThan(WORK_MS * pace);
});

it("a chart is saved as its picture and its numbers", async () => {
  await at.go("#/data/1");
  await at.page.locator("figure summary").first().click();
  const saved = async (format: string) => {
    const [download] = await Promise.all([
      at.page.waitForEvent("download"),
      at.page
        .getByRole("button", { name: `Save this chart as ${format}` })
        .first()
        .click(),
    ]);
    expect(download.suggestedFilename()).toBe(`how-the-losses-of-bce-are-spread.${format.toLowerCase()}`);
    return readFileSync(await download.path());
  };
  const svg = (await saved("SVG")).toString();
  expect(svg).toMatch(/^<svg /);
  expect(svg.match(/class="bar/g)).toHaveLength(30);
  expect(svg).toMatch(/<rect[^>]* class="bar[^>]* fill="rgb\(/);
  expect((await saved("PNG")).subarray(1, 4).toString()).toBe("PNG");
  const [head, ...lines] = (await saved("CSV")).toString().trim().split("\r\n");
  expect(head).toBe("loss of a row,rows");
  expect(lines.reduce((sum, line) => sum + Number(line.split(",")[1]), 0)).toBe(600);
});

it("rows that cannot be used are left out, counted and told, in the page's language", async () => {
  const file = Buffer.from("y,pred\n1,3\n2,oops\n3,\n0,1\n");
  await at.go("#/data/1");
  await give("bad.csv", file);
  await at.page.getByText("bad.csv: 4 rows").waitFor();
  expect(await at.reading("bad-mse")).toBe(2);
  expect(await at.reading("mean-mse")).toBe(2.5);
  await at.page.getByText('row 2: pred is "oops"; expected a finite number').waitFor();
  await at.page.getByText("row 3: pred is empty; expected a finite number").waitFor();
  await at.go("#/data/1?lang=zh");
  await give("bad.csv", file);
  await at.page.getByText('第 2 行：pred 是 "oops"；应为有限的数').waitFor();
});

it("what is no table is refused with what would do, and the sample stays", async () => {
  await at.go("#/data/1");
  await give("picture.gif", Buffer.from("GIF89a"));
  await expect.poll(() => at.page.locator(".notice").textContent()).toContain("picture.gif: not one of csv");
  await give("rows.npz", Buffer.from("no archive, though long enough to be one"));
  await expect
    .poll(() => at.page.locator(".notice").textContent())
    .toContain("rows.npz: it does not begin as a zip file does");
  await give("empty.csv", Buffer.from(""));
  await expect.poll(() => at.page.locator(".notice").textContent()).toContain("no rows");
  expect(await at.reading("mean-bce")).toBeGreaterThan(0);
});

it("nothing went wrong or left the page's folder", () => expect(at.wrong).toEqual([]));
