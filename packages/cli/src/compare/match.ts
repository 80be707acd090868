// Brings the rows of the two sides together, by key.

import { CommandError } from "../errors.ts";
import { grouped } from "../format/number.ts";
import type { Rows, Side } from "./side.ts";

export interface Matched {
  readonly keys: readonly (string | number)[];
  readonly a: Float64Array;
  readonly b: Float64Array;
  readonly weights: Float64Array;
  readonly groups: readonly (string | null)[];
  /** Rows of one side without a partner. */
  readonly onlyA: number;
  readonly onlyB: number;
}

/** The rows that both sides have, in the order of the first. */
export function match(loss: number, sides: readonly [Side, Side], key: string | undefined): Matched {
  const [first, second] = sides.map(({ rows }) => rows[loss]) as [Rows, Rows];
  placesOf(sides[1], second, key);
  const places = placesOf(sides[0], first, key);
  const pairs = second.keys.flatMap((own, j) => {
    const i = places.get(own);
    return i === undefined ? [] : [[i, j] as const];
  });
  pairs.sort(([i], [j]) => i - j);
  if (pairs.length === 0)
    throw new CommandError(
      `no row of ${sides[0].path} has a partner in ${sides[1].path}.`,
      key === undefined
        ? "Name the column that tells rows apart: --key id"
        : `Check that ${key} holds the same names in both.`,
    );
  const both = (column: (pair: readonly [number, number]) => number) => Float64Array.from(pairs, column);
  return {
    keys: pairs.map(([i]) => first.keys[i]),
    a: both(([i]) => first.losses[i]),
    b: both(([, j]) => second.losses[j]),
    weights: both(([i]) => first.weights[i]),
    groups: pairs.map(([i]) => first.groups[i]),
    onlyA: first.keys.length - pairs.length,
    onlyB: second.keys.length - pairs.length,
  };
}

/** Where each key stands; twice is once too often. */
function placesOf({ path }: Side, { keys }: Rows, key: string | undefined): Map<string | number, number> {
  const places = new Map<string | number, number>();
  for (const [i, own] of keys.entries()) {
    if (places.has(own))
      throw new CommandError(
        `--key ${key}: ${path} has ${JSON.stringify(own)} in more than one row, so it is not known which is meant.`,
        "Name a column that tells the rows apart, or remove the repeated rows.",
      );
    places.set(own, i);
  }
  return places;
}

/** Without a key the first row meets the first: that needs as many. */
export function checkSameLength([a, b]: readonly [Side, Side]): void {
  if (a.result.rows === b.result.rows) return;
  throw new CommandError(
    `${a.path} has ${grouped(a.result.rows)} rows and ${b.path} ${grouped(b.result.rows)}, so their order does not say which belong together.`,
    "Name the column that tells rows apart: --key id",
  );
}
