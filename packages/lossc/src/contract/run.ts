// One call of a loss: reads options and inputs, checks values, finds the program, runs it, wraps what came out.

import type { Bindings, Program } from "../backends/backend.ts";
import { LossError } from "../errors.ts";
import { type Bound, bind, sizesOf } from "./bind.ts";
import type { Body, Prepared } from "./body.ts";
import { setClassOptions } from "./class-options.ts";
import { chooseEngine } from "./engines.ts";
import { readOptions, type Settings } from "./options.ts";
import { prepare, variantOf } from "./prepare.ts";
import {
  checkDifferentiable,
  checkInputNames,
  checkInputs,
  precisionOf,
  type RawInputs,
  readPerSample,
  scalar,
} from "./reading.ts";
import { wrap } from "./result.ts";
import { read } from "./tensors.ts";
import type { Tensor, ValueAndGrad } from "./types.ts";
import { optionLeaf, type Request, type Variant } from "./variant.ts";

/** Axes whose sizes parameters give. */
function fixedAxes({ name: loss, params }: Body, settings: Settings): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const [name, { sizeOf }] of Object.entries(params)) {
    if (sizeOf === undefined) continue;
    const size = settings.params[name] as number;
    if ((sizes.get(sizeOf) ?? size) !== size)
      throw new LossError("bad-option", `two parts give the axis "${sizeOf}" different sizes.`, {
        loss,
        option: name,
      });
    sizes.set(sizeOf, size);
  }
  return sizes;
}

type RawOptions = Readonly<Record<string, unknown>>;

export function call(body: Body, inputs: RawInputs, options: RawOptions = {}): number | Tensor {
  const settings = readOptions(body.name, body.inputs, body.params, options, false);
  const result = evaluate(body, inputs, settings, []);
  return settings.reduction === "none" ? result.perSample! : result.value;
}

export function callWithGradient(
  body: Body,
  inputs: RawInputs,
  options: RawOptions = {},
): ValueAndGrad<string> {
  const settings = readOptions(body.name, body.inputs, body.params, options, true);
  return evaluate(body, inputs, settings, differentiated(body, inputs, settings));
}

/** The inputs to differentiate by: those asked for, or all that a model produces or learns. */
export function differentiated(body: Body, inputs: RawInputs, { wrt }: Settings): readonly string[] {
  const given = (name: string) => inputs?.[name] !== undefined;
  return (
    wrt ?? body.inputs.filter(({ role, name }) => role === "model" && given(name)).map(({ name }) => name)
  );
}

function evaluate(
  body: Body,
  inputs: RawInputs,
  settings: Settings,
  wrt: readonly string[],
): ValueAndGrad<string> {
  const { program, bindings, bound, dtype, sampleShape } = prepareCall(body, inputs, settings, wrt);
  const engine = chooseEngine(body.name, settings.engine, program, bindings);
  const into = outputArrays(settings, bound, wrt, dtype);
  const values = engine.run(program, bindings, into, { precision: dtype });
  return wrap(body, bound, settings, { program, wrt, values, sampleShape, dtype, engine: engine.name });
}

/** The caller's arrays that an engine can write to as they are: of the right kind and length, in the engine's order. */
function outputArrays({ out, axis }: Settings, bound: Bound, wrt: readonly string[], dtype: string) {
  const fits = (name: string): boolean => {
    const array = out[name];
    const isRight = dtype === "float32" ? array instanceof Float32Array : array instanceof Float64Array;
    return axis === -1 && isRight && array.length === bound.inputs.get(name)!.data.length;
  };
  return Object.fromEntries(wrt.filter(fits).map((name) => [`grad.${name}`, out[name]]));
}

/** Everything an engine needs for a call, and what its results are read by. */
export interface PreparedCall {
  readonly program: Program;
  readonly bindings: Bindings;
  readonly bound: Bound;
  readonly dtype: "float32" | "float64";
  readonly sampleAxes: readonly string[];
  readonly sampleShape: readonly number[];
}

/** `programOf` gives the program of a form of call: by default the reduced value and its gradients. */
export function prepareCall(
  body: Body,
  inputs: RawInputs,
  settings: Settings,
  wrt: readonly string[],
  programOf: (variant: Variant, request: Request) => Prepared = (variant, request) =>
    prepare(body, variant, request),
): PreparedCall {
  const loss = body.name;
  const conflict = body.valid?.(settings.params as Record<string, number>);
  if (conflict) throw new LossError("bad-option", conflict, { loss });
  checkInputNames(body, inputs);
  const bound = bind(loss, body.inputs, inputs, settings.axis, fixedAxes(body, settings));
  checkDifferentiable(body, bound, wrt);
  const upstream = settings.upstream === undefined ? undefined : read(settings.upstream, loss, "upstream");
  const request: Request = {
    reduction: settings.reduction,
    meanOver: settings.meanOver,
    wrt,
    perSample: settings.perSample || settings.reduction === "none",
    ...(upstream && {
      upstream: upstream.shape.length > 0 && settings.reduction === "none" ? "perSample" : "number",
    }),
  };
  const variant = variantOf(body, bound, settings);
  const { program, sampleAxes } = programOf(variant, request);
  const sizes = sizesOf(bound);
  for (const [alias, axis] of program.aliases) sizes.set(alias, sizes.get(axis)!);
  const bindings = {
    sizes,
    inputs: new Map([...bound.inputs].map(([name, given]) => [name, given.data])),
    params: new Map<string, number | ArrayLike<number>>(),
  };
  for (const [name, value] of Object.entries(settings.params)) {
    if (typeof value === "number") bindings.params.set(name, value);
    else if (variant.vectors.includes(name)) bindings.params.set(name, value as ArrayLike<number>);
  }

  const sampleShape = sampleAxes.flatMap((axis) => bound.axes.get(program.aliases.get(axis) ?? axis)!.dims);
  const perSample = (name: "weight" | "mask" | "upstream") => {
    if (settings[name] === undefined) return undefined;
    const given = readPerSample(loss, name, settings[name], sampleShape, sampleAxes);
    bindings.inputs.set(optionLeaf[name], given.data);
    return given;
  };
  const weight = perSample("weight");
  const mask = perSample("mask");
  if (request.upstream === "perSample") perSample("upstream");
  else if (upstream) bindings.params.set(optionLeaf.upstream, scalar(loss, "upstream", upstream));
  if (settings.validate) checkInputs(body, bound, settings, sampleShape, mask, weight);
  setClassOptions(body, bound, settings, bindings);

  const dtype = settings.dtype ?? precisionOf(body, bound);
  return { program, bindings, bound, dtype, sampleAxes, sampleShape };
}
