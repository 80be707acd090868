// lossc eval, where rows come from: several files, patterns, pipes, arrays of NumPy, and conditions on rows.

import { mkdirSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { crossEntropy, json, mean, newFolder, totals } from "./helpers.ts";
import { npy } from "./npy.ts";
import { zip } from "./zip.ts";

const { here, lossc, path, sql, write } = newFolder();
const logits = [
  [1, 2, 0.5],
  [0.25, -1, 3],
  [2, 2, -2],
  [0, 1, 0],
];
const labels = [0, 2, 1, 1];
const expected = mean(labels.map((label, i) => crossEntropy(logits[i], label)));
const rows = logits.map((row, i) => `${labels[i]},${row.join(",")},${i < 2 ? "train" : "test"}`);
const header = "label,logit_0,logit_1,logit_2,split";
const CE = "--loss crossEntropy --format json";

write("all.csv", [header, ...rows].join("\n"));
write("part-1.csv", [header, rows[0]].join("\n"));
write("part-2.csv", [header, rows[1]].join("\n"));
write("part-10.csv", [header, ...rows.slice(2)].join("\n"));

describe("lossc eval of several files", () => {
  test("lossc eval 'part-*.csv' reads them as one, part-10 after part-2", async () => {
    const result = json(await here(`eval part-*.csv ${CE}`));
    expect(result.files).toEqual(["part-1.csv", "part-2.csv", "part-10.csv"]);
    expect(result.rows).toBe(4);
    expect(result.results[0].value).toBeCloseTo(expected, 14);
  });
  test("lossc eval a.csv b.parquet reads files of two kinds as one, whatever the order of their columns", async () => {
    await sql(
      "COPY (SELECT split, logit_2, logit_1, logit_0, label FROM read_csv('@/part-2.csv')) TO '@/part.parquet'",
    );
    const [result] = totals(await here(`eval part-1.csv part.parquet part-10.csv ${CE}`));
    expect(result.value).toBeCloseTo(expected, 14);
  });
  test("lossc eval of files whose columns differ says which lacks what", async () => {
    write("other.csv", "label,logit_0\n1,2");
    const { code, stderr } = await here(`eval all.csv other.csv ${CE}`);
    expect(code).toBe(2);
    expect(stderr).toContain("other.csv lacks logit_1, logit_2, split");
  });
  test("lossc eval of several files says in which file a bad row is", async () => {
    write("part-bad.csv", `${header}\n0,1,2,3,x\n1,1,oops,3,x`);
    expect((await here(`eval part-1.csv part-bad.csv ${CE}`)).stderr).toContain(
      'part-bad.csv row 2: logit_1 is "oops"',
    );
  });
  test("lossc eval '**/*.csv' looks into folders; a name with a mark in it is itself", async () => {
    mkdirSync(path("deep/er"), { recursive: true });
    write("deep/er/x.csv", [header, rows[0]].join("\n"));
    write("deep/y[1].csv", [header, rows[1]].join("\n"));
    expect(json(await here(`eval deep/**/*.csv ${CE}`)).files).toEqual(["deep/er/x.csv", "deep/y[1].csv"]);
    expect(json(await here(`eval deep/y[1].csv ${CE}`)).rows).toBe(1);
  });
});

describe("lossc eval of standard input", () => {
  test("… | lossc eval - reads CSV and says so", () => {
    const ran = lossc(`eval - ${CE}`, {}, [header, ...rows].join("\n"));
    expect(totals(ran)[0].value).toBeCloseTo(expected, 14);
    expect(ran.stderr).toContain("standard input is read as csv");
  });
  test("… | lossc eval - tells compressed text by its first bytes", () => {
    const lines = logits.map((row, i) => JSON.stringify({ label: labels[i], logits: row }));
    const ran = lossc(`eval - ${CE} --input-format jsonl`, {}, gzipSync(lines.join("\n")));
    expect(totals(ran)[0].value).toBeCloseTo(expected, 14);
    expect(ran.stderr).toBe("");
  });
});

describe("lossc eval of arrays of NumPy", () => {
  const flat = Float64Array.from(logits.flat());
  const turned = Float64Array.from([0, 1, 2].flatMap((c) => logits.map((row) => row[c])));
  const swapped = (bytes: Buffer, size: number) => {
    for (let at = 0; at < bytes.length; at += size) bytes.subarray(at, at + size).reverse();
    return bytes;
  };
  const big = (data: Float64Array) => swapped(Buffer.from(data.slice().buffer), 8);
  const files: Readonly<Record<string, Buffer>> = {
    "logits.npy": npy(flat, [4, 3]),
    "fortran.npy": npy(turned, [4, 3], { fortran: true }),
    "big.npy": npy(big(flat), [4, 3], { descr: ">f8" }),
    "single.npy": npy(Float32Array.from(flat), [4, 3], { descr: "<f4", version: 2 }),
    "labels.npy": npy(Int32Array.from(labels), [4], { descr: "<i4" }),
    "long.npy": npy(BigInt64Array.from(labels.map(BigInt)), [4], { descr: "<i8" }),
    "column.npy": npy(Uint8Array.from(labels), [4, 1], { descr: "|u1" }),
    "half.npy": npy(Uint16Array.from([0x3c00, 0xc000, 0x7bff, 0x0001]), [4], { descr: "<f2" }),
    "target.npy": npy(Float64Array.from([1, -2, 65504, 2 ** -24]), [4]),
    "names.npy": npy(Uint32Array.from([..."catdog"].map((letter) => letter.codePointAt(0)!)), [2], {
      descr: "<U3",
    }),
    "two.npy": npy(Float64Array.from([1, 2, 4, 3]), [2, 2]),
  };
  for (const [name, content] of Object.entries(files)) write(name, content);

  for (const prediction of ["logits", "fortran", "big", "single"]) {
    for (const target of ["labels", "long", "column"]) {
      test(`lossc eval --prediction ${prediction}.npy --target ${target}.npy`, async () => {
        const ran = await here(`eval --prediction ${prediction}.npy --target ${target}.npy ${CE}`);
        expect(totals(ran)[0].value).toBeCloseTo(expected, 14);
      });
    }
  }
  test("lossc eval logits.npy labels.npy finds arrays by the names of their files", async () => {
    expect(totals(await here(`eval logits.npy labels.npy ${CE}`))[0].value).toBeCloseTo(expected, 14);
  });
  test("lossc eval all.csv --prediction logits.npy puts an array beside the rows of a file", async () => {
    const result = json(await here(`eval all.csv --prediction logits.npy ${CE} --by split`));
    expect(result.results.at(-1)!.value).toBeCloseTo(expected, 14);
    expect(result.columns).toMatchObject({ logits: ["logits"], target: ["label"] });
  });
  test("lossc eval of half floats reads every kind of them exactly", async () => {
    const [result] = totals(
      await here("eval --prediction half.npy --target target.npy --loss mae --format json"),
    );
    expect(result.value).toBe(0);
  });
  test("lossc eval of an .npz takes its arrays as columns, stored or deflated", async () => {
    for (const deflate of [false, true]) {
      write(
        "both.npz",
        zip({ "label.npy": files["labels.npy"], "logits.npy": files["logits.npy"] }, { deflate }),
      );
      expect(totals(await here(`eval both.npz ${CE}`))[0].value).toBeCloseTo(expected, 14);
    }
  });
  test("lossc eval says what it does with an axis of length 1", async () => {
    const { stderr } = await here(`eval --prediction logits.npy --target column.npy ${CE}`);
    expect(stderr).toContain("column.npy has shape (4, 1): it is read as one value per row.");
  });
});

describe("lossc eval --where", () => {
  test("--where takes the cells of a text file for what they are", async () => {
    const result = json(
      await here(["eval", "all.csv", ...CE.split(" "), "--where", "split = 'test' AND logit_0 > 1"]),
    );
    expect(result.rows).toBe(1);
    expect(result.results[0].value).toBeCloseTo(crossEntropy(logits[2], 1), 14);
  });
  test("--where may end in a comment, and a bad row keeps its number", async () => {
    write("gap.csv", "y,pred,k\n1,1,0\n2,x,1\n3,3,0");
    const ran = await here(["eval", "gap.csv", "--loss", "mse", "--where", "k = 1 -- only these"]);
    expect(ran.stderr).toContain('row 2: pred is "x"');
    expect(
      totals(await here(["eval", "gap.csv", "--loss", "mse", "--where", "k = 0", "--format", "json"]))[0]
        .count,
    ).toBe(2);
  });
  test("--where on a column with a word among numbers compares text and says why it cannot", async () => {
    const { code, stderr } = await here(["eval", "gap.csv", "--loss", "mse", "--where", "pred > 1"]);
    expect(code).toBe(2);
    expect(stderr).toContain("pred");
  });
});

describe("lossc eval, options of classes as flags", () => {
  const value = async (words: string) => totals(await here(`eval all.csv --format json ${words}`))[0].value;
  const pairs: readonly (readonly [flags: string, spec: string])[] = [
    ["--loss crossEntropy --label-smoothing 0.1", "--loss crossEntropy:labelSmoothing=0.1"],
    ["--loss crossEntropy --class-weight 1,2,3", "--loss crossEntropy:classWeight=[1,2,3]"],
    ["--loss crossEntropy --class-weight balanced", "--loss crossEntropy:classWeight=balanced"],
    ["--loss crossEntropy --ignore-index 1", "--loss crossEntropy:ignoreIndex=1"],
  ];
  for (const [flags, spec] of pairs)
    test(`lossc eval ${flags} is ${spec}`, async () => {
      const given = await value(flags);
      expect(given).toBe(await value(spec));
      expect(given).not.toBeCloseTo(expected, 6);
    });
  test("what --loss says has the last word, and a loss that takes no such option is named", async () => {
    const ran = await here(
      "eval all.csv --loss crossEntropy:labelSmoothing=0 --loss mse --prediction logit_0 logit_1 logit_2 --label-smoothing 0.5 --input prediction=logit_0 --format json",
    );
    expect(totals(ran)[0].value).toBeCloseTo(expected, 14);
    expect(ran.stderr).toContain("--label-smoothing has no say in mse.");
  });
});

describe("lossc eval --query", () => {
  test("rows of a query are one sample wherever they stand, and queries may be of any length", async () => {
    write("rank.csv", "q,score,relevance\nb,1,0\na,3,2\nb,2,1\na,1,0\na,2,1\nc,5,1\nc,4,2");
    write(
      "lists.jsonl",
      '{"q":"b","score":[1,2],"relevance":[0,1]}\n{"q":"a","score":[3,1,2],"relevance":[2,0,1]}\n{"q":"c","score":[5,4],"relevance":[1,2]}',
    );
    const [long] = totals(await here("eval rank.csv --loss listNet --query q --format json"));
    const [lists] = totals(await here("eval lists.jsonl --loss listNet --format json"));
    const one = (scores: number[], relevance: number[]) =>
      relevance.reduce((sum, r, i) => {
        const share = Math.exp(r) / relevance.reduce((all, other) => all + Math.exp(other), 0);
        return sum + share * crossEntropy(scores, i);
      }, 0);
    expect(long.count).toBe(3);
    expect(long.value).toBeCloseTo(
      mean([one([1, 2], [0, 1]), one([3, 1, 2], [2, 0, 1]), one([5, 4], [1, 2])]),
      12,
    );
    expect(lists.value).toBeCloseTo(long.value!, 14);
  });
  test("a query with a bad row is left out as a whole", async () => {
    write("badrank.csv", "q,score,relevance\nb,1,0\nb,x,1\na,1,0\na,2,1");
    const [result] = totals(
      await here("eval badrank.csv --loss listNet --query q --on-bad skip --format json"),
    );
    expect(result).toMatchObject({ count: 1, bad: 1 });
  });
  test("--by must be the same in all rows of a query", async () => {
    const { code, stderr } = await here("eval rank.csv --loss listNet --query q --by relevance");
    expect(code).toBe(2);
    expect(stderr).toContain("--by relevance differs between rows of one q");
  });
});
