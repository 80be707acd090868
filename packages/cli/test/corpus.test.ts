// A corpus of bad inputs: each gives exit code 2, one clear message with a remedy, no stack trace and no output.

import { chmodSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newFolder } from "./helpers.ts";
import { npy } from "./npy.ts";
import { zip } from "./zip.ts";

const { here, path, sql, write } = newFolder();

interface Case {
  /** The flags after `lossc eval`; the file is called as the case's first word. */
  readonly words: string;
  readonly make?: () => string | Uint8Array;
  /** What the message must say, and what the remedy. */
  readonly said: string | RegExp;
  readonly remedy: string | RegExp;
}

const MSE = "--loss mse";
const good = "y,pred\n1,1.5\n2,2.5\n";
const floats = (...values: number[]) => Float64Array.from(values);
const parquet = () => readFileSync(path("good.parquet"));
const wide = (count: number, name: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => name(i)).join(",");

/** By the name of the file they make. */
const cases: Readonly<Record<string, Case>> = {
  // Nothing there.
  "empty.csv": { words: MSE, make: () => "", said: "is empty", remedy: "header" },
  "blank.csv": { words: MSE, make: () => "\n\n", said: "is empty", remedy: "header" },
  "empty.parquet": { words: MSE, make: () => "", said: "is empty", remedy: "program" },
  "empty.npy": { words: MSE, make: () => "", said: "is empty", remedy: "program" },
  "empty.jsonl": { words: MSE, make: () => "", said: "is empty", remedy: "program" },
  "empty.csv.gz": { words: MSE, make: () => gzipSync(""), said: "is empty", remedy: "header" },
  "header.csv": { words: MSE, make: () => "y,pred\n", said: "columns but no rows", remedy: "program" },
  "norows.parquet": { words: MSE, said: "columns but no rows", remedy: "program" },
  "norows.npz": {
    words: MSE,
    make: () => zip({ "y.npy": npy(floats(), [0]), "pred.npy": npy(floats(), [0]) }),
    said: "columns but no rows",
    remedy: "program",
  },
  "missing/none.csv": { words: MSE, said: "there is no file", remedy: "path" },
  "none-*.csv": { words: MSE, said: "no file matches", remedy: "pattern" },
  "dangling.csv": { words: MSE, said: "there is no file", remedy: "path" },
  folder: { words: MSE, said: "is a folder", remedy: "*.parquet" },
  "file.csv/inside.csv": { words: MSE, said: /there is no file|cannot be looked at/, remedy: /path/i },
  "secret.csv": { words: MSE, make: () => good, said: "may not be read", remedy: "chmod" },
  // Not what it says.
  "data.xlsx": { words: MSE, make: () => "PK", said: "files of this kind are not read", remedy: ".parquet" },
  "page.parquet": {
    words: MSE,
    make: () => "<html>404</html>",
    said: "cannot be read as parquet",
    remedy: "download",
  },
  "really.csv": { words: MSE, make: parquet, said: "begins as parquet", remedy: "--input-format parquet" },
  "packed.parquet.gz": {
    words: `${MSE} --input-format parquet`,
    make: () => gzipSync(parquet()),
    said: "compressed parquet file",
    remedy: "gunzip",
  },
  "plain.csv.gz": { words: MSE, make: () => good, said: "is not compressed", remedy: ".gz" },
  binary: {
    words: MSE,
    make: () => new Uint8Array([0, 1, 2, 3, 0]),
    said: "files of this kind",
    remedy: "--input-format",
  },
  // Cut off or broken.
  "cut.parquet": {
    words: MSE,
    make: () => parquet().subarray(0, 200),
    said: "cannot be read",
    remedy: /content/,
  },
  "noise.parquet": {
    words: MSE,
    make: () => {
      const bytes = Uint8Array.from(parquet());
      bytes.fill(255, bytes.length - 60, bytes.length - 8);
      return bytes;
    },
    said: "cannot be read",
    remedy: /content/,
  },
  "cut.csv.gz": {
    words: MSE,
    make: () => gzipSync(good.repeat(999)).subarray(0, 60),
    said: "not gzip all through",
    remedy: "gzip -t",
  },
  "tail.csv.gz": {
    words: MSE,
    // The rows that are left are whole: only the checksum tells.
    make: () => gzipSync(good, { level: 0 }).subarray(0, -9),
    said: "not gzip all through",
    remedy: "gzip -t",
  },
  "crc.csv.gz": {
    words: MSE,
    make: () => {
      const bytes = gzipSync(good);
      bytes[bytes.length - 6] ^= 255;
      return bytes;
    },
    said: "not gzip all through",
    remedy: "gzip -t",
  },
  "ragged.csv": {
    words: MSE,
    make: () => "y,pred\n1,1\n2,2,2\n",
    said: "line 3 has 3 cells",
    remedy: "Repair",
  },
  "short.csv": { words: MSE, make: () => "y,pred\n1,1\n2\n", said: "line 3 has 1 cells", remedy: "Repair" },
  "quote.csv": { words: MSE, make: () => 'y,pred\n1,"2\n3,4\n', said: "cannot be read", remedy: /quote/i },
  "latin.csv": {
    words: `${MSE} --by name`,
    make: () => Buffer.from("y,pred,name\n1,1,caf\xe9\n", "latin1"),
    said: "is not UTF-8",
    remedy: "UTF-8",
  },
  "utf16.csv": {
    words: MSE,
    make: () => Buffer.from(`\ufeff${good}`, "utf16le"),
    said: /no column|UTF-8/,
    remedy: /UTF-8|Name it/,
  },
  "cut.jsonl": {
    words: MSE,
    make: () => '{"y":1,"pred":2}\n{"y":1,"pr',
    said: "cannot be read",
    remedy: /content/,
  },
  "arrays.jsonl": {
    words: MSE,
    make: () => "[1,2]\n[3,4]\n",
    said: "no objects",
    remedy: "one object for each row",
  },
  "scalars.jsonl": {
    words: MSE,
    make: () => "1\n2\n",
    said: "no objects",
    remedy: "one object for each row",
  },
  // Columns.
  "noprediction.csv": {
    words: MSE,
    make: () => "y,x\n1,2\n",
    said: 'its input "prediction"',
    remedy: "--prediction COLUMN",
  },
  "both.csv": { words: MSE, make: () => "y,label,pred\n1,1,1\n", said: "could be", remedy: "--target y" },
  "twice.csv": { words: MSE, make: () => "y,y,pred\n1,2,3\n", said: "more than once", remedy: "Rename" },
  "wide.csv": {
    words: "--loss crossEntropy",
    make: () => `${wide(10_000, (i) => `c${i}`)}\n${wide(10_000, () => "1")}\n`,
    said: 'its input "logits"',
    remedy: "(10000 in all)",
  },
  "noclass.csv": {
    words: "--loss crossEntropy",
    make: () => "label,logit_0\n0,1\n",
    said: /logits/,
    remedy: /--prediction/,
  },
  "probs.csv": {
    words: "--loss crossEntropy",
    make: () => "label,prob_0,prob_1\n0,0.1,0.9\n",
    said: 'its input "logits"',
    remedy: "loss of probabilities",
  },
  "misspelt.csv": {
    words: `${MSE} --prediction prod`,
    make: () => good,
    said: "no such column",
    remedy: 'Did you mean "pred"?',
  },
  'in"ject.csv': {
    words: `${MSE} --by "; DROP TABLE x; --`,
    make: () => good,
    said: "no such column",
    remedy: "Its columns are: y, pred",
  },
  "inject2.csv": {
    words: MSE,
    make: () => `y,"pred'); COPY (SELECT 1) TO 'owned.csv' --"\n1,2\n`,
    said: 'its input "prediction"',
    remedy: "--prediction",
  },
  "kinds.csv": {
    words: "--loss giou",
    make: () => "pred_x,pred_y,pred_w,pred_h,true_x,true_y,true_w,true_h\n0,0,1,1,0,0,1,1\n",
    said: "giou",
    remedy: "format=xywh",
  },
  // Values.
  "text.csv": {
    words: MSE,
    make: () => "y,pred\n1,oops\n",
    said: 'row 1: pred is "oops"',
    remedy: "--on-bad skip",
  },
  "late.csv": {
    words: MSE,
    make: () => `y,pred\n${"1,1\n".repeat(30_000)}1,late\n`,
    said: 'row 30001: pred is "late"',
    remedy: "--on-bad skip",
  },
  "nan.csv": { words: MSE, make: () => "y,pred\n1,NaN\n", said: "pred is NaN", remedy: "--on-bad skip" },
  "infinite.csv": {
    words: MSE,
    make: () => "y,pred\n1,inf\n",
    said: "pred is Infinity",
    remedy: "--on-bad skip",
  },
  "overflow.csv": {
    words: MSE,
    make: () => "y,pred\n1,1e999\n",
    said: /pred is (Infinity|"1e999")/,
    remedy: "--on-bad skip",
  },
  "comma.csv": {
    words: MSE,
    make: () => 'y,pred\n1,"1,5"\n',
    said: 'pred is "1,5"',
    remedy: "--on-bad skip",
  },
  "gap.csv": { words: MSE, make: () => "y,pred\n1,\n", said: "pred is empty", remedy: "--on-bad skip" },
  "null.jsonl": {
    words: MSE,
    make: () => '{"y":1,"pred":null}\n',
    said: "pred is null",
    remedy: "--on-bad skip",
  },
  "mixed.jsonl": {
    words: MSE,
    make: () => '{"y":1,"pred":2}\n{"y":1,"pred":"x"}\n',
    said: 'row 2: pred is "x"',
    remedy: "--on-bad skip",
  },
  "probability.csv": {
    words: "--loss bce",
    make: () => "y,prob\n1,1.2\n",
    said: "probability from 0 to 1",
    remedy: "bceWithLogits",
  },
  "fromone.csv": {
    words: "--loss crossEntropy",
    make: () => "label,logit_0,logit_1\n1,1,2\n2,1,2\n",
    said: "label is 2",
    remedy: "subtract 1",
  },
  "half.csv": {
    words: "--loss crossEntropy",
    make: () => "label,logit_0,logit_1\n0.5,1,2\n",
    said: "label is 0.5",
    remedy: "--on-bad skip",
  },
  "unknown.csv": {
    words: "--loss crossEntropy",
    make: () => "label,logit_cat,logit_dog\nbird,1,2\n",
    said: "one of the 2 classes",
    remedy: "--on-bad skip",
  },
  "signs.csv": {
    words: "--loss hinge",
    make: () => "y,score\n0,1\n1,1\n",
    said: "-1 or +1",
    remedy: "encoding=binary",
  },
  "sums.csv": {
    words: "--loss categoricalCrossEntropy",
    make: () => "label,prob_0,prob_1\n0,0.5,0.6\n",
    said: "sums to 1.1",
    remedy: "--on-bad skip",
  },
  "corners.csv": {
    words: "--loss giou",
    make: () => "pred_x1,pred_y1,pred_x2,pred_y2,true_x1,true_y1,true_x2,true_y2\n5,0,1,1,0,0,1,1\n",
    said: "x2 >= x1",
    remedy: "format=xywh",
  },
  "weights.csv": {
    words: `${MSE} --weight w`,
    make: () => "y,pred,w\n1,1,-2\n",
    said: "w is -2",
    remedy: "--on-bad skip",
  },
  "allbad.csv": {
    words: `${MSE} --on-bad skip`,
    make: () => "y,pred\n1,x\n2,z\n",
    said: "every row",
    remedy: "Check the columns",
  },
  "lists.jsonl": {
    words: "--loss crossEntropy",
    make: () => '{"label":0,"logits":[1,2]}\n{"label":0,"logits":[1]}\n',
    said: "has 1 numbers and not 2",
    remedy: "--on-bad skip",
  },
  "uneven.jsonl": {
    words: "--loss listNet",
    make: () => '{"scores":[1,2],"relevance":[1]}\n',
    said: "has 2 numbers, but relevance has 1",
    remedy: "--on-bad skip",
  },
  "oneclass.csv": {
    words: "--loss bceWithLogits --class-weight 1,2,3",
    make: () => "y,logit\n1,1\n1,2\n",
    said: "classWeight",
    remedy: /./,
  },
  // Arrays.
  "cut.npy": {
    words: "--loss mse --target y",
    make: () => npy(floats(1, 2, 3), [3]).subarray(0, -4),
    said: "bytes, but it has",
    remedy: "np.save",
  },
  "bad.npy": {
    words: MSE,
    make: () =>
      Buffer.concat([Buffer.from("\x93NUMPY\x01\x00\x10\x00", "latin1"), Buffer.from("{'shape': (3, )} ")]),
    said: "header",
    remedy: "np.save",
  },
  "version.npy": {
    words: MSE,
    make: () => Buffer.from("\x93NUMPY\x09\x00\x10\x00 {}          ", "latin1"),
    said: "format version is 9",
    remedy: "np.save",
  },
  "object.npy": {
    words: MSE,
    make: () => npy(floats(1), [1], { descr: "|O" }),
    said: "arrays of type |O",
    remedy: "pickle",
  },
  "complex.npy": {
    words: MSE,
    make: () => npy(floats(1, 0), [1], { descr: "<c16" }),
    said: "arrays of type <c16",
    remedy: "astype",
  },
  "scalar.npy": { words: MSE, make: () => npy(floats(1), []), said: "single number", remedy: "axis" },
  "noarray.npz": {
    words: MSE,
    make: () => zip({ "readme.txt": Buffer.from("hello") }),
    said: "holds no arrays",
    remedy: "np.savez",
  },
  "lacks.npz": {
    words: MSE,
    make: () => zip({ "y.npy": npy(floats(1), [1]) }),
    said: 'its input "prediction"',
    remedy: "--prediction",
  },
  "lengths.npz": {
    words: MSE,
    make: () => zip({ "y.npy": npy(floats(1, 2), [2]), "pred.npy": npy(floats(1), [1]) }),
    said: "has 2 rows, but",
    remedy: "equally long",
  },
  "cut.npz": {
    words: MSE,
    make: () => zip({ "y.npy": npy(floats(1, 2), [2]) }).subarray(0, -30),
    said: "no complete .npz",
    remedy: "np.savez",
  },
  "good.npz": {
    words: `${MSE} --target good.npz:nope --prediction pred`,
    make: () => zip({ "y.npy": npy(floats(1), [1]), "pred.npy": npy(floats(1), [1]) }),
    said: "holds no array nope",
    remedy: "Its arrays are y, pred",
  },
  // A loss of one's own.
  "throws.mjs": {
    words: "--loss mse",
    make: () => 'throw new Error("boom");\n',
    said: "files of this kind",
    remedy: ".csv",
  },
  "ownthrows.csv": {
    words: "--loss ./throws.mjs",
    make: () => good,
    said: "throws when it is imported: boom",
    remedy: "lossc check",
  },
  "ownnone.csv": { words: "--loss ./none.mjs", make: () => good, said: "no file ./none.mjs", remedy: "path" },
  // Flags that do not go with the file.
  "where.csv": {
    words: `${MSE} --where pread>1`,
    make: () => good,
    said: 'no column "pread"',
    remedy: 'Did you mean "pred"?',
  },
  "wheretext.csv": {
    words: `${MSE} --where pred>`,
    make: () => good,
    said: "no condition",
    remedy: "as in SQL",
  },
  "wherenone.csv": {
    words: `${MSE} --where pred>99`,
    make: () => good,
    said: "holds for no row",
    remedy: "condition",
  },
  "rank.csv": {
    words: "--loss lambdaRank",
    make: () => "qid,score,relevance\n1,2,3\n",
    said: "scores",
    remedy: "--query qid",
  },
  "head.csv": {
    words: "--loss arcFace",
    make: () => "label,f_0,f_1\n0,1,2\n",
    said: "the same for all rows",
    remedy: "--input weights=weights.npy",
  },
  "penalty.csv": {
    words: "--loss l2Penalty",
    make: () => "weights\n1\n",
    said: "says nothing of a row",
    remedy: "TypeScript",
  },
  "batch.csv": {
    words: "--loss supCon",
    make: () => `label,e_0,e_1\n${Array.from({ length: 5000 }, (_, i) => `${i % 3},${i},1`).join("\n")}\n`,
    said: "compares every row with every other",
    remedy: "--batch 256",
  },
  "perrow.csv": {
    words: `${MSE} --per-row out.xlsx`,
    make: () => good,
    said: "files of this kind are not written",
    remedy: ".parquet",
  },
  "onto.csv": {
    words: `${MSE} --per-row onto.csv`,
    make: () => good,
    said: "is a file that is read",
    remedy: "another file",
  },
  "report.csv": {
    words: `${MSE} --report out.pdf`,
    make: () => good,
    said: "a report is a page",
    remedy: ".html",
  },
  "plot.csv": {
    words: `${MSE} --plot out.gif`,
    make: () => good,
    said: "pictures of this kind",
    remedy: ".svg",
  },
  "top.csv": { words: `${MSE} --top many`, make: () => good, said: "no number of rows", remedy: "--top 20" },
  "failif.csv": { words: `${MSE} --fail-if mse>`, make: () => good, said: "is missing", remedy: "--fail-if" },
};

const root = process.getuid?.() === 0;
/** What this machine or this user cannot show, and why. */
const declared: Readonly<Record<string, string>> = root ? { "secret.csv": "root may read everything" } : {};

/** Words at spaces; a quotation or a condition with spaces stays one word. */
const wordsOf = (text: string): string[] => {
  const [before, injected] = text.split(/ (?="; )/);
  return [...before.split(" "), ...(injected === undefined ? [] : [injected])];
};

let before: readonly string[] = [];

beforeAll(async () => {
  await sql("COPY (SELECT i::DOUBLE AS y, i + 0.5 AS pred FROM range(500) t(i)) TO '@/good.parquet'");
  await sql("COPY (SELECT 1::DOUBLE AS y, 1.5 AS pred WHERE false) TO '@/norows.parquet'");
  mkdirSync(path("folder"));
  write("file.csv", good);
  symlinkSync(path("nowhere"), path("dangling.csv"));
  for (const [name, { make }] of Object.entries(cases)) if (make) write(name, make());
  chmodSync(path("secret.csv"), 0o000);
  before = readdirSync(path(".")).sort();
});
afterAll(() => chmodSync(path("secret.csv"), 0o600));

describe("lossc eval of a bad input exits with 2, says what is wrong and what to do, and writes nothing", () => {
  test("the corpus has at least sixty", () => expect(Object.keys(cases).length).toBeGreaterThanOrEqual(60));
  for (const [name, { words, said, remedy }] of Object.entries(cases)) {
    const reason = declared[name];
    test.skipIf(reason !== undefined)(
      `lossc eval ${name} ${words}${reason ? ` (skipped: ${reason})` : ""}`,
      async () => {
        const { code, stdout, stderr } = await here(["eval", name, ...wordsOf(words)]);
        expect(stderr).toMatch(said);
        expect(stderr).toMatch(remedy);
        expect(stderr.match(/^lossc: /gm)).toHaveLength(1);
        expect(stderr).not.toMatch(/^\s+at |inside lossc|undefined|\[object/m);
        expect(stdout).toBe("");
        expect(code).toBe(2);
      },
    );
  }
  test("no file was made by any of them", () => expect(readdirSync(path(".")).sort()).toEqual(before));
});

test.skipIf(!root)(
  "lossc eval secret.csv says that it may not be read, to a user who is not root",
  async () => {
    chmodSync(path("."), 0o755);
    process.seteuid!(65_534);
    try {
      const { code, stdout, stderr } = await here("eval secret.csv --loss mse");
      expect(stderr).toMatch(/secret\.csv may not be read \(EACCES\)\.\n.*chmod/);
      expect([code, stdout]).toEqual([2, ""]);
    } finally {
      process.seteuid!(0);
    }
  },
);
