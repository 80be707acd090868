// What a scope's loops must respect. In: everything a scope needs. Out: where each part is computed, what ends with a
// loop of this scope, what is worth keeping, and in which order things can be known (levels).
//
// A scope is a place inside open loops. Whatever has only open axes is computed there, once; everything else inside
// loops over the axes it has beyond. Two computations share a loop unless one needs what the other has only at the
// end, a row's largest say: a level is how many loops over each other's results must have run before.

import type { Expr } from "../../language/expr.ts";
import { opRow } from "../../language/ops.ts";
import { type Contraction, contractionOf, isPlain } from "./contraction.ts";
import { costOf, WORTH_KEEPING } from "./cost.ts";
import { accessOf, type Spot } from "./moves.ts";

export interface Surroundings {
  readonly open: readonly string[];
  /** The axis of whose current tile everything is computed together. */
  readonly tile: string | undefined;
  /** Sorts axes, outermost first. */
  readonly sorted: (axes: Iterable<string>) => string[];
  readonly held: (expr: Expr) => boolean;
  /** Whether a buffer over these axes is small enough, here. */
  readonly storable: (axes: readonly string[]) => boolean;
}

export interface Analysis {
  /** The axes beyond the open ones, outermost first. */
  readonly beyond: (axes: Iterable<string>) => string[];
  /** Computed in the scope itself. */
  readonly here: (expr: Expr) => boolean;
  /** Known in this scope only when a loop of this scope has run. */
  readonly endsHere: (expr: Expr) => boolean;
  readonly contractions: ReadonlyMap<Expr, Contraction>;
  readonly storable: (expr: Expr) => boolean;
  readonly cost: (expr: Expr) => number;
  readonly worthKeeping: (expr: Expr) => boolean;
  /** Worth a loop of its own: costly, and the same for all of `axis`. */
  readonly isHoisted: (expr: Expr, axis: string) => boolean;
  /** Whether an access reads what the same iteration of a loop over `axis` computes. */
  readonly sharesLoop: (base: Expr, spots: ReadonlyMap<string, Spot>, axis: string) => boolean;
  /** The level of something computed inside a loop over `axis`, or in the scope itself. */
  readonly level: (expr: Expr, axis: string) => number;
  /** The level at which all of it is known. */
  readonly finished: (expr: Expr) => number;
  /** The level at which both tables are known. */
  readonly readyFor: (contraction: Contraction) => number;
  /** The axis along which a table is made a panel at a time. */
  readonly panelAxis: (table: Expr) => string;
}

export const isLeaf = (expr: Expr): boolean => opRow(expr.op).kind === "leaf";
const isFold = (expr: Expr): boolean =>
  opRow(expr.op).kind === "reduce" || expr.op === "segmentSum" || isRow(expr);
/** A row made of a row. */
export const isRow = (expr: Expr): boolean => opRow(expr.op).kind === "row";

export function analyse(needed: readonly Expr[], around: Surroundings): Analysis {
  const { sorted, held, tile } = around;
  const open = new Set(around.open);
  const beyond = (axes: Iterable<string>) => sorted(new Set([...axes].filter((axis) => !open.has(axis))));
  // Expressions that run over the same axes mostly have the same list of them.
  const restOf = new Map<readonly string[], string[]>();
  const rest = new Map<Expr, string[]>();
  for (const expr of needed) {
    let axes = restOf.get(expr.axes);
    if (!axes) {
      axes = beyond(expr.axes);
      restOf.set(expr.axes, axes);
    }
    rest.set(expr, axes);
  }
  const here = (expr: Expr): boolean => rest.get(expr)!.length === 0;

  const contractions = new Map<Expr, Contraction>();
  for (const expr of tile === undefined ? [] : needed) {
    const contraction = here(expr) || held(expr) ? undefined : contractionOf(expr, tile!);
    if (contraction) contractions.set(expr, contraction);
  }
  /** A sum whose result has axes inside the summed one: added up element by element while that loop runs. */
  const isSpread = (expr: Expr): boolean => {
    if (expr.op !== "sum" && expr.op !== "segmentSum") return false;
    if (here(expr)) return false;
    const others = rest.get(expr)!.filter((axis) => axis !== expr.attrs.to);
    return sorted([expr.attrs.axis!, ...others])[0] === expr.attrs.axis;
  };
  /** A row with nothing but its own axis left: a routine makes it. */
  const isWholeRow = (expr: Expr): boolean =>
    isRow(expr) && rest.get(expr)!.length === 1 && rest.get(expr)![0] === expr.attrs.axis;
  const endsHere = (expr: Expr): boolean =>
    isFold(expr) && (here(expr) || contractions.has(expr) || isSpread(expr) || isWholeRow(expr));

  const storable = (expr: Expr): boolean => !isLeaf(accessOf(expr).base) && around.storable(rest.get(expr)!);
  const costs = new Map<Expr, number>();
  const atHand = (expr: Expr): boolean => held(expr) || here(expr) || endsHere(expr);
  const cost = (expr: Expr): number => costOf(expr, atHand, storable, costs);
  const worthKeeping = (expr: Expr): boolean => storable(expr) && cost(expr) >= WORTH_KEEPING;
  const isHoisted = (expr: Expr, axis: string): boolean =>
    !atHand(expr) && !expr.axes.includes(axis) && worthKeeping(expr);
  const sharesLoop: Analysis["sharesLoop"] = (base, spots, axis) =>
    base.axes.includes(axis) && spots.get(axis) === axis && !endsHere(base);

  const levels = new Map<string, Map<Expr, number>>();
  function level(expr: Expr, axis: string): number {
    if (held(expr) || isLeaf(expr)) return 0;
    const known = levels.get(axis) ?? new Map<Expr, number>();
    levels.set(axis, known);
    let result = known.get(expr);
    if (result === undefined) {
      result = levelOf(expr, axis);
      known.set(expr, result);
    }
    return result;
  }
  function levelOf(expr: Expr, axis: string): number {
    const { base, spots, indices: places } = accessOf(expr);
    if (base !== expr) {
      const indices = places.map((index) => level(index, axis));
      const known = held(base) || isLeaf(base);
      const own = known ? 0 : sharesLoop(base, spots, axis) ? level(base, axis) : finished(base);
      return Math.max(own, ...indices);
    }
    if (endsHere(expr)) return finished(expr);
    return Math.max(0, ...expr.args.map((arg) => (isHoisted(arg, axis) ? finished(arg) : level(arg, axis))));
  }
  function finished(expr: Expr): number {
    if (held(expr)) return 0;
    const contraction = contractions.get(expr);
    if (contraction) return readyFor(contraction) + 1;
    if (endsHere(expr)) return Math.max(...expr.args.map((arg) => level(arg, expr.attrs.axis!))) + 1;
    return here(expr) ? level(expr, "") : level(expr, rest.get(expr)![0]) + 1;
  }
  const panelAxis = (table: Expr): string => sorted(table.axes)[0];
  /** The tile's tables are kept, the other one is made in panels. */
  function readyFor({ left, right, over }: Contraction): number {
    const whole = (table: Expr): number => (isPlain(table) ? 0 : finished(table));
    return Math.max(whole(left), over === tile ? whole(right) : level(right, panelAxis(right)));
  }
  return {
    beyond,
    here,
    endsHere,
    contractions,
    storable,
    cost,
    worthKeeping,
    isHoisted,
    sharesLoop,
    level,
    finished,
    readyFor,
    panelAxis,
  };
}
