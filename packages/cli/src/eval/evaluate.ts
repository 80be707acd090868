// Evaluates one loss on the usable rows of a block and adds to the partial sums of their groups.

import type { ValueAndGrad } from "lossc";
import { CommandError } from "../errors.ts";
import { Accumulator } from "./accumulate.ts";
import { balancedWeights } from "./balanced.ts";
import { type Call, type CallSettings, callsOf, differentiated, gather, rowsCall } from "./calls.ts";
import type { Plan } from "./plan.ts";
import type { Judged } from "./rows.ts";
import type { Matrix } from "./select.ts";

export interface Rows extends CallSettings {
  /** How many there are in the block. */
  readonly total: number;
  readonly judged: Judged;
  readonly weight: Matrix | undefined;
  /** Each row's group; undefined where there is one group. */
  readonly groups: Int32Array | undefined;
}

/** What one call of the library gave. */
export interface Evaluated {
  readonly call: Call;
  /** w·ℓ of each sample; undefined where samples are pairs of rows. */
  readonly losses: Float64Array | undefined;
  /** The gradient of Σ w·ℓ by input, where it was asked for. */
  readonly gradients: ReadonlyMap<string, Float64Array>;
  readonly notes: readonly string[];
}

/** Yields what each call gave, after adding it to the sums. */
export function* evaluateRows(
  plan: Plan,
  rows: Rows,
  sums: Accumulator[],
  { gradients }: { readonly gradients: boolean },
): Generator<Evaluated> {
  const { groups, judged } = rows;
  const group = (row: number): Accumulator => {
    const id = groups === undefined ? 0 : groups[row];
    sums[id] ??= new Accumulator();
    return sums[id];
  };
  for (const row of judged.bad) group(row).bad += 1;
  const used = judged.usable ?? all(rows.total);
  if (used.length === 0) return;
  if (plan.options.classWeight === "balanced")
    plan.options = { ...plan.options, classWeight: balancedWeights(plan, judged, used) };
  if (rows.weight && !plan.rowLosses)
    throw new CommandError(
      `${plan.spec.loss.name}: its samples are not rows but pairs of them, so a weight of a row says nothing of one.`,
      "Leave --weight out for it.",
    );
  const wrt = gradients ? differentiated(plan).map(({ wanted }) => wanted.name) : [];
  for (const call of callsOf(plan, judged, used, rows)) {
    const result = run(plan, call, rows, { wrt, perSample: plan.rowLosses });
    const losses = result.perSample?.data as Float64Array | undefined;
    if (losses) for (let i = 0; i < call.samples.length; i++) group(call.samples[i]).addLoss(losses[i]);
    if (groups === undefined) {
      if (!losses) group(0).addLoss(result.value * result.weightSum);
      group(0).addWeight(result.weightSum, result.count);
    } else addToGroups(plan, rows, call, result, group);
    yield {
      call,
      losses,
      gradients: new Map(wrt.map((name) => [name, result.grads[name].data as Float64Array])),
      notes: result.notes,
    };
  }
}

function all(count: number): Int32Array {
  const rows = new Int32Array(count);
  for (let row = 0; row < count; row++) rows[row] = row;
  return rows;
}

/** Every sample's loss where samples are rows, so that groups are added up here and one call serves them all. Else the
 * mean: of a loss whose parts have different samples it is the sum of their means, which no sum over samples gives. */
function run(plan: Plan, call: Call, rows: Rows, options: object): ValueAndGrad<string> {
  const weight = rows.weight && { weight: gather(rows.weight, call.samples) };
  return plan.spec.loss.valueAndGrad(call.inputs, {
    ...plan.options,
    ...weight,
    reduction: plan.rowLosses ? "sum" : "mean",
    ...options,
  });
}

/** The weight of a sample is mostly the one in its column. Where class weights have a say, or samples were left out
 * (which shows in the count), the library is asked group by group, with the others masked: they may be partners. */
function addToGroups(
  plan: Plan,
  rows: Rows,
  call: Call,
  whole: ValueAndGrad<string>,
  group: (row: number) => Accumulator,
): void {
  const { samples } = call;
  const weightOf = (row: number) => rows.weight?.data[row] ?? 1;
  const counts = samples.reduce((sum, row) => sum + (weightOf(row) === 0 ? 0 : 1), 0);
  if (plan.rowLosses && plan.options.classWeight === undefined && counts === whole.count) {
    for (const row of samples) group(row).addWeight(weightOf(row), weightOf(row) === 0 ? 0 : 1);
    return;
  }
  if (plan.spec.loss.expr.axes.length === 0)
    throw new CommandError(
      `${plan.spec.loss.name}: its parts have different samples, so a group of rows has no loss of its own.`,
      "Leave --by out, or evaluate its parts.",
    );
  const members = new Map<number, number[]>();
  for (let i = 0; i < samples.length; i++) {
    const id = rows.groups![samples[i]];
    const list = members.get(id);
    if (list) list.push(i);
    else members.set(id, [i]);
  }
  for (const list of members.values()) {
    // Rows that do not meet can be asked by themselves, which costs no more than all at once.
    const { value, weightSum, count } =
      plan.layout === "rows"
        ? run(
            plan,
            rowsCall(
              plan,
              rows.judged,
              Int32Array.from(list, (i) => samples[i]),
            ),
            rows,
            { wrt: [] },
          )
        : run(plan, call, rows, { wrt: [], mask: maskOf(list, samples.length, plan) });
    if (!plan.rowLosses) group(samples[list[0]]).addLoss(value * weightSum);
    group(samples[list[0]]).addWeight(weightSum, count);
  }
}

/** Only the samples of a list count; of pairs and triplets, those whose first row is in it. */
function maskOf(list: readonly number[], size: number, plan: Plan) {
  const axes = plan.rowLosses ? 1 : plan.spec.loss.expr.axes.length;
  const partners = size ** (axes - 1);
  const data = new Float64Array(size * partners);
  for (const sample of list) data.fill(1, sample * partners, (sample + 1) * partners);
  return { data, shape: new Array<number>(axes).fill(size) };
}
