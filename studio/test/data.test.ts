// Files in the page: read in the browser, judged as the library judges them, and refused with a reason.

import { readFileSync } from "node:fs";
import type { Server } from "node:http";
import { fileURLToPath } from "node:url";
import { catalogue } from "lossc";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { launch } from "./browser.ts";
import { serve } from "./serve.ts";
import { type Visit, visit } from "./visit.ts";

const example = (name: string) => fileURLToPath(new URL(`../../examples/${name}`, import.meta.url));

let browser: Browser;
let server: Server;
let at: Visit;
beforeAll(async () => {
  let address: string;
  [browser, { server, address }] = await Promise.all([launch(), serve(inject("studio"))]);
  at = await visit(browser, address);
});
afterAll(async () => {
  await browser?.close();
  server?.close();
});

/** One column of numbers per name as NumPy's format writes it. */
function npy(rows: readonly (readonly number[])[]): Buffer {
  const text = `{'descr': '<f8', 'fortran_order': False, 'shape': (${rows.length}, ${rows[0].length}), }`;
  const header = `${text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11)}\n`;
  const lead = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 0, 0]);
  lead.writeUInt16LE(header.length, 8);
  return Buffer.concat([lead, Buffer.from(header), Buffer.from(Float64Array.from(rows.flat()).buffer)]);
}
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
  [
    "NumPy",
    "rows.npy",
    npy([
      [1, 3],
      [0, 1],
    ]),
    "column_0",
    "column_1",
  ],
] as const)("%s are read", async (_, name, buffer, target, prediction) => {
  await at.go(`#/data/1?target=${target}&prediction=${prediction}&losses=mse`);
  await give(name, buffer);
  await at.page.getByText(`${name}: 2 rows`).waitFor();
  expect(await at.reading("mean-mse")).toBe(2.5);
});

it("Parquet is read", async () => {
  await at.go("#/data/1?target=label&prediction=logit_0&losses=mse");
  await at.page.locator('input[type="file"]').setInputFiles(example("mnist-softmax.parquet"));
  await at.page.getByText("mnist-softmax.parquet: 10000 rows").waitFor();
  expect(await at.reading("mean-mse")).toBeGreaterThan(0);
});

it("what is no table is refused with what would do, and the sample stays", async () => {
  await at.go("#/data/1");
  await give("picture.gif", Buffer.from("GIF89a"));
  await expect.poll(() => at.page.locator(".notice").textContent()).toContain("picture.gif: not one of csv");
  await give("empty.csv", Buffer.from(""));
  await expect.poll(() => at.page.locator(".notice").textContent()).toContain("no rows");
  expect(await at.reading("mean-bce")).toBeGreaterThan(0);
});

it("nothing went wrong or left the page's folder", () => expect(at.wrong).toEqual([]));
