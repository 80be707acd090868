// Matches given shapes to named axes: every axis gets its size from the inputs, and every mismatch its sentence.

import { LossError } from "../errors.ts";
import type { FullInput } from "./spec.ts";
import { type Given, moveAxis, read } from "./tensors.ts";
import type { TensorInput } from "./types.ts";

export interface Bound {
  /** Dimensions of each axis, and whose input told them. */
  readonly axes: Map<string, { readonly dims: readonly number[]; readonly from: string }>;
  readonly inputs: Map<string, Given>;
  /** Each input's shape as the caller gave it. */
  readonly shapes: Map<string, readonly number[]>;
  readonly forms: Record<string, "index" | "distribution">;
}

/** Where a size comes from that a parameter gives. */
const OPTIONS = "the options";

const product = (dims: readonly number[]): number => dims.reduce((a, b) => a * b, 1);
const text = (shape: readonly number[]): string => `[${shape.join(", ")}]`;

/** How many elements each axis has. */
export function sizesOf(bound: Bound): Map<string, number> {
  return new Map([...bound.axes].map(([name, { dims }]) => [name, product(dims)]));
}

/** Whether the class axis of an input can stand elsewhere than last: among the others one is of any shape. */
export function hasClassAxis({ words }: FullInput): boolean {
  const last = words.at(-1);
  return last !== undefined && !last.many && last.size === undefined && words.some(({ many }) => many);
}

/** Reads and matches all inputs. `axis` is where the class axis stands in the inputs that have one. */
export function bind(
  loss: string,
  specs: readonly FullInput[],
  inputs: Readonly<Record<string, TensorInput | undefined>>,
  axis = -1,
  fixed: ReadonlyMap<string, number> = new Map(),
): Bound {
  const bound: Bound = { axes: new Map(), inputs: new Map(), shapes: new Map(), forms: {} };
  for (const [name, size] of fixed) bound.axes.set(name, { dims: [size], from: OPTIONS });
  // Class targets last: whether one holds labels or probabilities is told by the other inputs' shapes.
  const order = [...specs].sort((a, b) => +(a.kind === "classes") - +(b.kind === "classes"));
  for (const spec of order) {
    const raw = inputs[spec.name];
    if (raw === undefined) continue;
    const given = withEmptyAxes(spec, read(raw, loss, spec.name));
    bound.shapes.set(spec.name, given.shape);
    const matched =
      spec.kind === "classes"
        ? matchClasses(loss, spec, given, bound, axis)
        : matchFloats(loss, spec, given, bound, axis);
    bound.inputs.set(spec.name, matched);
  }
  return bound;
}

/** `[]` has no rows to tell their length by: it is no samples of size 0 (or of the size the axis must have). */
function withEmptyAxes(spec: FullInput, given: Given): Given {
  if (given.shape.length !== 1 || given.shape[0] !== 0 || spec.words.length === 1) return given;
  return { ...given, shape: [0, ...spec.words.slice(1).map((word) => word.size ?? 0)] };
}

function matchFloats(loss: string, spec: FullInput, given: Given, bound: Bound, axis: number): Given {
  const moved = hasClassAxis(spec) ? classAxisLast(loss, spec, given, axis) : given;
  const many = spec.words.find((word) => word.many);
  const rank = moved.shape.length;
  if (many ? rank < spec.words.length - 1 : rank !== spec.words.length) {
    const wanted = spec.words.map((word) => word.name).join(", ");
    const count = many ? `at least ${spec.words.length - 1}` : `${spec.words.length}`;
    throw new LossError(
      "shape-mismatch",
      `"${spec.name}" has shape ${text(given.shape)}; it must have ${count} ${spec.words.length === 1 || count === "at least 1" ? "axis" : "axes"} (${wanted}).`,
      { loss, input: spec.name },
    );
  }
  let place = 0;
  for (const word of spec.words) {
    const length = word.many ? rank - spec.words.length + 1 : 1;
    const dims = moved.shape.slice(place, place + length);
    place += length;
    if (word.size !== undefined && dims[0] !== word.size) {
      throw new LossError(
        "shape-mismatch",
        `"${spec.name}" has shape ${text(given.shape)}; that axis must have size ${word.size}.`,
        { loss, input: spec.name },
      );
    }
    const known = bound.axes.get(word.name);
    if (known === undefined) bound.axes.set(word.name, { dims, from: spec.name });
    else if (text(known.dims) !== text(dims)) mismatch(loss, spec, given, bound, known.from, word.name);
  }
  return moved;
}

function mismatch(
  loss: string,
  spec: FullInput,
  given: Given,
  bound: Bound,
  other: string,
  axis: string,
): never {
  if (other === OPTIONS) {
    throw new LossError(
      "shape-mismatch",
      `"${spec.name}" has shape ${text(given.shape)}; its axis "${axis}" must have size ${bound.axes.get(axis)!.dims[0]}, as the options say.`,
      { loss, input: spec.name },
    );
  }
  const which =
    spec.words.length === 1 && spec.words[0].many ? "they must match" : `their axis "${axis}" must match`;
  throw new LossError(
    "shape-mismatch",
    `"${spec.name}" has shape ${text(given.shape)} but "${other}" has shape ${text(bound.shapes.get(other)!)}; ${which}.`,
    { loss, input: spec.name },
  );
}

function classAxisLast(loss: string, spec: FullInput, given: Given, axis: number): Given {
  const rank = given.shape.length;
  if (axis === -1 || rank === 0) return given;
  const from = axis < 0 ? rank + axis : axis;
  if (!Number.isInteger(axis) || from < 0 || from >= rank) {
    throw new LossError(
      "bad-option",
      `"axis" is ${axis}, but "${spec.name}" has shape ${text(given.shape)}.`,
      { loss, option: "axis" },
    );
  }
  return from === rank - 1 ? given : { ...given, ...moveAxis(given.data, given.shape, from, rank - 1) };
}

function matchClasses(loss: string, spec: FullInput, given: Given, bound: Bound, axis: number): Given {
  const samples = spec.words.flatMap((word) => {
    const known = bound.axes.get(word.name);
    if (!known)
      throw new LossError("definition", `no other input has the axis "${word.name}" of "${spec.name}".`, {
        loss,
      });
    return known.dims;
  });
  const classes = bound.axes.get(spec.over!);
  if (!classes)
    throw new LossError("definition", `no other input has the class axis "${spec.over}".`, { loss });
  if (text(given.shape) === text(samples)) {
    bound.forms[spec.name] = "index";
    return given;
  }
  const takesBoth = !spec.labelsOnly;
  const moved =
    takesBoth && given.shape.length === samples.length + 1 ? classAxisLast(loss, spec, given, axis) : given;
  if (takesBoth && text(moved.shape) === text([...samples, ...classes.dims])) {
    bound.forms[spec.name] = "distribution";
    return moved;
  }
  throw new LossError(
    "shape-mismatch",
    `"${spec.name}" has shape ${text(given.shape)} but "${classes.from}" has shape ${text(bound.shapes.get(classes.from)!)}; it must be ${text(samples)} (a class index for each)${takesBoth ? ` or the shape of "${classes.from}" (probabilities)` : ""}.`,
    { loss, input: spec.name },
  );
}
