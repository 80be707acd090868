// A loss's inputs as the views read them: axes as words, domains as the parameters say, and a number to hold each at.

import { type AxisSpec, parseAxes } from "../language/axes.ts";
import type { InputFacts, Numbers, Subject } from "./subject.ts";

export interface Place {
  readonly name: string;
  readonly words: readonly AxisSpec[];
  readonly axes: string;
  readonly role: InputFacts["role"];
  readonly kind: InputFacts["kind"];
  readonly over: string | undefined;
  readonly domain: string | undefined;
}

/** The inputs that every call has, by role, under certain parameters. */
export interface Structure {
  readonly loss: string;
  readonly models: readonly Place[];
  readonly data: readonly Place[];
  readonly params: Readonly<Record<string, unknown>>;
  /** Sizes of axes that parameters give. */
  readonly fixed: Sizes;
  /** The truth that was asked for, where a view leaves the choice. */
  readonly target: number | undefined;
}

export function structureOf(
  { name: loss, inputs, params }: Subject,
  options: Readonly<Record<string, unknown>>,
  target?: number,
): Structure {
  const defaults = Object.fromEntries(Object.entries(params).map(([name, spec]) => [name, spec.default]));
  const all = { ...defaults, ...options };
  const places = inputs
    .filter(({ optional }) => !optional)
    .map(({ name, axes, role, kind, over, domain }): Place => {
      const resolved = typeof domain === "function" ? domain(all) : domain;
      return { name, words: parseAxes(axes), axes, role, kind, over, domain: resolved };
    });
  return {
    loss,
    models: places.filter(({ role }) => role === "model"),
    data: places.filter(({ role }) => role === "data"),
    params: all,
    fixed: Object.fromEntries(
      Object.entries(params).flatMap(([name, { sizeOf }]) => (sizeOf ? [[sizeOf, Number(all[name])]] : [])),
    ),
    target,
  };
}

/** The sizes of axes that are no samples: an axis of any number of dimensions that is not named has none. */
export type Sizes = Readonly<Record<string, number>>;

/** The shape of an input of so many numbers: its first axis has what the others leave. */
export function shapeOf({ words }: Place, count: number, sizes: Sizes): number[] {
  const [first, ...rest] = words.map(({ name, many, size }, i) =>
    i === 0 ? [size ?? 0] : (size ?? sizes[name]) === undefined && many ? [] : [size ?? sizes[name] ?? 2],
  );
  const others = rest.flat();
  if (first === undefined) return [];
  return [count / others.reduce((a, b) => a * b, 1), ...others];
}

/** One row of numbers for an input that a view leaves alone: no error, no length, even odds, a unit box. */
const heldByDomain: Readonly<Record<string, (width: number) => readonly number[]>> = {
  probability: () => [0.5],
  distribution: (width) => new Array(width).fill(1 / width),
  logDistribution: (width) => new Array(width).fill(-Math.log(width)),
  positive: () => [1],
  nonZero: () => [1],
  box: () => [0, 0, 1, 1],
};

/** An input that a view leaves alone, for so many samples. */
export function held(place: Place, samplesAxis: string, samples: number, sizes: Sizes): Numbers {
  const dims = place.words.flatMap(({ name, many, size }) =>
    name === samplesAxis ? [samples] : size !== undefined ? [size] : many ? [] : [sizes[name] ?? 2],
  );
  const count = dims.reduce((a, b) => a * b, 1);
  const row =
    place.kind === "sign" || place.kind === "binary"
      ? [1]
      : (place.kind === "float" && heldByDomain[place.domain ?? ""]?.(dims.at(-1) ?? 1)) || [0];
  return { data: Float64Array.from({ length: count }, (_, i) => row[i % row.length]), shape: dims };
}
