// One call of a loss: reads options and inputs, checks values, finds the program, runs it, wraps what came out.

import type { Engine, Program } from "../backends/backend.ts";
import { reference } from "../backends/reference/index.ts";
import { isAvailable, wasm } from "../backends/wasm/index.ts";
import { LossError, suggestion } from "../errors.ts";
import { type Bound, bind, hasClassAxis, sizesOf } from "./bind.ts";
import { checkValues, checkWeight } from "./checks.ts";
import { readOptions, type Settings } from "./options.ts";
import { buildProgram, optionLeaf, type Part, type Request, type Variant } from "./program.ts";
import { type FullInput, isStatic } from "./spec.ts";
import { asTensor, type Given, moveAxis, read } from "./tensors.ts";
import type { Definition, FloatArray, InputSpecs, ParamSpecs, Tensor, TensorInput, ValueAndGrad } from "./types.ts";

/** What stands behind a loss object: a definition's, or a combination's. */
export interface Body {
  readonly name: string;
  readonly inputs: readonly FullInput[];
  readonly params: ParamSpecs;
  /** `named` says what the caller calls a parameter. */
  parts(variant: Variant, named?: (param: string) => string): readonly Part[];
  readonly valid?: Definition<InputSpecs, ParamSpecs>["valid"] | undefined;
  /** Programs made so far, by what shaped them. */
  readonly programs: Map<string, Prepared>;
}

interface Prepared {
  readonly program: Program;
  readonly sampleAxes: readonly string[];
}

type RawInputs = Readonly<Record<string, TensorInput | undefined>>;
type RawOptions = Readonly<Record<string, unknown>>;

/** Programs kept per loss; a use of more variants than this is rare, and rebuilding one takes a millisecond. */
const MOST_PROGRAMS = 64;

export function call(body: Body, inputs: RawInputs, options: RawOptions = {}): number | Tensor {
  const settings = readOptions(body.name, body.inputs, body.params, options, false);
  const result = evaluate(body, inputs, settings, []);
  return settings.reduction === "none" ? result.perSample! : result.value;
}

export function callWithGradient(body: Body, inputs: RawInputs, options: RawOptions = {}): ValueAndGrad<string> {
  const settings = readOptions(body.name, body.inputs, body.params, options, true);
  const given = (name: string) => inputs?.[name] !== undefined;
  const wrt = settings.wrt ?? body.inputs.filter(({ role, name }) => role === "model" && given(name)).map(({ name }) => name);
  return evaluate(body, inputs, settings, wrt);
}

function evaluate(body: Body, inputs: RawInputs, settings: Settings, wrt: readonly string[]): ValueAndGrad<string> {
  const loss = body.name;
  const conflict = body.valid?.(settings.params as Record<string, number>);
  if (conflict) throw new LossError("bad-option", conflict, { loss });
  checkInputNames(body, inputs);
  const bound = bind(loss, body.inputs, inputs, settings.axis);
  checkDifferentiable(body, bound, wrt);
  const upstream = settings.upstream === undefined ? undefined : read(settings.upstream, loss, "upstream");
  const request: Request = {
    reduction: settings.reduction,
    meanOver: settings.meanOver,
    wrt,
    perSample: settings.perSample || settings.reduction === "none",
    ...(upstream && { upstream: upstream.shape.length > 0 && settings.reduction === "none" ? "perSample" : "number" }),
  };
  const variant = variantOf(body, bound, settings);
  const prepared = prepare(body, variant, request);
  const { program, sampleAxes } = prepared;
  const sampleShape = sampleAxes.flatMap((axis) => bound.axes.get(program.aliases.get(axis) ?? axis)!.dims);
  const perSampleInput = (name: "weight" | "mask" | "upstream"): Given | undefined =>
    settings[name] === undefined ? undefined : readPerSample(loss, name, settings[name], sampleShape, sampleAxes);
  const weight = perSampleInput("weight");
  const mask = perSampleInput("mask");
  if (settings.validate) check(body, bound, settings, sampleShape, mask, weight);

  const leaves = new Map<string, ArrayLike<number>>([...bound.inputs].map(([name, given]) => [name, given.data]));
  const params = new Map<string, number | ArrayLike<number>>();
  for (const [name, value] of Object.entries(settings.params)) {
    if (typeof value === "number") params.set(name, value);
    else if (variant.vectors.includes(name)) params.set(name, value as ArrayLike<number>);
  }
  if (weight) leaves.set(optionLeaf.weight, weight.data);
  if (mask) leaves.set(optionLeaf.mask, mask.data);
  if (upstream && request.upstream === "number") params.set(optionLeaf.upstream, scalar(loss, "upstream", upstream));
  else if (upstream) leaves.set(optionLeaf.upstream, perSampleInput("upstream")!.data);
  const sizes = sizesOf(bound);
  for (const [alias, axis] of program.aliases) sizes.set(alias, sizes.get(axis)!);
  setClassOptions(body, bound, settings, sizes, leaves, params);

  const dtype = settings.dtype ?? precisionOf(body, bound);
  const engine = engineFor(settings.engine);
  const values = engine.run(program, { sizes, inputs: leaves, params }, {}, dtype);
  return wrap(body, bound, settings, wrt, values, sampleShape, dtype, engine.name);
}

/** The engine that was asked for. "auto" is the reference until the kernels have passed all that it passes. */
function engineFor(name: string): Engine {
  if (name !== "wasm") return reference;
  if (!isAvailable) throw new LossError("unsupported", "this runtime has no WebAssembly.", { target: "wasm", note: 'Take engine: "reference".' });
  return wasm;
}

// ---- Reading a call -----------------------------------------------------------------------------------

function checkInputNames({ name: loss, inputs: specs }: Body, inputs: RawInputs): void {
  if (inputs === null || typeof inputs !== "object") {
    throw new LossError("missing-input", `it takes an object of inputs: ${specs.map(({ name }) => name).join(", ")}.`, { loss });
  }
  const known = specs.map(({ name }) => name);
  for (const name of Object.keys(inputs)) {
    if (!known.includes(name)) {
      throw new LossError("unknown-input", `there is no input "${name}".`, { loss, input: name, note: suggestion(name, known) });
    }
  }
  for (const spec of specs) {
    if (inputs[spec.name] === undefined && !spec.optional) {
      throw new LossError("missing-input", `the input "${spec.name}" (${spec.axes}) is missing.`, { loss, input: spec.name });
    }
  }
}

function checkDifferentiable({ name: loss, inputs }: Body, bound: Bound, wrt: readonly string[]): void {
  for (const name of wrt) {
    const spec = inputs.find((candidate) => candidate.name === name);
    if (!spec) {
      throw new LossError("unknown-input", `"wrt" names "${name}", which is no input.`, { loss, input: name, note: suggestion(name, inputs.map((input) => input.name)) });
    }
    if (!bound.inputs.has(name)) throw new LossError("missing-input", `"wrt" names "${name}", which was not given.`, { loss, input: name });
    if (spec.kind === "index" || bound.forms[name] === "index") {
      throw new LossError("not-differentiable", `"${name}" holds labels, which have no gradient.`, { loss, input: name, note: spec.kind === "classes" ? "Give probabilities per class to differentiate by them." : "" });
    }
  }
}

function variantOf({ inputs, params }: Body, bound: Bound, settings: Settings): Variant {
  const entries = Object.entries(params);
  const value = (name: string) => settings.params[name];
  const posWeight = settings.posWeight;
  return {
    statics: Object.fromEntries(entries.filter(([name, spec]) => isStatic(spec, value(name))).map(([name]) => [name, value(name)])),
    vectors: entries.filter(([name]) => typeof value(name) === "object" && value(name) !== null).map(([name]) => name),
    forms: bound.forms,
    absent: inputs.filter(({ name }) => !bound.inputs.has(name)).map(({ name }) => name),
    given: {
      weight: settings.weight !== undefined,
      mask: settings.mask !== undefined,
      classWeight: settings.classWeight !== undefined,
      ignoreIndex: settings.ignoreIndex !== undefined,
      labelSmoothing: (settings.labelSmoothing ?? 0) !== 0,
      ...(posWeight !== undefined && { posWeight: typeof posWeight === "number" ? "number" : "tensor" }),
      binaryEncoding: settings.encoding === "binary",
    },
  };
}

function prepare(body: Body, variant: Variant, request: Request): Prepared {
  const key = JSON.stringify([variant, request], (_, value) => (typeof value === "number" ? String(value) : value));
  let prepared = body.programs.get(key);
  if (!prepared) {
    const parts = body.parts(variant);
    const sampled = parts.find(({ loss }) => loss.axes.length > 0);
    prepared = {
      program: buildProgram(body.name, parts, body.inputs, variant, request),
      sampleAxes: sampled?.loss.axes ?? [],
    };
    if (body.programs.size >= MOST_PROGRAMS) body.programs.delete(body.programs.keys().next().value!);
    body.programs.set(key, prepared);
  }
  return prepared;
}

function readPerSample(loss: string, name: string, raw: TensorInput, shape: readonly number[], axes: readonly string[]): Given {
  if (axes.length === 0) throw new LossError("bad-option", `"${name}" is given, but a penalty has no samples.`, { loss, option: name });
  const given = read(raw, loss, name);
  if (given.shape.join() !== shape.join()) {
    throw new LossError("shape-mismatch", `"${name}" has shape [${given.shape.join(", ")}] but the losses have shape [${shape.join(", ")}]; they must match.`, { loss, option: name });
  }
  return given;
}

function scalar(loss: string, name: string, given: Given): number {
  if (given.data.length === 1 && given.shape.length === 0) return given.data[0];
  throw new LossError("bad-option", `"${name}" has shape [${given.shape.join(", ")}]; it must be a number.`, { loss, option: name, note: 'One per sample needs reduction: "none".' });
}

/** Sets the leaves of classWeight, ignoreIndex, labelSmoothing and posWeight. */
function setClassOptions(
  { name: loss, inputs: specs }: Body,
  bound: Bound,
  settings: Settings,
  sizes: Map<string, number>,
  leaves: Map<string, ArrayLike<number>>,
  params: Map<string, number | ArrayLike<number>>,
): void {
  if (settings.ignoreIndex !== undefined) params.set(optionLeaf.ignoreIndex, settings.ignoreIndex);
  if (settings.labelSmoothing !== undefined) params.set(optionLeaf.labelSmoothing, settings.labelSmoothing);
  if (settings.classWeight !== undefined) {
    const spec = specs.find(({ kind }) => kind === "classes" || kind === "binary" || kind === "sign")!;
    const two = spec.kind !== "classes";
    if (two) sizes.set("class", 2);
    const classes = two ? 2 : sizes.get(spec.over!)!;
    const weights = settings.classWeight === "balanced" ? balancedWeights(spec, bound, classes, settings) : settings.classWeight;
    if (weights.length !== classes) {
      throw new LossError("bad-option", `"classWeight" has ${weights.length} weights, but there are ${classes} classes.`, { loss, option: "classWeight" });
    }
    params.set(optionLeaf.classWeight, weights);
  }
  if (settings.posWeight === undefined) return;
  const given = read(settings.posWeight, loss, "posWeight");
  const spec = specs.find(({ posWeight }) => posWeight)!;
  const shape = bound.shapes.get(spec.name)!;
  if (Array.from(given.data).some((w) => !(w >= 0))) throw new LossError("bad-option", '"posWeight" must be >= 0.', { loss, option: "posWeight" });
  if (typeof settings.posWeight === "number") params.set(optionLeaf.posWeight, settings.posWeight);
  else if (given.shape.join() === shape.join()) leaves.set(optionLeaf.posWeight, given.data);
  else if (given.shape.length === 1 && given.shape[0] === shape.at(-1)) {
    const width = given.data.length;
    leaves.set(optionLeaf.posWeight, Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => given.data[i % width]));
  } else {
    throw new LossError("shape-mismatch", `"posWeight" has shape [${given.shape.join(", ")}]; it must be a number, have one weight per element of the last axis (${shape.at(-1)}), or the shape of "${spec.name}".`, { loss, option: "posWeight" });
  }
}

/** N / (C · count) of every class, counted over the batch; a class that does not occur weighs nothing. */
function balancedWeights(spec: FullInput, bound: Bound, classes: number, settings: Settings): number[] {
  const counts = new Array<number>(classes).fill(0);
  const { data } = bound.inputs.get(spec.name)!;
  let total = 0;
  for (let i = 0; i < data.length; i++) {
    if (data[i] === settings.ignoreIndex) continue;
    if (bound.forms[spec.name] === "distribution") counts[i % classes] += data[i];
    else if (spec.kind === "classes") counts[data[i]] += 1;
    else {
      const share = spec.kind === "sign" ? +(data[i] > 0) : data[i];
      counts[1] += share;
      counts[0] += 1 - share;
    }
  }
  for (const count of counts) total += count;
  return counts.map((count) => (count === 0 ? 0 : total / (classes * count)));
}

/** float32 where every floating input is; labels and integers have no say. */
function precisionOf({ inputs }: Body, bound: Bound): "float32" | "float64" {
  const floats = inputs.filter(({ kind, name }) => kind !== "index" && bound.forms[name] !== "index");
  const stored = floats.flatMap(({ name }) => bound.inputs.get(name)?.storage ?? []).filter((storage) => storage !== "integer");
  return stored.length > 0 && stored.every((storage) => storage === "float32") ? "float32" : "float64";
}

function check({ name: loss, inputs }: Body, bound: Bound, settings: Settings, sampleShape: readonly number[], mask?: Given, weight?: Given): void {
  const samples = sampleShape.reduce((a, b) => a * b, 1);
  if (weight) checkWeight(weight.data, { loss, input: "weight", shape: sampleShape, counts: () => true, params: {} });
  for (const spec of inputs) {
    const given = bound.inputs.get(spec.name);
    if (!given) continue;
    // A mask speaks of samples; it excuses the inputs that have one row for each.
    const rows = given.data.length / samples;
    const excused = mask && Number.isInteger(rows) && (rows === 1 || rows === given.shape.at(-1));
    checkValues(spec, given, bound.forms[spec.name], bound.axes.get(spec.over ?? "")?.dims[0], settings.encoding, {
      loss,
      input: spec.name,
      shape: given.shape,
      counts: excused ? (sample) => mask.data[sample] !== 0 : () => true,
      params: settings.params,
      ignoreIndex: settings.ignoreIndex,
    });
  }
}

// ---- Wrapping what came out ---------------------------------------------------------------------------

function wrap(
  { name: loss, inputs }: Body,
  bound: Bound,
  settings: Settings,
  wrt: readonly string[],
  values: Record<string, ArrayLike<number>>,
  sampleShape: readonly number[],
  dtype: "float32" | "float64",
  engine: string,
): ValueAndGrad<string> {
  const count = values.count[0];
  const empty = count === 0;
  if (empty && settings.onEmpty === "throw") {
    throw new LossError("empty", "no sample counts: the inputs are empty, or everything is masked, ignored or has weight 0.", { loss, note: 'onEmpty: "zero" or "nan" returns a value instead.' });
  }
  const grads: Record<string, Tensor> = {};
  for (const name of wrt) {
    const spec = inputs.find((input) => input.name === name)!;
    const shape = bound.shapes.get(name)!;
    const given = values[`grad.${name}`];
    // 0 / 0 in a mean over nothing: what does not count has gradient 0.
    const data = empty ? new Float64Array(given.length) : given;
    const placed = settings.axis === -1 || !hasClassAxisMoved(spec, bound) ? data : backInPlace(data, bound, name, settings.axis);
    grads[name] = asTensor(placed, shape, dtype, outArray(loss, settings, name, placed.length));
  }
  const perSample = values.perSample && asTensor(values.perSample, sampleShape, dtype, outArray(loss, settings, "perSample", values.perSample.length));
  const unknown = Object.keys(settings.out).find((name) => !wrt.includes(name) && name !== "perSample");
  if (unknown !== undefined) {
    throw new LossError("bad-option", `"out" has an array for "${unknown}", which is not computed.`, { loss, option: "out", note: suggestion(unknown, [...wrt, "perSample"]) });
  }
  const notes = Object.entries(values)
    .filter(([name, found]) => name.startsWith("note.") && found[0] > 0)
    .map(([name]) => name.slice("note.".length));
  return {
    value: empty ? (settings.onEmpty === "nan" ? Number.NaN : 0) : values.value[0],
    grads,
    weightSum: values.weightSum[0],
    count,
    ...(perSample && { perSample }),
    engine,
    notes,
  };
}

const hasClassAxisMoved = (spec: FullInput, bound: Bound): boolean =>
  hasClassAxis(spec) || bound.forms[spec.name] === "distribution";

/** The inverse of moving the class axis last. */
function backInPlace(data: ArrayLike<number>, bound: Bound, name: string, axis: number): ArrayLike<number> {
  const shape = bound.inputs.get(name)!.shape;
  const rank = shape.length;
  return moveAxis(data, shape, rank - 1, axis < 0 ? rank + axis : axis).data;
}

function outArray(loss: string, { out }: Settings, name: string, length: number): FloatArray | undefined {
  const array = out[name];
  if (array === undefined) return undefined;
  if (!(array instanceof Float32Array || array instanceof Float64Array) || array.length !== length) {
    throw new LossError("bad-option", `"out.${name}" must be a Float32Array or Float64Array of ${length} numbers.`, { loss, option: "out" });
  }
  return array;
}
