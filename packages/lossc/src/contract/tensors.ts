// Data as callers give it, made into dense numbers with a shape, and back.

import { LossError } from "../errors.ts";
import type { FloatArray, NestedNumbers, Tensor, TensorInput } from "./types.ts";

/** How the numbers were stored: decides the precision of the result. */
export type Storage = "float32" | "float64" | "integer";

export interface Given {
  readonly data: ArrayLike<number>;
  readonly shape: readonly number[];
  readonly storage: Storage;
}

/** A tensor from row-major data and its shape. */
export function tensor<Data extends FloatArray>(
  data: Data,
  shape: readonly number[],
): { data: Data; shape: readonly number[] } {
  const given = read({ data, shape }, "tensor", "data");
  return { data, shape: given.shape };
}

/** Reads any form of input. Throws where it is ragged, not numeric, or has another length than its shape says. */
export function read(given: TensorInput, loss: string, name: string): Given {
  if (typeof given === "number" || typeof given === "boolean")
    return { data: [+given], shape: [], storage: "float64" };
  if (ArrayBuffer.isView(given)) return { ...readTyped(given as FloatArray), shape: [given.length] };
  if (Array.isArray(given)) return readNested(given as NestedNumbers[], loss, name);
  if (given !== null && typeof given === "object" && "data" in given && "shape" in given) {
    const { data, shape } = given;
    const typed = ArrayBuffer.isView(data)
      ? readTyped(data as FloatArray)
      : readNested([...data], loss, name);
    const length = shape.reduce((a, b) => a * b, 1);
    if (!shape.every((size) => Number.isInteger(size) && size >= 0) || length !== typed.data.length) {
      throw new LossError(
        "bad-input",
        `"${name}" has ${typed.data.length} numbers but shape [${shape.join(", ")}], which holds ${length}.`,
        { loss, input: name },
      );
    }
    return { data: typed.data, storage: typed.storage, shape: [...shape] };
  }
  throw new LossError("bad-input", `"${name}" is ${describe(given)}, not numbers.`, {
    loss,
    input: name,
    note: "Give a nested array, a typed array, or { data, shape }.",
  });
}

function readTyped(data: ArrayBufferView): { data: ArrayLike<number>; storage: Storage } {
  if (data instanceof Float32Array) return { data, storage: "float32" };
  if (data instanceof Float64Array) return { data, storage: "float64" };
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    return { data: Float64Array.from(data, Number), storage: "integer" };
  }
  return { data: data as Int32Array, storage: "integer" };
}

function readNested(given: readonly NestedNumbers[], loss: string, name: string): Given {
  const shape: number[] = [];
  for (let level: NestedNumbers = given; Array.isArray(level); level = level[0]) shape.push(level.length);
  const data = new Float64Array(shape.reduce((a, b) => a * b, 1));
  let filled = 0;
  const walk = (item: NestedNumbers, depth: number, at: readonly number[]): void => {
    if (depth === shape.length) {
      if (typeof item === "number" || typeof item === "boolean") {
        data[filled++] = +item;
        return;
      }
      throw new LossError(
        "bad-input",
        `"${name}" has ${describe(item)} at [${at.join(", ")}], not a number.`,
        { loss, input: name, at },
      );
    }
    if (!Array.isArray(item) || item.length !== shape[depth]) {
      const found = Array.isArray(item) ? `a row of ${item.length}` : describe(item);
      throw new LossError(
        "bad-input",
        `"${name}" is ragged: ${found} at [${at.join(", ")}], where rows of ${shape[depth]} are expected.`,
        { loss, input: name, at },
      );
    }
    item.forEach((inner, i) => {
      walk(inner, depth + 1, [...at, i]);
    });
  };
  walk(given, 0, []);
  return { data, shape, storage: "float64" };
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === "string") return `the text ${JSON.stringify(value)}`;
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

/** A flat place in row-major data as indices. */
export function placeIn(shape: readonly number[], flat: number): number[] {
  const at = shape.map(() => 0);
  for (let axis = shape.length - 1, rest = flat; axis >= 0; axis--) {
    at[axis] = rest % shape[axis];
    rest = Math.floor(rest / shape[axis]);
  }
  return at;
}

/** Moves one axis of row-major data to another place. */
export function moveAxis(
  data: ArrayLike<number>,
  shape: readonly number[],
  from: number,
  to: number,
): { data: ArrayLike<number>; shape: number[] } {
  const order = shape.map((_, i) => i);
  order.splice(to, 0, ...order.splice(from, 1));
  const strides = shape.map((_, i) => shape.slice(i + 1).reduce((a, b) => a * b, 1));
  const moved = order.map((axis) => shape[axis]);
  const result = new Float64Array(data.length);
  const index = moved.map(() => 0);
  for (let i = 0, place = 0; i < result.length; i++) {
    result[i] = data[place];
    for (let axis = moved.length - 1; axis >= 0; axis--) {
      place += strides[order[axis]];
      if (++index[axis] < moved[axis]) break;
      place -= strides[order[axis]] * moved[axis];
      index[axis] = 0;
    }
  }
  return { data: result, shape: moved };
}

/** The result as the caller's precision asks, in the array given or a new one. */
export function asTensor(
  data: ArrayLike<number>,
  shape: readonly number[],
  dtype: "float32" | "float64",
  into?: FloatArray,
): Tensor {
  if (into) {
    if (into === data) return { data: into, shape };
    for (let i = 0; i < data.length; i++) into[i] = data[i];
    return { data: into, shape };
  }
  if (dtype === "float64" ? data instanceof Float64Array : data instanceof Float32Array)
    return { data: data as FloatArray, shape };
  return { data: dtype === "float32" ? Float32Array.from(data) : Float64Array.from(data), shape };
}
