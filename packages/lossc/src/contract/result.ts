// From an engine's arrays to what a call gives: shapes and layout of the caller, precision, empty results, notes.

import type { Program } from "../backends/backend.ts";
import { LossError, suggestion } from "../errors.ts";
import { type Bound, hasClassAxis } from "./bind.ts";
import type { Body } from "./body.ts";
import type { Settings } from "./options.ts";
import { NOTE } from "./program.ts";
import type { FullInput } from "./spec.ts";
import { asTensor, moveAxis } from "./tensors.ts";
import type { FloatArray, Tensor, ValueAndGrad } from "./types.ts";

/** How outputs are named that the next call should be given. */
const STATE = "state.";

/** What an engine computed, and what it is of. */
export interface Computed {
  readonly program: Program;
  readonly wrt: readonly string[];
  readonly values: Readonly<Record<string, ArrayLike<number>>>;
  readonly sampleShape: readonly number[];
  readonly dtype: "float32" | "float64";
  readonly engine: string;
}

export function wrap(
  { name: loss, inputs }: Body,
  bound: Bound,
  settings: Settings,
  { program, wrt, values, sampleShape, dtype, engine }: Computed,
): ValueAndGrad<string> {
  const count = values.count[0];
  const empty = count === 0;
  if (empty && settings.onEmpty === "throw") {
    throw new LossError(
      "empty",
      "no sample counts: the inputs are empty, or everything is masked, ignored or has weight 0.",
      { loss, note: 'onEmpty: "zero" or "nan" returns a value instead.' },
    );
  }
  const grads: Record<string, Tensor> = {};
  for (const name of wrt) {
    const spec = inputs.find((input) => input.name === name)!;
    const shape = bound.shapes.get(name)!;
    const given = values[`grad.${name}`];
    // 0 / 0 in a mean over nothing: what does not count has gradient 0.
    const data = empty ? new Float64Array(given.length) : given;
    const placed = inOrderOf(spec, bound, settings.axis, data);
    grads[name] = asTensor(placed, shape, dtype, outArray(loss, settings, name, placed.length));
  }
  const perSample =
    values.perSample &&
    asTensor(
      values.perSample,
      sampleShape,
      dtype,
      outArray(loss, settings, "perSample", values.perSample.length),
    );
  const unknown = Object.keys(settings.out).find((name) => !wrt.includes(name) && name !== "perSample");
  if (unknown !== undefined) {
    throw new LossError("bad-option", `"out" has an array for "${unknown}", which is not computed.`, {
      loss,
      option: "out",
      note: suggestion(unknown, [...wrt, "perSample"]),
    });
  }
  const notes = notesIn(values);
  const state = Object.keys(values)
    .filter((name) => name.startsWith(STATE))
    .map((name) => {
      const shape = program.outputs[name].axes.flatMap((axis) => bound.axes.get(axis)!.dims);
      return [name.slice(STATE.length), asTensor(values[name], shape, "float64")] as const;
    });
  return {
    value: empty ? (settings.onEmpty === "nan" ? Number.NaN : 0) : values.value[0],
    grads,
    weightSum: values.weightSum[0],
    count,
    ...(perSample && { perSample }),
    ...(state.length > 0 && { state: Object.fromEntries(state) }),
    engine,
    notes,
  };
}

/** The notes whose conditions held somewhere. */
export const notesIn = (values: Readonly<Record<string, ArrayLike<number>>>): string[] =>
  Object.entries(values)
    .filter(([name, found]) => name.startsWith(NOTE) && found[0] > 0)
    .map(([name]) => name.slice(NOTE.length));

/** What was computed for an input, in the caller's order: the class axis where it was. */
export const inOrderOf = (
  spec: FullInput,
  bound: Bound,
  axis: number,
  data: ArrayLike<number>,
): ArrayLike<number> =>
  axis === -1 || !hasClassAxisMoved(spec, bound) ? data : backInPlace(data, bound, spec.name, axis);

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
    throw new LossError(
      "bad-option",
      `"out.${name}" must be a Float32Array or Float64Array of ${length} numbers.`,
      { loss, option: "out" },
    );
  }
  return array;
}
