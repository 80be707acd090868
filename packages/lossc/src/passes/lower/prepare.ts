// From a program's expressions to those that loops are made of. In: the outputs after all passes. Out: outputs
// whose axes of fixed size are written out, whose moves stand on what they read, and whose reductions are folds.

import type { Expr } from "../../language/expr.ts";
import type { Rewrite } from "../../language/rewrite.ts";
import { simplify } from "../simplify.ts";
import { joinAlike } from "./alike.ts";
import { shareCommuted } from "./commute.ts";
import { expand, fixedSize, unroll } from "./expand.ts";
import { takeOutScalars } from "./factors.ts";
import { flatten } from "./flatten.ts";
import { foldWhereLookedUp } from "./lookup.ts";
import { pushMoves } from "./moves.ts";
import { type Patched, patch } from "./patch.ts";
import { sumSpikes } from "./sparse.ts";
import { reorderSums } from "./sums.ts";
import { sumFromOtherSide } from "./swap.ts";

/** What can be lowered: a program, as engines get it. */
export interface Lowerable {
  readonly outputs: Readonly<Record<string, { readonly expr: Expr; readonly axes: readonly string[] }>>;
  /** Axes that are second names of others. */
  readonly aliases: ReadonlyMap<string, string>;
  readonly arithmetic?: "float64";
}

export interface Prepared {
  readonly stored: readonly Patched[];
  /** Axes that stand for several. */
  readonly joined: Readonly<Record<string, readonly string[]>>;
}

/** What is stored in one output: all of it, or the part at fixed places of its axes. */
export interface Stored {
  readonly output: string;
  readonly value: Expr;
  /** One place per axis of the output. */
  readonly at: readonly (string | number)[];
}

const tidy: Rewrite = (roots) => pushMoves(simplify(pushMoves(roots)));
/** Each is followed by `tidy` where it changed something. */
const passes: readonly ((roots: readonly Expr[], aliases: Lowerable["aliases"]) => readonly Expr[])[] = [
  unroll,
  reorderSums,
  sumSpikes,
  sumFromOtherSide,
  foldWhereLookedUp,
];

export function prepare({ outputs, aliases }: Lowerable): Prepared {
  const stored = Object.entries(outputs).flatMap(([output, { expr, axes }]) =>
    placesOf(axes).map((at): Stored => {
      const value = at.reduce((x, place, i) => (typeof place === "number" ? x.at(axes[i], place) : x), expr);
      return { output, value, at };
    }),
  );
  let values = expand(stored.map(({ value }) => value));
  values = tidy(values);
  for (const pass of passes) {
    const after = pass(values, aliases);
    if (after !== values && after.some((value, i) => value !== values[i])) values = tidy(after);
  }
  values = shareCommuted(values);
  const { stored: flat, joined } = flatten(stored.map((one, i) => ({ ...one, value: values[i] })));
  const patched = patch(flat);
  const scaled = joinAlike(takeOutScalars(patched.map(({ value }) => value)));
  return { stored: patched.map((one, i) => ({ ...one, value: scaled[i] })), joined };
}

/** All places of an output's axes of fixed size; the others are loops. */
function placesOf(axes: readonly string[]): (string | number)[][] {
  return axes.reduce<(string | number)[][]>(
    (places, axis) => {
      const size = fixedSize(axis);
      const here = size === undefined ? [axis] : Array.from({ length: size }, (_, i) => i);
      return places.flatMap((before) => here.map((place) => [...before, place]));
    },
    [[]],
  );
}
