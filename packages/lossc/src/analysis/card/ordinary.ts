// A batch of ordinary inputs for any loss, made from its structure: what the invariances are tried on.

import type { Place, Structure } from "../structure.ts";
import type { Numbers } from "../subject.ts";

/** Samples, pixels, coordinates; classes. */
const SIZE = 4;
const CLASSES = 3;

export type Batch = Readonly<Record<string, Numbers>>;

/** Numbers in [0, 1) that are the same in every run: a linear congruential generator, Knuth's constants. */
export function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

export function ordinary({ models, data, params, fixed }: Structure, random: () => number): Batch {
  const places = [...models, ...data];
  const classAxes = new Set(places.map(({ over }) => over));
  const sizeOf = ({ name, size }: Place["words"][number]) =>
    size ?? fixed[name] ?? (classAxes.has(name) ? CLASSES : SIZE);
  return Object.fromEntries(
    places.map((place) => {
      const shape = place.words.map(sizeOf);
      const count = shape.reduce((a, b) => a * b, 1);
      const width = shape.at(-1) ?? 1;
      const rows = Array.from({ length: count / width }, (_, i) =>
        rowOf(place, width, i, random, String(params.format)),
      );
      return [place.name, { data: Float64Array.from(rows.flat()), shape }];
    }),
  );
}

type Fill = (width: number, row: number, random: () => number) => number[];
const each =
  (make: (random: () => number, i: number) => number): Fill =>
  (width, _, random) =>
    Array.from({ length: width }, (_, i) => make(random, i));

const kinds: Readonly<Record<string, Fill>> = {
  sign: each((_, i) => (i % 2 === 0 ? 1 : -1)),
  binary: each((_, i) => (i + 1) % 2),
  classes: each((_, i) => i % CLASSES),
  index: each((_, i) => Math.floor(i / 2)), // two samples of each label
};
const domains: Readonly<Record<string, Fill>> = {
  probability: each((random) => 0.1 + 0.8 * random()),
  positive: each((random) => 0.5 + random()),
  nonNegative: each((random) => Math.floor(3 * random())),
  nonZero: each((random) => 0.5 + random()),
  aboveMinusOne: each((random) => random()),
  mask: each((_, i) => i % 2),
  distribution: (width, row, random) => normalised(each((draw) => 0.1 + draw())(width, row, random)),
  logDistribution: (width, row, random) =>
    normalised(each((draw) => 0.1 + draw())(width, row, random)).map(Math.log),
};
const anything: Fill = each((random) => 3 * random() - 1.5);

function normalised(row: readonly number[]): number[] {
  const sum = row.reduce((a, b) => a + b);
  return row.map((x) => x / sum);
}

function rowOf(
  { kind, domain }: Place,
  width: number,
  row: number,
  random: () => number,
  format: string,
): number[] {
  if (kind !== "float") return kinds[kind](width, row, random);
  if (domain === "box") {
    const [x, y, w, h] = [random(), random(), 1 + random(), 1 + random()];
    return format === "xyxy" ? [x, y, x + w, y + h] : [x, y, w, h];
  }
  return (domains[domain ?? ""] ?? anything)(width, row, random);
}
