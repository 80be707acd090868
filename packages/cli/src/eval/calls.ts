// Cuts the usable rows of a block into calls of the library: which rows go together, and what each input gets.

import type { TensorInput } from "lossc";
import type { Plan, PlannedInput } from "./plan.ts";
import type { Judged } from "./rows.ts";
import type { Matrix } from "./select.ts";

/** One call: some samples, the rows they are made of, and the inputs. */
export interface Call {
  /** The row that stands for each sample: its own, or the first of its query. */
  readonly samples: Int32Array;
  readonly inputs: Readonly<Record<string, TensorInput>>;
  /** Where the numbers of an input's gradient belong: a row, and how many numbers of it there are. */
  readonly rows: Int32Array;
  /** Numbers in each row of a list; undefined where all are as wide as their matrix. */
  readonly length?: number;
}

export interface CallSettings {
  /** Rows that meet in a batch. */
  readonly batch: number;
  /** The number of each row's query, under --query. */
  readonly queries: Int32Array | undefined;
}

type Cut = (plan: Plan, judged: Judged, used: Int32Array, settings: CallSettings) => Iterable<Call>;

export const callsOf: Cut = (plan, judged, used, settings) => cuts[plan.layout](plan, judged, used, settings);

const cuts: { readonly [L in Plan["layout"]]: Cut } = {
  rows: (plan, judged, used) => [rowsCall(plan, judged, used)],
  whole: (plan, judged, used) => [rowsCall(plan, judged, used)],
  *batch(plan, judged, used, { batch }) {
    for (let from = 0; from < used.length; from += batch)
      yield rowsCall(plan, judged, used.subarray(from, from + batch));
  },
  *lists(plan, judged, used, { queries }) {
    if (plan.inputs.some(({ ragged }) => ragged)) yield* listCalls(plan, used);
    else yield* queryCalls(plan, judged, used, queries!);
  },
};

/** Each row is a sample. */
export function rowsCall(plan: Plan, judged: Judged, rows: Int32Array): Call {
  const inputs: Record<string, TensorInput> = { ...plan.constants };
  for (const input of plan.inputs) {
    const { name, shape } = input.wanted;
    if (input.labels) inputs[name] = gatherLabels(judged, name, rows);
    else
      inputs[name] = {
        data: gather(input.matrix, rows),
        shape:
          shape === "number" || input.source.kind === "number"
            ? [rows.length]
            : [rows.length, input.matrix.width],
      };
  }
  return { samples: rows, inputs, rows };
}

/** Lists of one length at a time: so nothing is padded. */
function* listCalls(plan: Plan, used: Int32Array): Iterable<Call> {
  const { lengths } = plan.inputs.find(({ ragged }) => ragged)!;
  for (const [length, rows] of grouped(used, (row) => lengths!.data[row])) {
    const inputs: Record<string, TensorInput> = { ...plan.constants };
    for (const { wanted, matrix, ragged } of plan.inputs) {
      inputs[wanted.name] = ragged
        ? { data: gather(matrix, rows, length), shape: [rows.length, length] }
        : { data: gather(matrix, rows), shape: [rows.length] };
    }
    yield { samples: rows, inputs, rows, length };
  }
}

function* queryCalls(plan: Plan, judged: Judged, used: Int32Array, queries: Int32Array): Iterable<Call> {
  const members = [...grouped(used, (row) => queries[row]).values()];
  const byLength = grouped(Int32Array.from(members.keys()), (query) => members[query].length);
  for (const [length, some] of byLength) {
    const rows = new Int32Array(some.length * length);
    for (let i = 0; i < some.length; i++) rows.set(members[some[i]], i * length);
    const samples = some.map((query) => members[query][0]);
    const inputs: Record<string, TensorInput> = { ...plan.constants };
    for (const input of plan.inputs) {
      const { wanted, matrix } = input;
      const shape = [
        some.length,
        ...(wanted.elements ? [length] : []),
        ...(matrix.width > 1 ? [matrix.width] : []),
      ];
      const from = wanted.elements ? rows : samples;
      inputs[wanted.name] = {
        data: input.labels ? gatherLabels(judged, wanted.name, from) : gather(matrix, from),
        shape,
      };
    }
    yield { samples, inputs, rows };
  }
}

/** Rows by a number of theirs, in the order in which the numbers turn up. */
function grouped(rows: Int32Array, of: (row: number) => number): Map<number, Int32Array> {
  const lists = new Map<number, number[]>();
  for (const row of rows) {
    const key = of(row);
    const list = lists.get(key);
    if (list) list.push(row);
    else lists.set(key, [row]);
  }
  return new Map([...lists].map(([key, list]) => [key, Int32Array.from(list)]));
}

/** The numbers of some rows; of each the first `length`. Rows that lie together are not copied. */
export function gather({ data, width }: Matrix, rows: Int32Array, length = width): Float64Array {
  const together = rows.length > 0 && rows[rows.length - 1] - rows[0] === rows.length - 1;
  if (together && length === width) return data.subarray(rows[0] * width, (rows[0] + rows.length) * width);
  const gathered = new Float64Array(rows.length * length);
  for (let i = 0; i < rows.length; i++)
    for (let place = 0; place < length; place++) gathered[i * length + place] = data[rows[i] * width + place];
  return gathered;
}

const gatherLabels = (judged: Judged, name: string, rows: Int32Array): Int32Array => {
  const labels = judged.labels.get(name)!;
  return rows.map((row) => labels[row]);
};

/** Inputs whose gradient has a place in the file: what a model made, read from columns. */
export const differentiated = ({ inputs }: Plan): readonly PlannedInput[] =>
  inputs.filter(({ wanted }) => wanted.spec.role === "model");
