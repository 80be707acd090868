// From rows of a view to the inputs of a call: samples stacked, shared inputs beside them, all others held.

import { held, type Place, shapeOf, structureOf } from "../structure.ts";
import type { Numbers, Subject } from "../subject.ts";
import type { Moved, PlacedView, Row } from "./view.ts";

type Options = Readonly<Record<string, unknown>>;

export interface Stacked {
  readonly inputs: Readonly<Record<string, Numbers>>;
  /** The first and the second derivative of every input by x, of those that x moves. */
  readonly first: Readonly<Record<string, Float64Array>>;
  readonly second: Readonly<Record<string, Float64Array>>;
}

const part = (x: Moved, order: 0 | 1 | 2): number =>
  typeof x === "number" ? (order === 0 ? x : 0) : x[order];

/** The inputs of a call whose samples are these rows. */
export function stack(subject: Subject, view: PlacedView, rows: readonly Row[], options: Options): Stacked {
  const { models, data, fixed } = structureOf(subject, options);
  const sizes = { ...fixed, ...view.sizes };
  const inputs: Record<string, Numbers> = {};
  const first: Record<string, Float64Array> = {};
  const second: Record<string, Float64Array> = {};
  const places = [...models, ...data];
  const joined = (name: string, order: 0 | 1 | 2): Float64Array =>
    Float64Array.from(rows.flatMap((row) => row[name].map((x) => part(x, order))));
  for (const name of Object.keys(rows[0])) {
    const place = places.find((one) => one.name === name)!;
    const numbers = joined(name, 0);
    inputs[name] = { data: numbers, shape: shapeOf(place, numbers.length, sizes) };
    if (place.role === "model" && rows.some((row) => row[name].some((x) => typeof x !== "number"))) {
      first[name] = joined(name, 1);
      second[name] = joined(name, 2);
    }
  }
  const samples = sampleCount(places, inputs, view);
  for (const place of places) {
    if (place.name in inputs) continue;
    const shared = view.shared?.[place.name];
    inputs[place.name] = shared
      ? { data: Float64Array.from(shared), shape: shapeOf(place, shared.length, sizes) }
      : held(place, view.samples, samples, sizes);
  }
  return { inputs, first, second };
}

/** How many samples the inputs made so far have. */
function sampleCount(places: readonly Place[], inputs: Stacked["inputs"], view: PlacedView): number {
  const along = places.find(({ name, words }) => name in inputs && words[0]?.name === view.samples)!;
  return inputs[along.name].shape[0];
}

/** Whether two samples have the same loss, to rounding. */
export function sameLoss(
  subject: Subject,
  view: PlacedView,
  pair: readonly [Row, Row],
  options: Options,
): boolean {
  const [a, b] = pair.map((row) => {
    const { inputs } = stack(subject, view, [row], options);
    return subject.evaluate({ inputs, directions: {}, options, of: "whole", second: false }).values[0];
  });
  return Math.abs(a - b) <= 1e-12 * Math.max(Math.abs(a), Math.abs(b));
}
