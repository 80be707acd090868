// What a scope's loops must respect. In: everything a scope needs. Out: where each part is computed, what ends with a
// loop of this scope, what is worth keeping, and in which order things can be known (levels).
//
// A scope is a place inside open loops. Whatever has only open axes is computed there, once; everything else inside
// loops over the axes it has beyond. Two computations share a loop unless one needs what the other has only at the
// end, a row's largest say: a level is how many loops over each other's results must have run before.

import type { Expr } from "../../language/expr.ts";
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

/** What is known of an expression where a scope begins. */
export interface Facts {
  readonly isHeld: boolean;
  /** Its axes beyond the open ones, outermost first. */
  readonly rest: readonly string[];
  /** Computed in the scope itself. */
  readonly isHere: boolean;
  /** Known in this scope only when a loop of this scope has run. */
  readonly endsHere: boolean;
  readonly contraction: Contraction | undefined;
  /** None of it is left to be computed inside a loop of this scope. */
  readonly isAtHand: boolean;
}

export interface Analysis {
  readonly factsOf: (expr: Expr) => Facts;
  /** The axes beyond the open ones, outermost first. */
  readonly beyond: (axes: readonly string[]) => readonly string[];
  readonly storable: (expr: Expr) => boolean;
  readonly cost: (expr: Expr) => number;
  readonly worthKeeping: (expr: Expr) => boolean;
  /** Whether what is not at hand is worth a loop of its own: costly, and the same for all of `axis`. */
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

export const isLeaf = (expr: Expr): boolean => expr.kind === "leaf";
/** Made of all elements along an axis. */
export const isFold = ({ op, kind }: Expr): boolean =>
  kind === "reduce" || kind === "row" || op === "segmentSum";
/** A row made of a row. */
export const isRow = (expr: Expr): boolean => expr.kind === "row";

export function analyse(around: Surroundings): Analysis {
  const { sorted, held, tile } = around;
  // Expressions that run over the same axes mostly have the same list of them.
  const restOf = new Map<readonly string[], readonly string[]>();
  const beyond = (axes: readonly string[]): readonly string[] => {
    let rest = restOf.get(axes);
    if (!rest) {
      rest = axesBeyond(axes, around.open, sorted);
      restOf.set(axes, rest);
    }
    return rest;
  };
  /** A sum whose result has axes inside the summed one: added up element by element while that loop runs. */
  const isSpread = ({ op, attrs }: Expr, rest: readonly string[]): boolean => {
    if (op !== "sum" && op !== "segmentSum") return false;
    const others = rest.filter((axis) => axis !== attrs.to);
    return sorted([attrs.axis!, ...others])[0] === attrs.axis;
  };
  /** A row with nothing but its own axis left: a routine makes it. */
  const isWholeRow = (expr: Expr, rest: readonly string[]): boolean =>
    isRow(expr) && rest.length === 1 && rest[0] === expr.attrs.axis;

  const known = new Map<Expr, Facts>();
  function factsOf(expr: Expr): Facts {
    let facts = known.get(expr);
    if (!facts) {
      const isHeld = held(expr);
      const rest = beyond(expr.axes);
      const isHere = rest.length === 0;
      const contraction = tile === undefined || isHere || isHeld ? undefined : contractionOf(expr, tile);
      const endsHere =
        isFold(expr) &&
        (isHere || contraction !== undefined || isSpread(expr, rest) || isWholeRow(expr, rest));
      facts = { isHeld, rest, isHere, endsHere, contraction, isAtHand: isHeld || isHere || endsHere };
      known.set(expr, facts);
    }
    return facts;
  }

  const storable = (expr: Expr): boolean =>
    !isLeaf(accessOf(expr).base) && around.storable(factsOf(expr).rest);
  const costs = new Map<Expr, number>();
  const atHand = (expr: Expr): boolean => factsOf(expr).isAtHand;
  const cost = (expr: Expr): number => costOf(expr, atHand, storable, costs);
  const worthKeeping = (expr: Expr): boolean => storable(expr) && cost(expr) >= WORTH_KEEPING;
  const isHoisted = (expr: Expr, axis: string): boolean => !expr.axes.includes(axis) && worthKeeping(expr);
  const sharesLoop: Analysis["sharesLoop"] = (base, spots, axis) =>
    base.axes.includes(axis) && spots.get(axis) === axis && !factsOf(base).endsHere;

  const levels = new Map<string, Map<Expr, number>>();
  function level(expr: Expr, axis: string): number {
    if (isLeaf(expr) || factsOf(expr).isHeld) return 0;
    let known = levels.get(axis);
    if (!known) {
      known = new Map();
      levels.set(axis, known);
    }
    let result = known.get(expr);
    if (result === undefined) {
      result = levelOf(expr, axis);
      known.set(expr, result);
    }
    return result;
  }
  function levelOf(expr: Expr, axis: string): number {
    const { base, spots, indices } = accessOf(expr);
    let highest = 0;
    if (base !== expr) {
      for (const index of indices) highest = Math.max(highest, level(index, axis));
      if (isLeaf(base) || factsOf(base).isHeld) return highest;
      return Math.max(highest, sharesLoop(base, spots, axis) ? level(base, axis) : finished(base));
    }
    if (factsOf(expr).endsHere) return finished(expr);
    for (const arg of expr.args) {
      if (isLeaf(arg)) continue;
      const isApart = !factsOf(arg).isAtHand && isHoisted(arg, axis);
      highest = Math.max(highest, isApart ? finished(arg) : level(arg, axis));
    }
    return highest;
  }
  function finished(expr: Expr): number {
    const { isHeld, rest, isHere, endsHere, contraction } = factsOf(expr);
    if (isHeld) return 0;
    if (contraction) return readyFor(contraction) + 1;
    if (endsHere) return Math.max(...expr.args.map((arg) => level(arg, expr.attrs.axis!))) + 1;
    return isHere ? level(expr, "") : level(expr, rest[0]) + 1;
  }
  const panelAxis = (table: Expr): string => sorted(table.axes)[0];
  /** The tile's tables are kept, the other one is made in panels. */
  function readyFor({ left, right, over }: Contraction): number {
    const whole = (table: Expr): number => (isPlain(table) ? 0 : finished(table));
    return Math.max(whole(left), over === tile ? whole(right) : level(right, panelAxis(right)));
  }
  return {
    factsOf,
    beyond,
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

/** Those of some axes that no loop runs over yet, outermost first. */
export function axesBeyond(
  axes: readonly string[],
  open: readonly string[],
  sorted: Surroundings["sorted"],
): readonly string[] {
  const rest = axes.filter((axis, i) => !open.includes(axis) && axes.indexOf(axis) === i);
  return rest.length < 2 ? rest : sorted(rest);
}
