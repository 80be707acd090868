// Evaluates one loss on the usable rows of a block and adds to the partial sums of their groups.

import type { TensorInput } from "lossc";
import { Accumulator } from "./accumulate.ts";
import type { Plan } from "./plan.ts";
import type { Judged } from "./rows.ts";
import type { Matrix } from "./select.ts";

export interface Rows {
  /** How many there are in the block. */
  readonly total: number;
  readonly judged: Judged;
  readonly weight: Matrix | undefined;
  /** Each row's group; undefined where there is one group. */
  readonly groups: Int32Array | undefined;
}

/** Returns what the library has to say of it. */
export function evaluateRows(plan: Plan, rows: Rows, sums: Accumulator[]): readonly string[] {
  const { groups, judged } = rows;
  const group = (row: number): Accumulator => {
    const id = groups === undefined ? 0 : groups[row];
    sums[id] ??= new Accumulator();
    return sums[id];
  };
  for (const row of judged.bad) group(row).bad += 1;
  const used = judged.usable ?? all(rows.total);
  if (used.length === 0) return [];
  if (plan.options.classWeight === "balanced")
    plan.options = { ...plan.options, classWeight: balancedWeights(plan, rows, used) };

  const result = call(plan, rows, used);
  const losses = result.perSample!.data;
  for (let i = 0; i < used.length; i++) group(used[i]).addLoss(losses[i]);
  if (groups === undefined) group(0).addWeight(result.weightSum, result.count);
  else addWeights(plan, rows, used, result, group);
  return result.notes;
}

function all(count: number): Int32Array {
  const rows = new Int32Array(count);
  for (let row = 0; row < count; row++) rows[row] = row;
  return rows;
}

function call(plan: Plan, rows: Rows, used: Int32Array) {
  const inputs: Record<string, TensorInput> = {};
  for (const { wanted, matrix, labels } of plan.inputs) {
    if (labels) inputs[wanted.name] = gatherLabels(rows.judged.labels.get(wanted.name)!, used);
    else
      inputs[wanted.name] = {
        data: gather(matrix, used),
        shape: wanted.shape === "number" ? [used.length] : [used.length, matrix.width],
      };
  }
  const weight = rows.weight && { weight: gather(rows.weight, used) };
  // No gradients; every row's loss, so that groups are added up here and one call serves them all.
  return plan.spec.loss.valueAndGrad(inputs, {
    ...plan.options,
    ...weight,
    wrt: [],
    reduction: "sum",
    perSample: true,
  });
}

function gather({ data, width }: Matrix, used: Int32Array): Float64Array {
  if (used.length > 0 && used.at(-1) === used.length - 1) return data.subarray(0, used.length * width);
  const gathered = new Float64Array(used.length * width);
  for (let i = 0; i < used.length; i++) {
    for (let place = 0; place < width; place++) gathered[i * width + place] = data[used[i] * width + place];
  }
  return gathered;
}

const gatherLabels = (labels: Int32Array, used: Int32Array): Int32Array => used.map((row) => labels[row]);

/** The weight of a row is mostly the one in its column. Where class weights have a say, or rows were left out (which
 * shows in the count), the library is asked group by group. */
function addWeights(
  plan: Plan,
  rows: Rows,
  used: Int32Array,
  whole: { readonly weightSum: number; readonly count: number },
  group: (row: number) => Accumulator,
): void {
  const own = new Accumulator();
  const weightOf = (row: number) => rows.weight?.data[row] ?? 1;
  for (const row of used) own.addWeight(weightOf(row), weightOf(row) === 0 ? 0 : 1);
  if (plan.options.classWeight === undefined && own.count === whole.count) {
    for (const row of used) group(row).addWeight(weightOf(row), weightOf(row) === 0 ? 0 : 1);
    return;
  }
  const members = new Map<number, number[]>();
  for (const row of used) {
    const id = rows.groups![row];
    const list = members.get(id);
    if (list) list.push(row);
    else members.set(id, [row]);
  }
  for (const list of members.values()) {
    const { weightSum, count } = call(plan, rows, Int32Array.from(list));
    group(list[0]).addWeight(weightSum, count);
  }
}

/** N / (C · count) of every class over the file, as the library has it: asked group by group it would count in each. */
function balancedWeights(plan: Plan, rows: Rows, used: Int32Array): number[] {
  const target = plan.inputs.find(({ wanted }) => ["classes", "binary", "sign"].includes(wanted.spec.kind))!;
  const { labels, matrix, wanted } = target;
  const ignored = plan.spec.options.ignoreIndex;
  const classes = plan.inputs.find(
    (input) => input.wanted.shape === "row" && input.wanted.along === wanted.along,
  )?.matrix.width;
  const counts = new Array<number>(wanted.spec.kind === "classes" ? classes! : 2).fill(0);
  for (const row of used) {
    if (labels) {
      const label = rows.judged.labels.get(wanted.name)![row];
      if (label >= 0) counts[label] += 1;
    } else if (matrix.width > 1) {
      for (let place = 0; place < matrix.width; place++)
        counts[place] += matrix.data[row * matrix.width + place];
    } else if (matrix.data[row] !== ignored) {
      const positive = wanted.spec.kind === "sign" ? +(matrix.data[row] > 0) : matrix.data[row];
      counts[1] += positive;
      counts[0] += 1 - positive;
    }
  }
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => (count === 0 ? 0 : total / (counts.length * count)));
}
