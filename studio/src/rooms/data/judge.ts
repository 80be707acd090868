// What losses say of a table's rows: their losses, how they are spread, which are worst, and what is wrong.

import { type Diagnosis, diagnose, type TensorInput } from "lossc";
import type { Chosen } from "../../losses/named.ts";
import { shown } from "../../ui/number.ts";
import type { Columns, Roles } from "./roles.ts";
import type { Table } from "./table.ts";

export type Inputs = Readonly<Record<string, TensorInput>>;

/** What a loss is called with. */
export const inputsOf = (table: Table, { target, prediction }: Roles): Inputs => ({
  [prediction.input]: numbersOf(table, prediction),
  target: prediction.shape === "classes" ? labelsOf(table, target, prediction) : numbersOf(table, target),
});

function numbersOf({ columns: all, rows }: Table, { columns }: Columns): TensorInput {
  if (columns.length === 1) return all.get(columns[0])!;
  const data = new Float64Array(rows * columns.length);
  columns.forEach((name, j) => {
    const column = all.get(name)!;
    for (let i = 0; i < rows; i++) data[i * columns.length + j] = column[i];
  });
  return { data, shape: [rows, columns.length] };
}

/** No class has this index: the library says which row it is of. */
const NO_CLASS = -2;

/** A label is its class's number or name as the columns have it; beside named classes a number is a place. */
function labelsOf({ columns, words, rows }: Table, { name }: Columns, { classes }: Columns): Int32Array {
  const numbers = columns.get(name)!;
  const texts = words.get(name);
  const index = new Map(classes.map((one, i) => [one, i]));
  const areNumbers = classes.every((one) => /^\d+$/.test(one));
  return Int32Array.from({ length: rows }, (_, i) => {
    const found = index.get(texts?.[i] ?? String(numbers[i]));
    if (found !== undefined) return found;
    return !areNumbers && Number.isInteger(numbers[i]) ? numbers[i] : NO_CLASS;
  });
}

export interface Judged {
  readonly row: Chosen;
  readonly perRow?: Float64Array;
  readonly mean?: number;
  readonly error?: string;
}

/** Margins' targets are −1 and 1, unless the column has 0. */
function optionsOf(row: Chosen, { target }: Inputs) {
  const isBinary = row.loss.inputs.target.kind === "sign" && (target as Float64Array).includes(0);
  return { ...row.params, ...(isBinary && { encoding: "binary" }) };
}

export function judge(row: Chosen, inputs: Inputs): Judged {
  try {
    const options = { ...optionsOf(row, inputs), perSample: true };
    const { value, perSample } = row.loss.valueAndGrad(inputs, options);
    return { row, mean: value, perRow: Float64Array.from(perSample!.data) };
  } catch (error) {
    return { row, error: error instanceof Error ? error.message : String(error) };
  }
}

export const diagnosed = (row: Chosen, inputs: Inputs): Diagnosis =>
  diagnose(row.loss, inputs, optionsOf(row, inputs));

/** The losses that are numbers, largest first, and the sum of so many of the largest. */
export function ranked(perRow: Float64Array): { largest: Float64Array; sums: Float64Array } {
  const largest = perRow
    .filter((loss) => !Number.isNaN(loss))
    .sort()
    .reverse();
  const sums = Float64Array.from(largest);
  for (let i = 1; i < sums.length; i++) sums[i] += sums[i - 1];
  return { largest, sums };
}

/** How many of the losses, largest first, are above a threshold. */
export function countAbove(largest: Float64Array, threshold: number): number {
  let [low, high] = [0, largest.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (largest[middle] > threshold) low = middle + 1;
    else high = middle;
  }
  return low;
}

export interface Worst {
  readonly row: number;
  readonly loss: number;
  readonly truth: string;
  readonly given: string;
}

/** The rows that cost most, and what they hold; those whose loss is no number come first. */
export function worst(perRow: Float64Array, table: Table, { target, prediction }: Roles, most = 10): Worst[] {
  const cost = (row: number) => (Number.isNaN(perRow[row]) ? Number.POSITIVE_INFINITY : perRow[row]);
  return Array.from(perRow.keys())
    .sort((a, b) => cost(b) - cost(a) || 0)
    .slice(0, most)
    .map((row) => ({
      row,
      loss: perRow[row],
      truth: told(table, target, row),
      given: told(table, prediction, row),
    }));
}

/** What a row holds: its word or number, the class that has most, the four sides. */
function told({ columns: all, words }: Table, { columns, classes, shape }: Columns, row: number): string {
  const values = columns.map((name) => all.get(name)![row]);
  if (shape === "classes") return classes[values.indexOf(Math.max(...values))] ?? "NaN";
  return words.get(columns[0])?.[row] ?? values.map((value) => shown(value)).join(", ");
}

export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** How often losses of each size are; the last bin holds all that is larger than what 99 % are below. */
export function histogram(values: Float64Array, bins: number): Bin[] {
  const sorted = values.filter(Number.isFinite).sort();
  const [low, high] = [Math.min(0, sorted[0] ?? 0), sorted[Math.floor(0.99 * (sorted.length - 1))] || 1];
  const width = (high - low) / bins || 1;
  const counts = new Array<number>(bins).fill(0);
  for (const value of sorted) counts[Math.min(bins - 1, Math.floor((value - low) / width))] += 1;
  return counts.map((count, i) => ({ from: low + i * width, to: low + (i + 1) * width, count }));
}

export interface Reliability {
  readonly predicted: number;
  readonly observed: number;
  readonly count: number;
}

/** Of the rows given about the same probability, how many were positive. */
export function reliability({ columns }: Table, { target, prediction }: Roles): Reliability[] {
  const { input, shape } = prediction;
  if (shape !== "number" || (input !== "probability" && input !== "logits")) return [];
  const [truth, given] = [columns.get(target.name), columns.get(prediction.name)!];
  if (!truth) return [];
  const bins = Array.from({ length: 10 }, () => ({ predicted: 0, observed: 0, count: 0 }));
  given.forEach((value, i) => {
    const p = input === "logits" ? 1 / (1 + Math.exp(-value)) : value;
    const bin = bins[Math.min(9, Math.floor(p * 10))];
    if (!bin || Number.isNaN(truth[i])) return;
    bin.predicted += p;
    bin.observed += truth[i];
    bin.count += 1;
  });
  return bins
    .filter(({ count }) => count > 0)
    .map(({ predicted, observed, count }) => ({
      predicted: predicted / count,
      observed: observed / count,
      count,
    }));
}
