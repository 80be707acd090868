// Reads the vectors: cases from outside oracles, made by the programs in tools/vectors.

import { readdirSync, readFileSync } from "node:fs";
import { catalogue } from "../src/index.ts";

export type Nested = number | readonly Nested[];

export interface VectorCase {
  readonly name: string;
  readonly inputs: Readonly<Record<string, Nested>>;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly value: Nested;
  readonly grads: Readonly<Record<string, Nested>>;
  readonly weightSum?: number;
  readonly count?: number;
  readonly tolerance?: number;
}

export interface Vectors {
  readonly loss: string;
  readonly oracle: string;
  readonly cases: readonly VectorCase[];
}

const folder = new URL("./vectors/", import.meta.url);
const words = new Map([
  ["Infinity", Infinity],
  ["-Infinity", -Infinity],
  ["NaN", NaN],
]);

export const vectorNames = readdirSync(folder).map((file) => file.replace(/\.json$/, ""));

export function vectorsOf(name: string): Vectors {
  const text = readFileSync(new URL(`${name}.json`, folder), "utf8");
  return JSON.parse(text, (_, value) => words.get(value) ?? value);
}

/** All numbers of a nested array, in order. */
export const flat = (nested: Nested): number[] =>
  typeof nested === "number" ? [nested] : nested.flatMap(flat);

export const shapeOf = (nested: Nested): number[] =>
  typeof nested === "number" ? [] : [nested.length, ...(nested.length ? shapeOf(nested[0]) : [])];

/** The first place where numbers differ by more than the tolerance, in words; undefined where they agree.
 * A true 0 may come out as the last bit of the largest number beside it, where exact terms cancel. */
export function difference(
  actual: ArrayLike<number>,
  expected: readonly number[],
  tolerance: number,
): string | undefined {
  if (actual.length !== expected.length) return `${actual.length} numbers, not ${expected.length}`;
  const finite = expected.filter(Number.isFinite).map(Math.abs);
  const largest = finite.reduce((a, b) => Math.max(a, b), 0);
  for (let i = 0; i < expected.length; i++) {
    const [got, want] = [actual[i], expected[i]];
    if (Object.is(got, want) || got === want || (Number.isNaN(got) && Number.isNaN(want))) continue;
    const slack = want === 0 ? 2e-15 * Math.max(1, largest) : tolerance * Math.abs(want);
    if (!(Math.abs(got - want) <= slack)) return `[${i}]: ${got}, not ${want}`;
  }
  return undefined;
}

export const losses = [...catalogue.values()];
