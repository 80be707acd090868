// What losses say of a table's rows: their losses, how they are spread, which are worst, and what is wrong.

import { type Diagnosis, diagnose } from "lossc";
import type { Chosen } from "../../losses/named.ts";
import { type Complaint, complaintOf } from "../../training/complaint.ts";
import { shown } from "../../ui/number.ts";
import type { Columns, Roles } from "./roles.ts";
import { type Usable, usableRows } from "./rows.ts";
import type { Table } from "./table.ts";

export interface Judged {
  readonly row: Chosen;
  readonly usable: Usable;
  /** Of the rows that can be used. */
  readonly perRow?: Float64Array;
  readonly mean?: number;
  readonly error?: Complaint;
}

export function judge(row: Chosen, table: Table, roles: Roles): Judged {
  const usable = usableRows(row, table, roles);
  if (usable.count === 0) return { row, usable };
  try {
    const { value, perSample } = row.loss.valueAndGrad(usable.inputs, { ...usable.options, perSample: true });
    return { row, usable, mean: value, perRow: Float64Array.from(perSample!.data) };
  } catch (error) {
    return { row, usable, error: complaintOf(error) };
  }
}

/** Of all rows: what makes some unusable may be what is wrong with all. */
export const diagnosed = ({ row, usable }: Judged): Diagnosis =>
  diagnose(row.loss, usable.whole(), usable.options);

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
  /** From 1, in the order of the file, without a header. */
  readonly row: number;
  readonly loss: number;
  readonly truth: string;
  readonly given: string;
}

/** The rows that cost most, and what they hold; those whose loss is no number come first. */
export function worst(
  { perRow = new Float64Array(), usable }: Judged,
  table: Table,
  { target, prediction }: Roles,
  most = 10,
): Worst[] {
  const cost = (i: number) => (Number.isNaN(perRow[i]) ? Number.POSITIVE_INFINITY : perRow[i]);
  return Array.from(perRow.keys())
    .sort((a, b) => cost(b) - cost(a) || 0)
    .slice(0, most)
    .map((i) => {
      const row = usable.rows?.[i] ?? i;
      return {
        row: row + 1,
        loss: perRow[i],
        truth: told(table, target, row),
        given: told(table, prediction, row),
      };
    });
}

/** What a row holds: its word or number, the class that has most, the four sides. */
function told(table: Table, { columns: names, classes, shape, isList }: Columns, row: number): string {
  const { data, width } = table.lists.get(names[0]) ?? { data: new Float64Array(), width: 0 };
  const values = isList
    ? Array.from(data.subarray(row * width, (row + 1) * width))
    : names.map((name) => table.columns.get(name)![row]);
  if (shape === "classes") return classes[values.indexOf(Math.max(...values))] ?? "NaN";
  return table.words.get(names[0])?.[row] ?? values.map((value) => shown(value)).join(", ");
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

/** Of the rows given about the same probability, how many were positive; of rows that can be used. */
export function reliability(
  { columns }: Table,
  { target, prediction }: Roles,
  { rows, count }: Usable,
): Reliability[] {
  const { input, shape } = prediction;
  if (shape !== "number" || (input !== "probability" && input !== "logits")) return [];
  const [truth, given] = [columns.get(target.name), columns.get(prediction.name)!];
  if (!truth) return [];
  const bins = Array.from({ length: 10 }, () => ({ predicted: 0, observed: 0, count: 0 }));
  for (let i = 0; i < count; i++) {
    const row = rows?.[i] ?? i;
    const p = input === "logits" ? 1 / (1 + Math.exp(-given[row])) : given[row];
    const bin = bins[Math.min(9, Math.floor(p * 10))];
    if (!bin) continue;
    bin.predicted += p;
    bin.observed += truth[row];
    bin.count += 1;
  }
  return bins
    .filter(({ count }) => count > 0)
    .map(({ predicted, observed, count }) => ({
      predicted: predicted / count,
      observed: observed / count,
      count,
    }));
}
