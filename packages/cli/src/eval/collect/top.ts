// The rows with the largest losses: where they stand, what they are called, what was predicted of them.

import type { Plan, PlannedInput } from "../plan.ts";
import type { Judged } from "../rows.ts";
import type { Collector } from "./collector.ts";

export interface WorstRow {
  /** From 1, as in the file. */
  readonly row: number;
  /** The cell of the id column, or of the query. */
  readonly id: string | null;
  readonly group: string | null;
  readonly loss: number;
  /** What the row holds, by input: a number, a class, or the class with the largest number. */
  readonly inputs: Readonly<Record<string, string>>;
}

export interface Worst extends Collector {
  /** The largest first. */
  of(plan: Plan): readonly WorstRow[];
}

export interface WorstSettings {
  readonly count: number;
  /** Text expressions of the selection. */
  readonly id: number | undefined;
  readonly by: number | undefined;
}

/** NaN is worse than anything: it is what spoils a mean. */
const size = (loss: number): number => (Number.isNaN(loss) ? Number.POSITIVE_INFINITY : loss);

export function newWorst(plans: readonly Plan[], { count, id, by }: WorstSettings): Worst {
  const worst = new Map<Plan, WorstRow[]>(plans.map((plan) => [plan, []]));
  const least = new Map<Plan, number>();
  return {
    look({ plan, block, judged, evaluated }) {
      const { losses, call } = evaluated;
      const rows = worst.get(plan)!;
      if (!losses || count === 0) return;
      for (let i = 0; i < losses.length; i++) {
        if (rows.length === count && !(size(losses[i]) > least.get(plan)!)) continue;
        const row = call.samples[i];
        const place = insertionPlace(rows, losses[i]);
        rows.splice(place, 0, {
          row: block.number(row),
          id: id === undefined ? null : block.text(id, row),
          group: by === undefined ? null : block.text(by, row),
          loss: losses[i],
          inputs: inputsOf(plan, judged, row),
        });
        if (rows.length > count) rows.pop();
        least.set(plan, size(rows[rows.length - 1].loss));
      }
    },
    of: (plan) => worst.get(plan)!,
  };
}

/** After those that are as large: the first in the file comes first. */
function insertionPlace(rows: readonly WorstRow[], loss: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (size(rows[middle].loss) >= size(loss)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function inputsOf(plan: Plan, judged: Judged, row: number): Record<string, string> {
  const shown: Record<string, string> = {};
  for (const input of plan.inputs) {
    const text = inputText(input, judged, row);
    if (text !== undefined) shown[input.wanted.name] = text;
  }
  return shown;
}

function inputText(input: PlannedInput, judged: Judged, row: number): string | undefined {
  const { wanted, matrix, source, labels } = input;
  if (labels) {
    const label = judged.labels.get(wanted.name)![row];
    return labels.names[label] ?? String(label);
  }
  const numbers = [...matrix.data.subarray(row * matrix.width, (row + 1) * matrix.width)];
  if (matrix.width === 1) return short(numbers[0]);
  if (wanted.size !== undefined) return numbers.map(short).join(" ");
  if (source.kind !== "row" && wanted.along !== "c") return undefined;
  if (wanted.numbers === "any") return undefined;
  const largest = numbers.indexOf(Math.max(...numbers));
  const name = source.kind === "row" ? source.classes[largest] : String(largest);
  return name === undefined ? undefined : `${name} (${short(numbers[largest])})`;
}

const short = (value: number): string => String(Number(value.toPrecision(5)));
