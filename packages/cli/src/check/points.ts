// Points at which a loss is tried: inputs of every kind and domain, ordinary and extreme, drawn with a seed.

import type { AnyLoss } from "lossc";

export type Input = AnyLoss["inputs"][string];
/** Inputs of one call: flat numbers and a shape. */
export type Point = Readonly<
  Record<string, { readonly data: Float64Array; readonly shape: readonly number[] }>
>;

/** How long an axis is here: samples and classes are few, so that a person can read the point. */
function sizeOf(axis: string): number {
  if (/^\d+$/.test(axis)) return Number(axis);
  return axis.includes("...") ? 4 : 3;
}

/** What a number may be. */
type Draw = (random: () => number, extreme: boolean) => number;

const extremes = [0, 1e-300, 1e-12, -1e-12, 1, -1, 30, -30, 745, -745, 1e4, -1e4];
const pick = (values: readonly number[], random: () => number): number =>
  values[Math.floor(random() * values.length)];
const positive: Draw = (random, extreme) =>
  extreme ? Math.abs(pick(extremes, random)) || 1e-6 : 0.05 + 3 * random();

const draws: Readonly<Record<string, Draw>> = {
  probability: (random, extreme) =>
    extreme ? pick([0, 1e-12, 0.5, 1 - 1e-12, 1], random) : 0.02 + 0.96 * random(),
  positive,
  nonNegative: (random, extreme) => (extreme && random() < 0.3 ? 0 : positive(random, extreme)),
  nonZero: (random, extreme) => positive(random, extreme) * (random() < 0.5 ? -1 : 1),
  aboveMinusOne: (random, extreme) => (extreme ? pick([-1 + 1e-12, 0, 1e4], random) : 3 * random() - 0.9),
  mask: (random) => +(random() < 0.5),
};
const anyNumber: Draw = (random, extreme) => (extreme ? pick(extremes, random) : 6 * random() - 3);

/** Whole rows, where the numbers of a row depend on each other. */
const rows: Readonly<Record<string, (width: number, random: () => number) => number[]>> = {
  distribution: shares,
  logDistribution: (width, random) => shares(width, random).map(Math.log),
  box: (_, random) => {
    const [x, y] = [4 * random(), 4 * random()];
    return [x, y, x + 0.2 + 2 * random(), y + 0.2 + 2 * random()];
  },
};

function shares(width: number, random: () => number): number[] {
  const parts = Array.from({ length: width }, () => 0.05 + random());
  const total = parts.reduce((a, b) => a + b, 0);
  return parts.map((part) => part / total);
}

/** One point for a loss; in an extreme one every number may lie at the edge of what its input takes. */
export function pointOf(
  loss: AnyLoss,
  params: Readonly<Record<string, unknown>>,
  random: () => number,
  extreme: boolean,
): Point {
  const needed = Object.entries(loss.inputs).filter(([, { optional }]) => !optional);
  return Object.fromEntries(
    needed.map(([name, spec]) => {
      const shape = spec.axes
        .split(/\s+/)
        .filter((word) => word !== "")
        .map(sizeOf);
      return [name, { data: Float64Array.from(numbersOf(spec, shape, params, random, extreme)), shape }];
    }),
  );
}

function numbersOf(
  spec: Input,
  shape: readonly number[],
  params: Readonly<Record<string, unknown>>,
  random: () => number,
  extreme: boolean,
): number[] {
  const { kind } = spec;
  const count = shape.reduce((a, b) => a * b, 1);
  const each = (draw: () => number): number[] => Array.from({ length: count }, draw);
  if (kind === "classes") return each(() => Math.floor(random() * sizeOf(spec.over!)));
  if (kind === "index") return each(() => Math.floor(random() * 2));
  if (kind === "binary") return each(() => (random() < 0.7 ? +(random() < 0.5) : random()));
  if (kind === "sign") return each(() => (random() < 0.5 ? -1 : 1));
  const domain = typeof spec.domain === "function" ? spec.domain(params) : spec.domain;
  const row = domain === undefined ? undefined : rows[domain];
  if (row) {
    const width = shape.at(-1)!;
    return Array.from({ length: count / width }, () => row(width, random)).flat();
  }
  const draw = (domain === undefined ? undefined : draws[domain]) ?? anyNumber;
  // Not all at once: the sum of two extremes hides what each does.
  return each(() => draw(random, extreme && random() < 0.5));
}
