// The truths of a file in short: every class, or every target, with its weight. What is best for all rows is then found
// without reading them again.

import type { TensorInput } from "lossc";
import { numbers as randomNumbers } from "../../random.ts";
import type { Collector, Look } from "../collect/collector.ts";
import type { Plan, PlannedInput } from "../plan.ts";

export interface Truths extends Collector {
  of(plan: Plan): TruthTable | undefined;
}

/** Truths that stand for all rows. */
export interface TruthTable {
  readonly input: PlannedInput;
  /** How many there are. */
  readonly size: number;
  readonly target: TensorInput;
  readonly weight: Float64Array;
  /** The group of each. */
  readonly groups: Int32Array;
  /** Whether they are a sample of the rows and not all. */
  readonly sampled: boolean;
}

/** Rows of numbers are not counted but sampled, evenly over the file. */
const MOST_ROWS = 20_000;

export function newTruths(plans: readonly Plan[]): Truths {
  const tables = new Map<Plan, Table>();
  for (const plan of plans) {
    const given = plan.inputs.filter(({ wanted }) => wanted.spec.role === "data");
    if (given.length !== 1 || !plan.separate) continue;
    const [input] = given;
    tables.set(
      plan,
      input.labels ? labelTable(input) : input.matrix.width === 1 ? numberTable(input) : rowTable(input),
    );
  }
  return {
    look(look) {
      tables.get(look.plan)?.add(look);
    },
    of: (plan) => tables.get(plan)?.table(),
  };
}

interface Table {
  add(look: Look): void;
  table(): TruthTable | undefined;
}

interface Entry {
  /** The first number, and whether all are that one. */
  readonly first: number;
  same: boolean;
  weight: number;
  weighted: number;
}

/** Numbers that agree in 13 bits of their fraction are counted as one, their mean: an error of second order, 1e-9. */
function numberTable(input: PlannedInput): Table {
  const groups: Map<number, Entry>[] = [];
  const words = new Uint32Array(2);
  const double = new Float64Array(words.buffer);
  return {
    add({ evaluated, weight, groups: groupOf }) {
      const { data } = input.matrix;
      for (const row of evaluated.call.samples) {
        const [value, w] = [data[row], weight?.[row] ?? 1];
        double[0] = value;
        const key = words[1] >>> 7;
        const group = groupOf?.[row] ?? 0;
        groups[group] ??= new Map();
        const entry = groups[group].get(key);
        if (!entry) groups[group].set(key, { first: value, same: true, weight: w, weighted: w * value });
        else {
          entry.same &&= entry.first === value;
          entry.weight += w;
          entry.weighted += w * value;
        }
      }
    },
    table() {
      const all = groups.flatMap((entries, group) =>
        [...entries.values()].map((entry) => ({ ...entry, group })),
      );
      const values = all.map(({ first, same, weight, weighted }) =>
        same || weight === 0 ? first : weighted / weight,
      );
      return {
        input,
        size: all.length,
        target: Float64Array.from(values),
        weight: Float64Array.from(all, ({ weight }) => weight),
        groups: Int32Array.from(all, ({ group }) => group),
        sampled: false,
      };
    },
  };
}

function labelTable(input: PlannedInput): Table {
  const groups: Map<number, number>[] = [];
  return {
    add({ evaluated, judged, weight, groups: groupOf }) {
      const labels = judged.labels.get(input.wanted.name)!;
      for (const row of evaluated.call.samples) {
        const group = groupOf?.[row] ?? 0;
        groups[group] ??= new Map();
        groups[group].set(labels[row], (groups[group].get(labels[row]) ?? 0) + (weight?.[row] ?? 1));
      }
    },
    table() {
      const all = groups.flatMap((counts, group) =>
        [...counts].map(([label, weight]) => ({ label, weight, group })),
      );
      return {
        input,
        size: all.length,
        target: Int32Array.from(all, ({ label }) => label),
        weight: Float64Array.from(all, ({ weight }) => weight),
        groups: Int32Array.from(all, ({ group }) => group),
        sampled: false,
      };
    },
  };
}

/** A reservoir (Vitter's algorithm R), the same for the same file. */
function rowTable(input: PlannedInput): Table {
  const random = randomNumbers(1);
  const kept: { readonly row: Float64Array; readonly weight: number; readonly group: number }[] = [];
  let seen = 0;
  return {
    add({ evaluated, weight, groups }) {
      const { data, width } = input.matrix;
      for (const row of evaluated.call.samples) {
        seen += 1;
        const place = seen <= MOST_ROWS ? seen - 1 : Math.floor(random() * seen);
        if (place >= MOST_ROWS) continue;
        kept[place] = {
          row: data.slice(row * width, (row + 1) * width),
          weight: weight?.[row] ?? 1,
          group: groups?.[row] ?? 0,
        };
      }
    },
    table() {
      const { width } = input.matrix;
      const data = new Float64Array(kept.length * width);
      for (const [i, { row }] of kept.entries()) data.set(row, i * width);
      return {
        input,
        size: kept.length,
        target: { data, shape: [kept.length, width] },
        weight: Float64Array.from(kept, ({ weight }) => weight),
        groups: Int32Array.from(kept, ({ group }) => group),
        sampled: seen > kept.length,
      };
    },
  };
}
