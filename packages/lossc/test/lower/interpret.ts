// Runs a loop program in float64, statement by statement: slow and plain, the oracle of lowering.

import type { Bindings } from "../../src/backends/backend.ts";
import { compensatedSum } from "../../src/backends/reference/dense.ts";
import { type ElementwiseOp, opRow } from "../../src/language/ops.ts";
import { fixedSize } from "../../src/passes/lower/expand.ts";
import type { Buffer, Fold, Kernel, Place, RowRoutine, Statement, Value } from "../../src/passes/lower/ir.ts";

interface Machine {
  readonly bindings: Bindings;
  readonly values: number[];
  readonly data: ReadonlyMap<Buffer, Float64Array>;
  readonly indices: Map<string, number>;
  /** Where the current tile of an axis begins and ends. */
  readonly tiles: Map<string, readonly [number, number]>;
  readonly size: (axis: string) => number;
}

/** One array per output. */
export function interpret(kernel: Kernel, bindings: Bindings): Record<string, Float64Array> {
  const size = (axis: string): number =>
    bindings.sizes.get(axis) ??
    fixedSize(axis) ??
    kernel.axes[axis].reduce((product, part) => product * size(part), 1);
  const data = new Map(kernel.buffers.map((buffer) => [buffer, contents(buffer, bindings, size)]));
  const machine: Machine = { bindings, values: [], data, indices: new Map(), tiles: new Map(), size };
  run(kernel.body, machine);
  const outputs = kernel.buffers.filter(({ role }) => role === "output");
  return Object.fromEntries(outputs.map((buffer) => [buffer.name, data.get(buffer)!]));
}

function contents(
  { name, role, axes }: Buffer,
  { inputs, params }: Bindings,
  size: (axis: string) => number,
): Float64Array {
  if (role === "input") return Float64Array.from(inputs.get(name)!);
  const length = axes.reduce((product, axis) => product * size(axis), 1);
  if (role === "param") {
    const given = params.get(name)!;
    return Float64Array.from({ length }, (_, i) => (typeof given === "number" ? given : given[i]));
  }
  return new Float64Array(length).fill(Number.NaN); // what is read before it is written shows
}

function address(buffer: Buffer, at: readonly Place[], machine: Machine): number {
  return buffer.axes.reduce((sum, axis, i) => {
    const place = at[i];
    const index =
      typeof place === "number"
        ? place
        : typeof place === "string"
          ? machine.indices.get(place)!
          : machine.values[place.id];
    const start =
      buffer.tiled?.includes(axis) && typeof place === "string" ? machine.tiles.get(place)![0] : 0;
    return sum * machine.size(axis) + index - start;
  }, 0);
}

type Row<S> = (statement: S, machine: Machine) => void;
type Rows = { readonly [K in Statement["kind"]]: Row<Extract<Statement, { kind: K }>> };

const set = ({ values }: Machine, { id }: Value, value: number) => {
  values[id] = value;
};

const rows: Rows = {
  constant: ({ result, value }, machine) => set(machine, result, value),
  size: ({ result, axis }, machine) => set(machine, result, machine.size(axis)),
  param: ({ result, name }, machine) => set(machine, result, machine.bindings.params.get(name) as number),
  index: ({ result, axis }, machine) => set(machine, result, machine.indices.get(axis)!),
  compute: ({ result, op, args }, machine) => {
    const [a, b, c] = args.map(({ id }) => machine.values[id]);
    set(machine, result, (opRow(op) as ElementwiseOp).apply(a, b, c));
  },
  load: ({ result, buffer, at }, machine) =>
    set(machine, result, machine.data.get(buffer)![address(buffer, at, machine)]),
  store: ({ buffer, at, value }, machine) => {
    machine.data.get(buffer)![address(buffer, at, machine)] = machine.values[value.id];
  },
  accumulate: ({ buffer, at, value }, machine) => {
    machine.data.get(buffer)![address(buffer, at, machine)] += machine.values[value.id];
  },
  clear: ({ buffer }, machine) => {
    machine.data.get(buffer)!.fill(0);
  },
  loop: ({ axis, block, body, reductions }, machine) => {
    const [begin, end] = machine.tiles.get(axis) ?? [0, machine.size(axis)];
    const seen: number[][] = reductions.map(() => []);
    const step = block ?? 1;
    for (let i = begin; i < end; i += step) {
      if (block) machine.tiles.set(axis, [i, Math.min(i + block, end)]);
      else machine.indices.set(axis, i);
      run(body, machine);
      for (const [k, { value }] of reductions.entries()) seen[k].push(machine.values[value.id]);
    }
    if (block) machine.tiles.delete(axis);
    for (const [k, { result, fold }] of reductions.entries()) set(machine, result, folds[fold](seen[k]));
  },
  contract: (statement, machine) => {
    const { rows: i, columns: j, over: k, left, right, to } = statement;
    const each = (axis: string, visit: () => void) => {
      const [begin, end] = machine.tiles.get(axis) ?? [0, machine.size(axis)];
      for (let at = begin; at < end; at++) {
        machine.indices.set(axis, at);
        visit();
      }
    };
    const read = ({ buffer, at }: typeof left) => machine.data.get(buffer)![address(buffer, at, machine)];
    each(i, () =>
      each(j, () => {
        const terms: number[] = [];
        each(k, () =>
          terms.push(statement.of === "product" ? read(left) * read(right) : read(left) - read(right)),
        );
        const sum =
          statement.of === "distance"
            ? folds.norm(terms)
            : folds.sum(statement.of === "product" ? terms : terms.map((x) => x * x));
        const place = address(to.buffer, to.at, machine);
        machine.data.get(to.buffer)![place] = statement.accumulate
          ? machine.data.get(to.buffer)![place] + sum
          : sum;
      }),
    );
  },
  routine: ({ result, row, args: [q] }, machine) => {
    set(machine, result, quantile(machine.data.get(row)!, machine.values[q.id]));
  },
  row: ({ name, row, to }, machine) => {
    const values = machine.data.get(row)!;
    machine.data.get(to)!.set(rowRoutines[name](values));
  },
};

const rowRoutines: Readonly<Record<RowRoutine["name"], (row: Float64Array) => ArrayLike<number>>> = {
  order: (row) => {
    const before = (i: number, j: number): number =>
      +Number.isNaN(row[j]) - +Number.isNaN(row[i]) || row[j] - row[i] || i - j;
    return Array.from(row, (_, i) => i).sort(before);
  },
  cumsum: (row) => row.map((_, i) => compensatedSum((k) => row[k], i + 1)),
};

function run(statements: readonly Statement[], machine: Machine): void {
  for (const statement of statements) (rows[statement.kind] as Row<Statement>)(statement, machine);
}

/** The place of the first that no other beats; NaN beats all. */
const extreme = (values: readonly number[], beats: (a: number, b: number) => boolean): number =>
  values.reduce(
    (best, x, i) =>
      Number.isNaN(values[best]) ? best : Number.isNaN(x) || beats(x, values[best]) ? i : best,
    0,
  );
const largest = (values: readonly number[]) => extreme(values, (a, b) => a > b);
const smallest = (values: readonly number[]) => extreme(values, (a, b) => a < b);

const folds: { readonly [K in Fold]: (values: readonly number[]) => number } = {
  sum: (values) => compensatedSum((i) => values[i], values.length),
  max: (values) => (values.length ? values[largest(values)] : Number.NEGATIVE_INFINITY),
  min: (values) => (values.length ? values[smallest(values)] : Number.POSITIVE_INFINITY),
  argmax: largest,
  argmin: smallest,
  norm: (values) => {
    const scale = values.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    if (scale === 0 || !Number.isFinite(scale)) return scale;
    return scale * Math.sqrt(compensatedSum((i) => (values[i] / scale) ** 2, values.length));
  },
};

function quantile(row: Float64Array, q: number): number {
  if (row.length === 0) return Number.NaN;
  const sorted = row.slice().sort();
  if (Number.isNaN(sorted[sorted.length - 1])) return Number.NaN;
  const place = q * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return place === below ? sorted[below] : sorted[below] + (sorted[above] - sorted[below]) * (place - below);
}
