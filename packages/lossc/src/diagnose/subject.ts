// What the rules look at: the inputs of a call with what they are, and what the loss made of them.

import type { Bound } from "../contract/bind.ts";
import type { Body } from "../contract/body.ts";
import { readOptions, type Settings } from "../contract/options.ts";
import { variantOf } from "../contract/prepare.ts";
import type { RawInputs } from "../contract/reading.ts";
import { callWithGradient, differentiated, type PreparedCall, prepareCall } from "../contract/run.ts";
import type { FullInput } from "../contract/spec.ts";
import { type Given, read } from "../contract/tensors.ts";
import type { ValueAndGrad } from "../contract/types.ts";
import type { Part } from "../contract/variant.ts";
import { LossError } from "../errors.ts";
import { topological } from "../language/expr.ts";

/** One input of the call. */
export interface Subject {
  readonly spec: FullInput;
  readonly data: ArrayLike<number>;
  readonly shape: readonly number[];
  readonly domain: string | undefined;
  /** Of a class target: labels or probabilities. */
  readonly form: "index" | "distribution" | undefined;
  /** How many classes the labels count along. */
  readonly classes: number | undefined;
  /** Numbers of each sample; undefined where they are shared by all. */
  readonly width: number | undefined;
  /** The length of the last axis. */
  readonly row: number;
  /** Whether the sample counts that this flat place belongs to. */
  readonly counts: (flat: number) => boolean;
}

export interface Call {
  readonly body: Body;
  readonly settings: Settings;
  readonly bound: Bound;
  readonly inputs: readonly Subject[];
  /** Whether samples see one another. */
  readonly meet: boolean;
  /** Inputs of which the direction alone counts somewhere: they are brought to unit length. */
  readonly directions: ReadonlySet<string>;
  /** Whether the gradient is 0 wherever one looks, as a measure's that is not to be learnt from. */
  readonly slopeless: boolean;
  /** The shape of the losses, without second names of axes. */
  readonly shape: readonly number[];
  readonly samples: number;
  readonly mask: Given | undefined;
  readonly weight: Given | undefined;
  /** The sum and its gradients; undefined where the inputs do not allow them to be computed. */
  readonly result: ValueAndGrad<string> | undefined;
  /** The value as the options reduce it. */
  readonly value: number;
}

type RawOptions = Readonly<Record<string, unknown>>;

/** Reads a call. Throws on misuse (names, shapes), not on values. */
export function readCall(body: Body, inputs: RawInputs, options: RawOptions): Call {
  const said = { ...options, validate: false };
  const settings = readOptions(body.name, body.inputs, body.params, said, true);
  // Weights of a batch that may have labels out of range: the rules come first.
  const withoutBalance = settings.classWeight === "balanced" ? { ...said, classWeight: undefined } : said;
  const plain = readOptions(body.name, body.inputs, body.params, withoutBalance, true);
  const prepared = prepareCall(body, inputs, plain, differentiated(body, inputs, plain));
  const { bound, program, sampleAxes } = prepared;
  const own = sampleAxes.filter((axis) => !program.aliases.has(axis));
  const shape = own.flatMap((axis) => bound.axes.get(axis)!.dims);
  const samples = own.length === 0 ? 0 : shape.reduce((a, b) => a * b, 1);
  const perSample = (name: "weight" | "mask") =>
    settings[name] === undefined ? undefined : read(settings[name], body.name, name);
  const [mask, weight] = [perSample("mask"), perSample("weight")];
  const isKept = (sample: number) =>
    (mask === undefined || mask.data.length !== samples || mask.data[sample] !== 0) &&
    (weight === undefined || weight.data.length !== samples || weight.data[sample] !== 0);
  return {
    body,
    settings,
    bound,
    meet: [...program.aliases.values()].some((axis) => own.includes(axis)),
    directions: directionsIn(body.parts(variantOf(body, bound, plain))),
    slopeless: Object.entries(program.outputs).every(
      ([name, { expr }]) => !name.startsWith("grad.") || (expr.op === "constant" && expr.attrs.value === 0),
    ),
    shape,
    samples,
    mask,
    weight,
    inputs: body.inputs
      .filter(({ name }) => bound.inputs.has(name))
      .map((spec) => subjectOf(spec, prepared, own, samples, isKept, settings)),
    ...evaluated(body, inputs, said),
  };
}

function directionsIn(parts: readonly Part[]): Set<string> {
  const nodes = topological(parts.map(({ loss }) => loss));
  const units = nodes.filter(({ op }) => op === "unit");
  return new Set(topological(units).flatMap(({ op, attrs }) => (op === "input" ? [attrs.name!] : [])));
}

function subjectOf(
  spec: FullInput,
  { bound }: PreparedCall,
  sampleAxes: readonly string[],
  samples: number,
  isKept: (sample: number) => boolean,
  settings: Settings,
): Subject {
  const { data, shape } = bound.inputs.get(spec.name)!;
  const hasOwn =
    samples > 0 && sampleAxes.every((axis, i) => spec.words[i]?.name === axis) && data.length % samples === 0;
  const width = hasOwn ? data.length / samples : undefined;
  return {
    spec,
    data,
    shape,
    domain: typeof spec.domain === "function" ? spec.domain(settings.params) : spec.domain,
    form: bound.forms[spec.name],
    classes: spec.over === undefined ? undefined : bound.axes.get(spec.over)?.dims[0],
    width,
    row: shape.at(-1) ?? 1,
    counts: width === undefined ? () => true : (flat) => isKept(Math.floor(flat / width)),
  };
}

/** The sum with gradients, and the value as asked for; nothing where the inputs make that impossible. */
function evaluated(body: Body, inputs: RawInputs, options: RawOptions): Pick<Call, "result" | "value"> {
  const attempt = (more: RawOptions) => callWithGradient(body, inputs, { ...options, ...more });
  try {
    const { value } = attempt({
      wrt: [],
      reduction: options.reduction === "none" ? "sum" : options.reduction,
    });
    try {
      return { value, result: attempt({ reduction: "sum", perSample: true }) };
    } catch (error) {
      // Parts with different samples have no loss per sample.
      if (!(error instanceof LossError && error.code === "unsupported")) throw error;
      return { value, result: attempt({ reduction: "sum" }) };
    }
  } catch (error) {
    if (!(error instanceof LossError)) throw error;
    return { value: Number.NaN, result: undefined };
  }
}
