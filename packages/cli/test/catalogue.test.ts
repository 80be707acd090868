// lossc eval over the whole catalogue: every loss is evaluated from a made file, or the reason why not is declared.

import { type AnyLoss, catalogue, type TensorInput } from "lossc";
import { describe, expect, test } from "vitest";
import { json, newFolder, numbers } from "./helpers.ts";
import { npy } from "./npy.ts";

const folder = newFolder();
const { here, write } = folder;

/** Losses that no file of predictions has rows for, and what is said of them. */
const declined: Readonly<Record<string, string>> = {
  l1Penalty: "says nothing of a row",
  l2Penalty: "says nothing of a row",
  elasticNet: "says nothing of a row",
};

const SAMPLES = 24;
const CLASSES = 4;
const SIZE = 3;
const ELEMENTS = 6;

/** Columns of a file, and the tensor they stand for. */
interface Made {
  readonly columns: Readonly<Record<string, readonly number[]>>;
  readonly tensor: TensorInput;
  readonly flags?: readonly string[];
}

const random = numbers(3);
const normal = () => 3 * random() - 1.5;
const many = (count: number, of: (i: number) => number) => Array.from({ length: count }, (_, i) => of(i));

/** Rows of numbers as columns NAME_0, NAME_1 …, or as one column where a row has one. */
function columnsOf(name: string, rows: readonly (readonly number[])[]): Made["columns"] {
  const width = rows[0].length;
  if (width === 1) return { [name]: rows.map(([x]) => x) };
  return Object.fromEntries(many(width, (k) => k).map((k) => [`${name}_${k}`, rows.map((row) => row[k])]));
}

const softmax = (row: readonly number[]): number[] => {
  const powers = row.map(Math.exp);
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
};

/** By domain: a number that an input may hold, from one that is normal. */
const domains: Readonly<Record<string, (x: number) => number>> = {
  probability: (x) => 1 / (1 + Math.exp(-x)),
  positive: (x) => Math.exp(x),
  nonNegative: (x) => Math.abs(Math.round(2 * x)),
  nonZero: (x) => x + 2,
  aboveMinusOne: (x) => Math.abs(x),
  mask: (x) => (x > 0 ? 1 : 0),
};

/** What stands before the places of a row, by what its numbers are; other rows are called like their input. */
const prefixes: Readonly<Record<string, string>> = {
  logits: "logit",
  probability: "prob",
  logProbability: "log_prob",
  embeddings: "e",
  features: "f",
};

function madeOf(loss: AnyLoss, name: string): Made {
  const { axes, kind, over, domain: given } = loss.inputs[name];
  const defaults = Object.fromEntries(Object.entries(loss.params).map(([key, spec]) => [key, spec.default]));
  const domain = typeof given === "function" ? given(defaults) : given;
  const words = axes.split(/\s+/).filter((word) => word !== "");
  // A sum of means (deepId2) has no axes left; its samples are n too.
  const own = loss.expr.axes.length > 0 ? loss.expr.axes : ["n"];
  const samples = (word: string) => own.some((axis) => word === axis || word === `${axis}...`);
  if (!words.some(samples)) {
    const shape = words.map((word) => (word === "c" ? CLASSES : SIZE));
    const data = many(
      shape.reduce((a, b) => a * b, 1),
      normal,
    );
    write(`${name}.npy`, npy(Float64Array.from(data), shape));
    return { columns: {}, tensor: { data, shape }, flags: ["--input", `${name}=${name}.npy`] };
  }
  const elements = elementsOf(loss).length > 0;
  const count = SAMPLES * (elements ? ELEMENTS : 1);
  const inner = words.filter((word) => !samples(word) && !elementsOf(loss).includes(word));
  const shape = (width: number) => [SAMPLES, ...(elements ? [ELEMENTS] : []), ...(width > 1 ? [width] : [])];
  if (domain === "box") {
    const rows = many(count, () => 0).map(() => [normal(), normal(), 2 + random(), 2 + random()]);
    const side = name === "target" ? "true" : "pred";
    const columns = Object.fromEntries(
      ["x1", "y1", "x2", "y2"].map((corner, k) => [`${side}_${corner}`, rows.map((row) => row[k])]),
    );
    return { columns, tensor: rows };
  }
  const scalar: Readonly<Record<string, () => number>> = {
    classes: () => Math.floor(CLASSES * random()),
    index: () => Math.floor((over ? CLASSES : 5) * random()),
    binary: () => Math.round(random()),
    sign: () => (random() < 0.5 ? -1 : 1),
  };
  if (scalar[kind]) {
    const data = many(count, scalar[kind]);
    return { columns: { [name]: data }, tensor: { data, shape: shape(1) } };
  }
  const width = inner.length === 0 ? 1 : inner[0] === "c" ? CLASSES : SIZE;
  const rows = many(count, () => 0).map(() => {
    const row = many(width, normal);
    if (domain === "distribution") return softmax(row);
    if (domain === "logDistribution") return softmax(row).map(Math.log);
    return row.map(domains[domain ?? ""] ?? ((x) => x));
  });
  const prefix = width === 1 ? name : (prefixes[name] ?? name);
  return { columns: columnsOf(prefix, rows), tensor: { data: rows.flat(), shape: shape(width) } };
}

/** Axes along which a sample has elements that are rows of their own: both sides of a loss have them, no class has. */
function elementsOf(loss: AnyLoss): readonly string[] {
  const listed: Readonly<Record<string, readonly string[]>> = {
    ranking: ["c"],
    segmentation: ["...", "p..."],
  };
  const axes = listed[loss.family] ?? [];
  const lists = Object.values(loss.inputs).some(
    ({ role, kind, axes: own }) =>
      role === "data" && kind !== "classes" && axes.some((axis) => own.split(" ").includes(axis)),
  );
  return lists ? axes : [];
}

describe("lossc eval evaluates every loss of the catalogue from a file, as the library does", () => {
  for (const loss of catalogue.values()) {
    if (declined[loss.name]) {
      test(`lossc eval --loss ${loss.name} says why it cannot`, async () => {
        write("row.csv", "target,prediction\n1,2");
        const { code, stderr } = await here(`eval row.csv --loss ${loss.name}`);
        expect(code).toBe(2);
        expect(stderr).toContain(declined[loss.name]);
      });
      continue;
    }
    test(`lossc eval --loss ${loss.name}`, async () => {
      const taken = Object.entries(loss.inputs).filter(
        ([, spec]) => !spec.optional && spec.instead === undefined,
      );
      const made = taken.map(([name]) => [name, madeOf(loss, name)] as const);
      const inputs = Object.fromEntries(made.map(([name, { tensor }]) => [name, tensor]));
      const query = elementsOf(loss).length > 0;
      const columns: Record<string, readonly number[]> = Object.assign(
        {},
        ...made.map(([, one]) => one.columns),
      );
      const count = Object.values(columns)[0].length;
      if (query) columns.qid = many(count, (i) => Math.floor(i / ELEMENTS));
      const lines = many(count, (i) => i).map((i) =>
        Object.values(columns)
          .map((column) => column[i])
          .join(","),
      );
      write(`${loss.name}.csv`, [Object.keys(columns).join(","), ...lines].join("\n"));
      const flags = [...made.flatMap(([, one]) => one.flags ?? []), ...(query ? ["--query", "qid"] : [])];
      const ran = await here(["eval", `${loss.name}.csv`, "--loss", loss.name, "--format", "json", ...flags]);
      const { value, weightSum, count: counted } = loss.valueAndGrad(inputs, { wrt: [] });
      const [result] = json(ran).results;
      expect(result.value).toBeCloseTo(value, 10);
      expect([result.weightSum, result.count]).toEqual([weightSum, counted]);
      expect(Math.abs(value)).toBeGreaterThan(0);
    });
  }
});
