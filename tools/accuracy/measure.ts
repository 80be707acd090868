// How far from the truth the catalogue's numbers are: errors of value and gradient, in float64 and float32, over the inputs
// and true numbers of oracle.json.

import { readFileSync } from "node:fs";
import { type AnyLoss, catalogue, type Tensor, type ValueAndGrad } from "../../packages/lossc/src/index.ts";

export type Nested = number | readonly Nested[];

export interface OracleCase {
  readonly name: string;
  readonly inputs: Readonly<Record<string, Nested>>;
  readonly options: Readonly<Record<string, unknown>>;
  /** Every sample's loss, or a penalty's. */
  readonly value: Nested;
  /** Of the losses' sum. */
  readonly grads: Readonly<Record<string, Nested>>;
}

export interface OracleLoss {
  readonly loss: string;
  readonly cases: readonly OracleCase[];
}

export type Precision = "float64" | "float32";

/** The largest relative error, and where it is. */
export interface Worst {
  readonly error: number;
  readonly where: string;
  readonly got: number;
  readonly true: number;
}

export interface Accuracy {
  readonly value: Worst;
  /** Of each number of a gradient, relative to itself. */
  readonly gradient: Worst;
  /** Relative to the largest number of its gradient. */
  readonly wholeGradient: Worst;
  /** How many numbers were compared. */
  readonly numbers: number;
  readonly engines: readonly string[];
}

const words = new Map([
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
  ["NaN", Number.NaN],
]);

const read = (path: string) =>
  JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"), (_, item) => words.get(item) ?? item);

/** The oracle of every loss of the catalogue, in its order. A loss that `oracle.py` has not met has that of its vectors. */
export function readOracle(): readonly OracleLoss[] {
  const made = new Map<string, OracleLoss>(
    (read("oracle.json") as OracleLoss[]).map((one) => [one.loss, one]),
  );
  return [...catalogue.keys()].map((loss) => made.get(loss) ?? ofVectors(loss));
}

export function ofVectors(loss: string): OracleLoss {
  const { cases } = read(`../../packages/lossc/test/vectors/${loss}.json`) as OracleLoss;
  return { loss, cases: cases.map((one) => ({ ...one, options: { reduction: "mean", ...one.options } })) };
}

export const flat = (nested: Nested): number[] =>
  typeof nested === "number" ? [nested] : nested.flatMap(flat);
const shapeOf = (nested: Nested): number[] =>
  typeof nested === "number" ? [] : [nested.length, ...shapeOf(nested[0])];

/** What float32 holds: beyond `largest` is Infinity, below `smallest` digits go one by one. */
const ranges = {
  float64: { smallest: 2 ** -1022, largest: Number.MAX_VALUE, round: (x: number) => x },
  float32: { smallest: 2 ** -126, largest: (2 - 2 ** -23) * 2 ** 127, round: Math.fround },
} as const;

/** |got − true| / |true|; a true number below the precision's normal range counts as its smallest, and a true 0 among
 * others as the largest of them times the last bit. */
export function relativeError(got: number, truth: number, precision: Precision, largest: number): number {
  const { smallest, round } = ranges[precision];
  const rounded = round(truth);
  if (Object.is(got, truth) || got === rounded || (Number.isNaN(got) && Number.isNaN(truth))) return 0;
  if (!Number.isFinite(got) || !Number.isFinite(rounded)) return Number.POSITIVE_INFINITY;
  const scale = truth === 0 ? Math.max(largest, smallest) : Math.max(Math.abs(truth), smallest);
  return Math.abs(got - truth) / scale;
}

/** A case's inputs as typed arrays; undefined where float32 cannot hold them. */
function typed(loss: AnyLoss, { inputs }: OracleCase, precision: Precision) {
  const entries = Object.entries(inputs).map(([name, nested]) => {
    const numbers = flat(nested);
    const isLabel =
      loss.inputs[name].kind === "index" ||
      (loss.inputs[name].kind === "classes" && numbers.every(Number.isInteger));
    const exact = isLabel || numbers.every((x) => Object.is(Math.fround(x), x));
    const data = isLabel
      ? Int32Array.from(numbers)
      : precision === "float32"
        ? Float32Array.from(numbers)
        : Float64Array.from(numbers);
    return { name, exact, tensor: { data, shape: shapeOf(nested) } };
  });
  if (precision === "float32" && !entries.every(({ exact }) => exact)) return undefined;
  return Object.fromEntries(entries.map(({ name, tensor }) => [name, tensor]));
}

function evaluate(loss: AnyLoss, one: OracleCase, precision: Precision): ValueAndGrad<string> | undefined {
  const inputs = typed(loss, one, precision);
  if (inputs === undefined) return undefined;
  const options = { ...one.options, validate: false, dtype: precision };
  const engine = precision === "float32" ? { engine: "wasm" } : {};
  // A penalty and a sum of parts with different samples are one number; vectors say how they are reduced.
  const reduction = "reduction" in options || typeof one.value === "number" ? {} : { reduction: "none" };
  return loss.valueAndGrad(inputs, { ...options, ...engine, ...reduction });
}

export function accuracyOf({ loss: name, cases }: OracleLoss, precision: Precision): Accuracy {
  const loss = catalogue.get(name)!;
  const none: Worst = { error: 0, where: "", got: 0, true: 0 };
  const worst = { value: none, gradient: none, wholeGradient: none };
  const engines = new Set<string>();
  let numbers = 0;
  const compare = (kind: "value" | "gradient", where: string, got: ArrayLike<number>, nested: Nested) => {
    const truth = flat(nested);
    const finite = truth.filter(Number.isFinite).map(Math.abs);
    const largest = finite.reduce((a, b) => Math.max(a, b), 0);
    if (got.length !== truth.length)
      throw new Error(`${name}, ${where}: ${got.length} numbers, not ${truth.length}`);
    const { smallest } = ranges[precision];
    const size = (x: number) => (x === 0 ? Math.max(largest, smallest) : Math.max(Math.abs(x), smallest));
    truth.forEach((x, i) => {
      numbers += 1;
      const note = (which: keyof typeof worst, error: number) => {
        if (error > worst[which].error)
          worst[which] = { error, where: `${where} [${i}]`, got: got[i], true: x };
      };
      const error = relativeError(got[i], x, precision, largest);
      note(kind, error);
      if (kind === "gradient")
        note("wholeGradient", Number.isFinite(x) ? (error * size(x)) / size(largest) : error);
    });
  };
  for (const one of cases) {
    const result = evaluate(loss, one, precision);
    if (result === undefined) continue;
    engines.add(result.engine);
    const values = (result.perSample as Tensor | undefined)?.data ?? [result.value];
    compare("value", one.name, values, one.value);
    for (const [input, truth] of Object.entries(one.grads))
      compare("gradient", `${one.name}, ${input}`, result.grads[input].data, truth);
  }
  return { ...worst, numbers, engines: [...engines] };
}
