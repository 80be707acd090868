// Which columns are what, and what losses say of them.

import { type AnyLoss, type Diagnosis, diagnose } from "lossc";
import type { Chosen } from "../../losses/named.ts";
import type { Table } from "./table.ts";

const targets = ["y_true", "y", "label", "labels", "target", "targets", "truth", "actual"];

/** What predictions are called, by the input that they are for. */
const predictions: readonly (readonly [input: string, names: readonly string[]])[] = [
  ["probability", ["probability", "prob", "proba", "p", "y_prob"]],
  ["logits", ["logit", "logits"]],
  ["score", ["score", "margin", "decision"]],
  ["prediction", ["y_pred", "y_hat", "yhat", "pred", "preds", "prediction", "predicted"]],
];

export interface Roles {
  readonly target: string;
  readonly prediction: string;
  /** The input that predictions are for. */
  readonly input: string;
}

/** Columns by the names people give them, where none are named; the first two where no name tells. */
export function rolesOf({ columns }: Table, target: string, prediction: string): Roles {
  const names = [...columns.keys()];
  const called = (list: readonly string[]) => names.find((name) => list.includes(name.toLowerCase()));
  const known = predictions.map(([, list]) => called(list)).find((name) => name !== undefined);
  const chosenTarget = columns.has(target) ? target : (called(targets) ?? names[0]);
  const chosenPrediction = columns.has(prediction)
    ? prediction
    : (known ?? names.find((name) => name !== chosenTarget) ?? names[0]);
  const row = predictions.find(([, list]) => list.includes(chosenPrediction.toLowerCase()));
  return { target: chosenTarget, prediction: chosenPrediction, input: row?.[0] ?? "prediction" };
}

/** Losses of a target and of the kind of prediction that a column is. */
export const fitsInput =
  (input: string) =>
  ({ inputs }: AnyLoss): boolean => {
    const needed = Object.keys(inputs).filter((name) => inputs[name].optional !== true);
    return (
      needed.length === 2 &&
      needed.includes("target") &&
      inputs[input]?.axes === "..." &&
      inputs.target.axes === "..."
    );
  };

export interface Judged {
  readonly row: Chosen;
  readonly perRow?: Float64Array;
  readonly mean?: number;
  readonly error?: string;
}

const inputsOf = (table: Table, { target, prediction, input }: Roles) => ({
  [input]: table.columns.get(prediction)!,
  target: table.columns.get(target)!,
});

/** Margins' targets are −1 and 1, unless the column has 0. */
function optionsOf(row: Chosen, table: Table, { target }: Roles) {
  const isBinary = row.loss.inputs.target.kind === "sign" && table.columns.get(target)!.includes(0);
  return { ...row.params, ...(isBinary && { encoding: "binary" }) };
}

export function judge(row: Chosen, table: Table, roles: Roles): Judged {
  try {
    const options = optionsOf(row, table, roles);
    const { value, perSample } = row.loss.valueAndGrad(inputsOf(table, roles), {
      ...options,
      perSample: true,
    });
    return { row, mean: value, perRow: Float64Array.from(perSample!.data) };
  } catch (error) {
    return { row, error: error instanceof Error ? error.message : String(error) };
  }
}

export const diagnosed = (row: Chosen, table: Table, roles: Roles): Diagnosis =>
  diagnose(row.loss, inputsOf(table, roles), optionsOf(row, table, roles));

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
export function reliability(table: Table, { target, prediction, input }: Roles): Reliability[] {
  if (input !== "probability" && input !== "logits") return [];
  const [truth, given] = [table.columns.get(target)!, table.columns.get(prediction)!];
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
