// Moves (`at`, `rename`, `take`) are pushed down to what they read. In: any expressions. Out: the same, in which a
// move stands only on a leaf or on something computed along an axis, where it is a way of reading: an access.

import { constant, type Expr, iota, make } from "../../language/expr.ts";
import type { Op } from "../../language/ops.ts";
import { remembering } from "../../language/rewrite.ts";

export const isMove = ({ op }: Expr): boolean => op === "take" || op === "rename" || op === "at";

/** Gives what a move of `x` is, as deep down as it goes; `again` moves a part of it in the same way. */
type Push = (move: Expr, x: Expr, again: (part: Expr) => Expr) => Expr;

const stay = (move: Expr, x: Expr): Expr =>
  x === move.args[0] ? move : make(move.op, [x, ...move.args.slice(1)], move.attrs);

/** How each op lets moves through; elementwise ops all do. */
const pushes: { readonly [K in Op]?: Push } = {
  iota: (move) =>
    move.op === "at"
      ? constant(move.attrs.index!)
      : move.op === "rename"
        ? iota(move.attrs.to!)
        : move.args[1],
  rename: (move, x) => {
    const back = move.op === "rename" && move.attrs.axis === x.attrs.to;
    if (!back) return stay(move, x);
    const [inner] = x.args;
    return move.attrs.to === x.attrs.axis
      ? inner
      : push(make("rename", [inner], { axis: x.attrs.axis!, to: move.attrs.to! }));
  },
  take: (_, x, again) => make("take", [again(x.args[0]), again(x.args[1])], x.attrs),
  // A fixed place of what is computed along another axis is computed at that place.
  sum: fixedOnly,
  reduceMax: fixedOnly,
  reduceMin: fixedOnly,
  argmax: fixedOnly,
  argmin: fixedOnly,
  norm: fixedOnly,
};

function fixedOnly(move: Expr, x: Expr, again: (part: Expr) => Expr): Expr {
  return move.op === "at" ? make(x.op, x.args.map(again), x.attrs) : stay(move, x);
}

/** Pushes one move whose argument is in this form already. */
function push(move: Expr): Expr {
  const done = new Map<Expr, Expr>();
  const go = (x: Expr): Expr => {
    if (!x.axes.includes(move.attrs.axis!)) return x;
    let result = done.get(x);
    if (!result) {
      const through = x.kind === "elementwise";
      result = through ? make(x.op, x.args.map(go), x.attrs) : (pushes[x.op] ?? stay)(move, x, go);
      done.set(x, result);
    }
    return result;
  };
  return go(move.args[0]);
}

export const pushMoves = remembering({ at: push, rename: push, take: push });

/** Where along an axis of what is read: the axis of that or another name, a fixed index, or a computed one. */
export type Spot = string | number | Expr;

export interface Access {
  /** A leaf, or something computed along an axis. */
  readonly base: Expr;
  /** For each axis of the base. */
  readonly spots: ReadonlyMap<string, Spot>;
  /** Those of the spots that are computed. */
  readonly indices: readonly Expr[];
}

// Asked for often, and expressions live as long as the program.
const accesses = new Map<Expr, Access>();

/** What a chain of moves reads; of anything else, itself. */
export function accessOf(expr: Expr): Access {
  let access = accesses.get(expr);
  if (!access) {
    access = readAccess(expr);
    accesses.set(expr, access);
  }
  return access;
}

export const indicesOf = (spots: Iterable<Spot>): Expr[] =>
  [...spots].filter((spot) => typeof spot === "object");

const none: readonly Expr[] = [];
const unmoved = new Map<readonly string[], ReadonlyMap<string, Spot>>();
/** Each axis at itself: one table for all expressions that have the same list of axes. */
function spotsOf(axes: readonly string[]): ReadonlyMap<string, Spot> {
  let spots = unmoved.get(axes);
  if (!spots) {
    spots = new Map(axes.map((axis) => [axis, axis]));
    unmoved.set(axes, spots);
  }
  return spots;
}

function readAccess(expr: Expr): Access {
  if (!isMove(expr)) return { base: expr, spots: spotsOf(expr.axes), indices: none };
  const inner = accessOf(expr.args[0]);
  const { axis, to, index } = expr.attrs;
  const moved: Spot = expr.op === "rename" ? to! : expr.op === "at" ? index! : expr.args[1];
  const spots = new Map([...inner.spots].map(([of, spot]) => [of, spot === axis ? moved : spot]));
  return { base: inner.base, spots, indices: indicesOf(spots.values()) };
}
