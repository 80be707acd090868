// Files as the page reads them, against the command on the same file: the same columns, losses, bad rows and sentences;
// and what is said of files that are none.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { DuckDBInstance } from "@duckdb/node-api";
import type { CellRule } from "lossc/columns";
import { cellCheck } from "lossc/columns";
import { afterAll, describe, expect, it } from "vitest";
import { npy } from "../../packages/cli/test/npy.ts";
import { zip } from "../../packages/cli/test/zip.ts";
import { readFile } from "../src/rooms/data/read.ts";
import { toldOf } from "../src/rooms/data/said.ts";
import { type Frame, trainer } from "../src/rooms/data/trainer.ts";
import { troubleOf } from "../src/rooms/data/trouble.ts";
import { picks } from "../src/state/fields.ts";
import en from "../src/strings/en.json" with { type: "json" };
import zh from "../src/strings/zh.json" with { type: "json" };

const folder = mkdtempSync(join(tmpdir(), "lossc-studio-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Values = Readonly<Record<string, string | number>>;
const saying =
  (texts: object) =>
  (path: string, values: Values): string =>
    (
      path.split(".").reduce((part: unknown, key) => (part as Record<string, unknown>)[key], texts) as string
    ).replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
const say = saying(en);

let drops = 0;
/** What the room shows of a file. */
async function shown(name: string, losses: string): Promise<Frame> {
  const file = new File([readFileSync(join(folder, name))], name);
  const settings = { file, drop: ++drops, seed: 1, target: "", prediction: "", own: "", focus: 0 };
  return (await trainer.start({ ...settings, losses: picks(losses).default })).frame();
}

const command = fileURLToPath(new URL("../../packages/cli/bin/lossc.js", import.meta.url));
function lossc(name: string, losses: readonly string[], ...flags: string[]) {
  const words = [command, "eval", name, ...losses.flatMap((loss) => ["--loss", loss]), ...flags];
  return spawnSync(process.execPath, words, { cwd: folder, encoding: "utf8" });
}

async function parquet(name: string, select: string): Promise<void> {
  const connection = await (await DuckDBInstance.create()).connect();
  await connection.run(`COPY (${select}) TO '${join(folder, name)}' (FORMAT parquet)`);
  connection.closeSync();
}

/** A file, the losses that the command is given, and how the page has their parameters. */
const cases: readonly [string, string | Buffer, readonly string[]][] = [
  ["numbers.csv", "y,pred\n1,0.5\n2,oops\n3,nan\n4,\n5,inf\n6,0x10\n7,7\n8,x\n", ["mse", "huber"]],
  ["flags.csv", "id,label,prob\na,True,0.8\nb,False,0.5\nc,true,0.9\n", ["bce"]],
  ["probabilities.csv", "label,prob\n1,0.8\n0,1.5\n1,-0.1\n2,0.3\n0,0.25\n", ["bce"]],
  [
    "labels.csv",
    "label,logit_0,logit_1,logit_2\n0,1,2,3\n3,1,1,2\n1,0,0,-inf\n1.5,0,0,0\ncat,0,0,0\n",
    ["crossEntropy", "multiclassHinge"],
  ],
  [
    "named.csv",
    "label,prob_cat,prob_dog\ncat,0.9,0.1\ncow,0.3,0.7\ndog,0.3,0.6\n1,0.25,0.75\n",
    ["categoricalCrossEntropy"],
  ],
  [
    "lists.jsonl",
    '{"label":0,"logits":[1,2,3]}\n{"label":1,"logits":[1,2]}\n{"label":1,"logits":[1,null,2]}\n{"label":1,"logits":"no"}\n{"label":2,"logits":[0,0,1]}\n',
    ["crossEntropy", "focal"],
  ],
  [
    "four.jsonl",
    '{"label":3,"probs":[0.1,0.2,0.3,0.4]}\n{"label":0,"probs":[0.1,0.2,0.3,0.3]}\n{"label":0,"probs":[0.7,0.1,0.1,0.1]}\n',
    ["categoricalCrossEntropy"],
  ],
  [
    "boxes.csv",
    "pred_x1,pred_y1,pred_x2,pred_y2,true_x1,true_y1,true_x2,true_y2\n0,0,2,2,1,1,3,3\n2,0,0,2,1,1,3,3\n0,0,2,,1,1,3,3\n",
    ["giou", "ciou"],
  ],
  [
    "sized.csv",
    "pred_x,pred_y,pred_w,pred_h,gt_x,gt_y,gt_w,gt_h\n0,0,2,2,1,1,2,2\n0,0,-1,2,1,1,2,2\n4,4,1,3,5,5,2,2\n",
    ["giou:format=xywh", "ciou:format=xywh"],
  ],
  [
    "centred.csv",
    "pred_cx,pred_cy,pred_w,pred_h,true_cx,true_cy,true_w,true_h\n1,1,2,2,2,2,2,2\n",
    ["diou:format=cxcywh"],
  ],
  [
    "boxes.jsonl",
    '{"pred_box":[0,0,2,2],"gt_box":[1,1,3,3]}\n{"pred_box":[0,0,2],"gt_box":[1,1,3,3]}\n{"pred_box":[0,0,1,1],"gt_box":[0,0,1,2]}\n',
    ["giou"],
  ],
  [
    "arrays.npz",
    zip({
      "label.npy": npy(Int32Array.of(1, 0, 2), [3], { descr: "<i4" }),
      "logits.npy": npy(Float64Array.of(0, 0, 0, 1, 1, 1, 2, Number.NaN, 1), [3, 3]),
    }),
    ["crossEntropy"],
  ],
  ["packed.csv.gz", gzipSync("label,score\n1,0.5\n-1,2\n1,\n"), ["hinge"]],
];
const tables: readonly [string, string, readonly string[]][] = [
  [
    "lists.parquet",
    "SELECT * FROM (VALUES (0, [1.5, 2, 3]), (1, [1, 2]), (2, [0.5, NULL, 2]), (1, NULL), (2, [0, 0, 1])) t(label, logits)",
    ["crossEntropy"],
  ],
  [
    "boxes.parquet",
    "SELECT * FROM (VALUES ([0.0, 0, 2, 2], [1.0, 1, 3, 3]), ([3.0, 3, 2, 4], [1.0, 1, 3, 3])) t(pred, target)",
    ["giou"],
  ],
];

describe("the page and the command", () => {
  it.each([
    ...cases.map(([name, , losses]) => [name, losses] as const),
    ...tables.map(([name, , losses]) => [name, losses] as const),
  ])("%s: the same losses, and the same rows left out for the same reasons", async (name, losses) => {
    const content = cases.find(([one]) => one === name)?.[1];
    if (content !== undefined) writeFileSync(join(folder, name), content);
    else await parquet(name, tables.find(([one]) => one === name)![1]);
    const { judged } = await shown(name, losses.map((loss) => loss.split(":")[0]).join());
    const { results } = JSON.parse(lossc(name, losses, "--on-bad", "skip", "--format", "json").stdout);
    expect(judged.map((one) => [one.name, one.bad])).toEqual(
      results.map(({ loss, bad }: { loss: string; bad: number }) => [loss, bad]),
    );
    for (const [i, { mean, error }] of judged.entries()) {
      expect(error).toBeUndefined();
      expect(mean).toBeCloseTo(results[i].value, 12);
    }
    const [{ bad, cells }] = judged;
    if (bad === 0) return;
    const { stderr } = lossc(name, losses.slice(0, 1));
    for (const cell of cells)
      expect(stderr.replaceAll(/ is (NULL|null)/g, " is empty")).toContain(toldOf(cell, say));
    expect(stderr.match(/row \d+: /g)).toHaveLength(cells.length);
  });

  it("a file of bad rows only has no loss, and the rows are told", async () => {
    writeFileSync(join(folder, "bad.csv"), "y,pred\n1,a\n2,b\n");
    const { judged, close } = await shown("bad.csv", "mse");
    expect(judged).toMatchObject([{ name: "mse", bad: 2, cells: [{ row: 1 }, { row: 2 }] }]);
    expect(judged[0].mean).toBeUndefined();
    expect(close).toBeUndefined();
  });

  it("rows are counted from 1 among those that are left, and their words are theirs", async () => {
    writeFileSync(
      join(folder, "worst.csv"),
      "label,prob_cat,prob_dog\nnone,0.5,0.5\ncat,0.9,0.1\ndog,0.8,0.2\n",
    );
    const { close } = await shown("worst.csv", "categoricalCrossEntropy");
    expect(close?.worst).toMatchObject([
      { row: 3, truth: "dog", given: "cat" },
      { row: 2, truth: "cat", given: "cat" },
    ]);
  });

  it("of labels that count from 1 the diagnosis says so, though most rows can be used", async () => {
    writeFileSync(join(folder, "from1.csv"), "label,logit_0,logit_1,logit_2\n1,2,0,0\n2,0,2,0\n3,0,0,2\n");
    const { judged, close } = await shown("from1.csv", "crossEntropy");
    expect(judged[0].bad).toBe(1);
    expect(close?.findings.map(({ message }) => message).join()).toContain("counts classes from 1");
  });
});

describe("files that are none", () => {
  const broken: readonly [string, string | Buffer, string][] = [
    ["picture.gif", "GIF89a", "picture.gif: not one of csv, tsv, jsonl, ndjson, json, parquet, npy, npz."],
    ["empty.csv", "", "empty.csv: it has no rows."],
    ["header.csv", "y,pred\n", "header.csv: it has no rows."],
    ["twice.csv", "y,pred,pred\n1,2,3\n", "twice.csv: its header has “pred” more than once."],
    ["few.csv", "y,pred\n1,2\n3\n", "few.csv: row 2 has 1 cells, but the header has 2."],
    ["many.csv", "y,pred\n1,2\n3,4,5\n", "many.csv: row 2 has 3 cells, but the header has 2."],
    ["quotes.csv", 'y,pred\n1,"2\n3,4\n', "quotes.csv: row 1 has a quotation mark that is not closed"],
    ["half.jsonl", '{"y":1,"pred":1}\n\n{"y":1,\n', "half.jsonl: line 3 is no JSON:"],
    ["bare.ndjson", "[1,2]\n", "bare.ndjson: its rows are no objects with named columns."],
    ["one.json", '{"y":1}', "one.json: its rows are no objects with named columns."],
    ["not.json", "<html>", "not.json: line 1 is no JSON:"],
    ["page.parquet", "<html>an error</html>", "page.parquet: it does not begin as a Parquet file does."],
    ["cut.parquet", "PAR1 and then nothing of the kind", "cut.parquet: it cannot be read:"],
    ["page.npy", "<html>an error</html>", "page.npy: it does not begin as a NumPy file does."],
    [
      "texts.npy",
      npy(new Uint8Array(8), [2], { descr: "<U1" }),
      "texts.npy: an array of type <U1 and shape (2) is not read here",
    ],
    [
      "cube.npy",
      npy(new Float64Array(8), [2, 2, 2]),
      "cube.npy: an array of type <f8 and shape (2, 2, 2) is not read",
    ],
    ["cut.npy", npy(new Float64Array(3), [2, 2]), "cut.npy: its header says 2 × 2 numbers, but it has 3."],
    [
      "page.npz",
      "<html>an error that is long enough</html>",
      "page.npz: it does not begin as a zip file does.",
    ],
    ["none.npz", zip({}), "none.npz: it has no rows."],
    [
      "two.npz",
      zip({ "label.npy": npy(Float64Array.of(1, 2), [2]), "score.npy": npy(Float64Array.of(1), [1]) }),
      "two.npz: label has 2 rows but score has 1; save arrays of one length.",
    ],
    ["plain.csv.gz", "y,pred\n1,2\n", "plain.csv.gz: it ends in .gz but is not compressed by gzip."],
    ["inner.txt.gz", gzipSync("y,pred\n1,2\n"), "inner.txt.gz: not one of"],
  ];
  it.each(broken)("%s", async (name, content, expected) => {
    const file = new File([content as string], name);
    const error = await readFile(file).then(
      () => undefined,
      (reason) => reason,
    );
    expect(error).toBeInstanceOf(Error);
    const { code, values } = troubleOf(error, name);
    const text = say(`rooms.data.trouble.${code}`, values);
    expect(text).toContain(expected);
    expect(text).not.toContain("undefined");
    expect(saying(zh)(`rooms.data.trouble.${code}`, values)).toContain(name);
  });

  it("every sentence there is has its file here", async () => {
    const codes = new Set<string>();
    for (const [name, content] of broken)
      await readFile(new File([content as string], name)).catch((error) =>
        codes.add(troubleOf(error, name).code),
      );
    // A zip archive of another packing is written by no tool at hand.
    expect([...codes, "packed"].sort()).toEqual(Object.keys(en.rooms.data.trouble).sort());
  });
});

it("what is expected of a cell is said as the library says it", () => {
  const said: Readonly<Record<string, string>> = en.rooms.data.expected;
  const about = (kind: string, domain?: string, isRow = false) => ({
    kind,
    domain,
    isRow,
    numbers: "any" as const,
  });
  const checks = [
    ...[
      undefined,
      "probability",
      "positive",
      "nonNegative",
      "nonZero",
      "aboveMinusOne",
      "distribution",
      "logDistribution",
    ].map((domain) => cellCheck(about("float", domain))),
    ...["xyxy", "xywh"].map((format) => cellCheck(about("float", "box", true), { format })),
    ...["binary", "sign", "index"].map((kind) => cellCheck(about(kind))),
    cellCheck(about("sign"), { binary: true }),
    ...[true, false].map((isRow) => cellCheck({ ...about("float", undefined, isRow), numbers: "logits" })),
  ];
  for (const { rule, expected } of checks) expect(said[rule]).toBe(expected);
  // A weight is asked for by no room, a label's sentence names the classes.
  const rules = new Set<CellRule | "label">([...checks.map(({ rule }) => rule), "weight", "label"]);
  expect([...rules].sort()).toEqual(Object.keys(said).sort());
});
