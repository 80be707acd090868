// From a loss and a call's options to what is computed in each row of a table, for backends that run where the data is.

import {
  columnName,
  composed,
  type Ordinary,
  type Range,
  type RowLoss,
  rangesFrom,
  scalarForm,
  unsupported,
} from "../backends/sql/index.ts";
import { LossError } from "../errors.ts";
import { constant, type Expr, input, rebuild, topological } from "../language/expr.ts";
import { simplify } from "../passes/index.ts";
import { expand } from "../passes/lower/expand.ts";
import { phrase } from "../phrase.ts";
import { ordinary, type Situation, usableIf, weightUsable } from "./conditions.ts";
import { bodyOf } from "./define.ts";
import { ofMargin } from "./margin.ts";
import { readOptions } from "./options.ts";
import { prepareCall } from "./run.ts";
import type { FullInput } from "./spec.ts";
import { optionLeaf } from "./variant.ts";

/** How a table holds an input: the SQL of one column, or of several (classes, box sides) in order. */
export type Cells = readonly { readonly number: string; readonly raw: string }[];

export interface TableCall {
  readonly options: Readonly<Record<string, unknown>>;
  readonly inputs: Readonly<Record<string, Cells>>;
  readonly weight?: Cells[number] | undefined;
  /** Inputs in which infinite numbers are refused. */
  readonly finite?: readonly string[];
}

/** Numbers whose fourth powers are finite; and logits beside whose exponential 1 is still seen. */
const BOUNDS = [1e75, 36];

const thisLoss = phrase`this loss`;

/** `plainly`: for rows that are ordinary only. Throws `unsupported` where a row does not have a loss of its own. */
export function rowLoss(loss: object, call: TableCall, plainly: boolean): RowLoss {
  const body = bodyOf(loss);
  try {
    if (!plainly) return make(loss, call, undefined);
    const candidates = BOUNDS.map((bound) => make(loss, call, bound));
    return candidates.reduce((best, other) => (cost(other) < cost(best) ? other : best));
  } catch (error) {
    if (!(error instanceof LossError) || error.code !== "unsupported" || error.loss !== undefined)
      throw error;
    const { message, phrases } = error;
    throw new LossError("unsupported", message, { loss: body.name, ...(phrases && { phrases }) });
  }
}

function make(
  loss: object,
  { options, inputs, weight, finite = [] }: TableCall,
  bound: number | undefined,
): RowLoss {
  const body = bodyOf(loss);
  if (options.classWeight === "balanced")
    throw unsupported(
      "classWeight balanced",
      phrase`the counts of the classes are known after a first pass over all rows`,
    );
  // A row of zeros stands for the table: shapes, forms and options are read as in any call.
  const zeros = (count: number) => new Float64Array(count);
  const given = Object.entries(inputs).map(([name, { length }]) => [
    name,
    { data: zeros(length), shape: length === 1 ? [1] : [1, length] },
  ]);
  const settings = readOptions(
    body.name,
    body.inputs,
    body.params,
    { ...options, reduction: "sum", perSample: true, validate: false, ...(weight && { weight: [1] }) },
    true,
  );
  const { program, bindings, bound: matched } = prepareCall(body, Object.fromEntries(given), settings, []);

  const specs = body.inputs.filter(({ name }) => inputs[name] !== undefined);
  const samples = program.outputs.perSample.axes;
  if (samples.length === 0) throw unsupported(thisLoss, phrase`it is a penalty and says nothing of a row`);
  const other = specs.find(({ words }) => !words.some(({ name }) => samples.includes(name)));
  if (other) throw unsupported(thisLoss, phrase`its input "${other.name}" is the same for all rows`);
  if (Object.keys(program.outputs).some((name) => /^(note|state)\./.test(name)))
    throw unsupported(thisLoss, phrase`it has more to tell of its rows than their loss`);
  const situation = (spec: FullInput): Situation => ({
    params: settings.params,
    encoding: settings.encoding,
    classes: spec.over === undefined ? undefined : bindings.sizes.get(spec.over),
    finite: finite.includes(spec.name),
  });
  const intervals = new Map<string, Ordinary | undefined>(
    specs.map((spec) => [
      spec.name,
      bound === undefined ? undefined : ordinary(spec, situation(spec), bound),
    ]),
  );
  if (bound !== undefined && [...intervals.values()].includes(undefined))
    throw unsupported(thisLoss, phrase`its inputs have no ordinary range`);
  if (weight && bound !== undefined) intervals.set(optionLeaf.weight, { low: 1 / bound, high: bound });

  const rowAxes = new Set(program.outputs.perSample.axes);
  const outputs = alongOneAxis(
    ["perSample", "weightSum", "count"].map((name) => program.outputs[name].expr),
    [...rowAxes].slice(1),
  );
  let [perSample, weightSum, count] = simplify(withNumbers(outputs, bindings.params));
  const margin = bound === undefined ? undefined : ofMargin(perSample, specs);
  if (margin) {
    perSample = margin.loss;
    intervals.set(margin.target, { low: 0, high: 1, values: [0, 1] });
  }

  const leafRange = (name: string): Range => {
    const interval = intervals.get(name.split(" ")[0]);
    const domain = domainRange(
      specs.find((spec) => spec.name === name.split(" ")[0]),
      situation,
    );
    return interval ? { low: interval.low, high: interval.high, mayBeNaN: false } : domain;
  };
  const ranges = rangesFrom((leaf) => leafRange(leaf.attrs.name!));
  const sizes = (axis: string) => (rowAxes.has(axis) ? undefined : bindings.sizes.get(axis));
  const param = (name: string, place: readonly number[]): number => {
    const value = bindings.params.get(name)!;
    return typeof value === "number" ? value : value[place[0]];
  };
  const written = expand(simplify(composed([perSample, weightSum, count], ranges))).map((root) =>
    scalarForm(root, sizes, param),
  );
  const [scalarLoss, scalarWeight, scalarCount] = simplify(composed(simplify(written), ranges));

  const columns = Object.fromEntries(
    [...Object.entries(inputs), ...(weight ? [[optionLeaf.weight, [weight]] as const] : [])].flatMap(
      ([name, cells]) =>
        cells.map(({ number, raw }, place) => [
          cells.length === 1 ? name : columnName(name, [place]),
          { number, raw, ordinary: intervals.get(name) },
        ]),
    ),
  );
  return {
    loss: scalarLoss,
    weightSum: scalarWeight,
    count: scalarCount,
    usable: usable(specs, inputs, weight !== undefined, settings.ignoreIndex, situation),
    ranges: Object.fromEntries(Object.keys(columns).map((name) => [name, leafRange(name)])),
    columns,
  };

  function usable(
    all: readonly FullInput[],
    cells: TableCall["inputs"],
    weighted: boolean,
    ignored: number | undefined,
    of: typeof situation,
  ): Expr {
    const leaf = (name: string) => input(name, [...rowAxes]);
    const conditions = all.map((spec) => {
      const { length } = cells[spec.name];
      const elements = Array.from({ length }, (_, place) =>
        leaf(length === 1 ? spec.name : columnName(spec.name, [place])),
      );
      return usableIf(spec, elements, of(spec));
    });
    let condition = conditions.reduce((a, b) => a.and(b));
    // A row that does not count may hold anything.
    const target = all.find(({ kind }) => kind === "classes" || kind === "binary" || kind === "sign");
    if (ignored !== undefined && target && matched.forms[target.name] !== "distribution")
      condition = leaf(target.name).eq(ignored).or(condition);
    if (!weighted) return condition;
    const w = leaf(optionLeaf.weight);
    return weightUsable(w).and(w.eq(0).or(condition));
  }
}

const anyNumber: Range = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY, mayBeNaN: false };

/** Of a row that can be used: no cell is NaN, and a probability or a target lies in [0, 1]. */
function domainRange(spec: FullInput | undefined, situation: (spec: FullInput) => Situation): Range {
  if (spec === undefined) return { low: 0, high: Number.POSITIVE_INFINITY, mayBeNaN: false }; // the weight
  const interval = ordinary(spec, situation(spec), Number.POSITIVE_INFINITY);
  const isProbability = spec.kind === "binary" || interval?.low === 1e-300;
  return isProbability ? { low: 0, high: 1, mayBeNaN: false } : anyNumber;
}

/** Where samples have several axes ("n ..."), the rows of a table are along the first, and the others have size 1. */
const alongOneAxis = (roots: readonly Expr[], others: readonly string[]): Expr[] =>
  rebuild(roots, (expr) => {
    const { op, args, attrs } = expr;
    if (!others.includes(attrs.axis!)) return expr;
    return op === "sum" ? args[0] : op === "size" ? constant(1) : expr;
  });

const withNumbers = (
  roots: readonly Expr[],
  params: ReadonlyMap<string, number | ArrayLike<number>>,
): Expr[] =>
  rebuild(roots, (expr) => {
    const value = expr.op === "param" ? params.get(expr.attrs.name!) : undefined;
    return typeof value === "number" ? constant(value) : expr;
  });

/** How long a row takes, roughly: a choice costs ten sums, an exponential five. */
const cost = ({ loss }: RowLoss): number =>
  topological([loss]).reduce((sum, { op }) => sum + (costs[op] ?? 2), 0);
const costs: Readonly<Record<string, number>> = {
  where: 10,
  exp: 5,
  log: 6,
  pow: 14,
  tanh: 18,
  input: 0,
  constant: 0,
};
