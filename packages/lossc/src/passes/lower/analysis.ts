// What a scope's loops must respect. In: everything a scope needs. Out: where each part is computed, what ends with a
// loop of this scope, what is worth keeping, and in which order things can be known (levels).
//
// A scope is a place inside open loops. Whatever has only open axes is computed there, once; everything else inside
// loops over the axes it has beyond. Two computations share a loop unless one needs what the other has only at the
// end, a row's largest say: a level is how many loops over each other's results must have run before.

import type { Expr } from "../../language/expr.ts";
import { type Contraction, contractionOf, isPlain } from "./contraction.ts";
import { ownCost, WORTH_KEEPING } from "./cost.ts";
import { accessOf, isMove, type Spot } from "./moves.ts";

export interface Surroundings {
  readonly open: readonly string[];
  /** The axis of whose current tile everything is computed together. */
  readonly tile: string | undefined;
  /** Sorts axes, outermost first. */
  readonly sorted: (axes: readonly string[]) => readonly string[];
  readonly held: { readonly has: (expr: Expr) => boolean };
  /** Whether a buffer over these axes is small enough, here. */
  readonly storable: (axes: readonly string[]) => boolean;
}

/** An expression where a scope begins, and what is known of it there. */
export interface Part {
  readonly expr: Expr;
  readonly isHeld: boolean;
  readonly isLeaf: boolean;
  /** Its axes beyond the open ones, outermost first. */
  readonly rest: readonly string[];
  /** Computed in the scope itself. */
  readonly isHere: boolean;
  /** Known in this scope only when a loop of this scope has run. */
  readonly endsHere: boolean;
  readonly contraction: Contraction | undefined;
  /** None of it is left to be computed inside a loop of this scope. */
  readonly isAtHand: boolean;
  /** What it is made of; of what is held nothing. */
  readonly args: readonly Part[];
  /** Of a move what it reads and where. */
  readonly access: PartAccess | undefined;
  /** In units of an addition, given what can be kept; less than 0 where nobody asked. */
  cost: number;
  isStorable: boolean | undefined;
  /** The level asked for last, and the axis that was for. */
  levelAxis: string | undefined;
  level: number;
  otherLevels: Map<string, number> | undefined;
  /** The first level of loops that needs it of the scope: more than any where that is none, less than 0 where none asks. */
  neededBy: number;
}

export interface PartAccess {
  readonly base: Part;
  readonly spots: ReadonlyMap<string, Spot>;
  readonly indices: readonly Part[];
}

export interface Analysis {
  readonly partOf: (expr: Expr) => Part;
  readonly storable: (part: Part) => boolean;
  readonly cost: (part: Part) => number;
  readonly worthKeeping: (part: Part) => boolean;
  /** The level of something computed inside a loop over `axis`, or in the scope itself. */
  readonly level: (part: Part, axis: string) => number;
  /** The level at which all of it is known. */
  readonly finished: (part: Part) => number;
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

/** Whether an access reads what the same iteration of a loop over `axis` computes. */
export const sharesLoop = ({ base, spots }: PartAccess, axis: string): boolean =>
  !base.endsHere && base.expr.axes.includes(axis) && spots.get(axis) === axis;

const noAxes: readonly string[] = [];
const noParts: readonly Part[] = [];

export function analyse(around: Surroundings): Analysis {
  const { sorted, held, tile, open } = around;
  /** A sum whose result has axes inside the summed one: added up element by element while that loop runs. */
  const isSpread = ({ op, attrs }: Expr, rest: readonly string[]): boolean => {
    if (op !== "sum" && op !== "segmentSum") return false;
    const others = rest.filter((axis) => axis !== attrs.to);
    return sorted([attrs.axis!, ...others])[0] === attrs.axis;
  };
  /** A row with nothing but its own axis left: a routine makes it. */
  const isWholeRow = (expr: Expr, rest: readonly string[]): boolean =>
    isRow(expr) && rest.length === 1 && rest[0] === expr.attrs.axis;

  const parts = new Map<Expr, Part>();
  function partOf(expr: Expr): Part {
    let part = parts.get(expr);
    if (!part) {
      part = newPart(expr);
      parts.set(expr, part);
    }
    return part;
  }
  function newPart(expr: Expr): Part {
    const isHeld = held.has(expr);
    const rest = axesBeyond(expr.axes, open, sorted);
    const isHere = rest.length === 0;
    const contraction = tile === undefined || isHere || isHeld ? undefined : contractionOf(expr, tile);
    const endsHere =
      expr.kind !== "elementwise" &&
      isFold(expr) &&
      (isHere || contraction !== undefined || isSpread(expr, rest) || isWholeRow(expr, rest));
    return {
      expr,
      isHeld,
      isLeaf: expr.kind === "leaf",
      rest,
      isHere,
      endsHere,
      contraction,
      isAtHand: isHeld || isHere || endsHere,
      args: isHeld ? noParts : partsOf(expr.args),
      access: !isHeld && expr.kind === "shape" && isMove(expr) ? accessTo(expr) : undefined,
      cost: -1,
      isStorable: undefined,
      levelAxis: undefined,
      level: 0,
      otherLevels: undefined,
      neededBy: -1,
    };
  }
  const partsOf = (exprs: readonly Expr[]): readonly Part[] =>
    exprs.length === 0 ? noParts : exprs.map(partOf);
  function accessTo(move: Expr): PartAccess {
    const { base, spots, indices } = accessOf(move);
    return { base: partOf(base), spots, indices: partsOf(indices) };
  }

  function storable(part: Part): boolean {
    part.isStorable ??= !(part.access?.base ?? part).isLeaf && around.storable(part.rest);
    return part.isStorable;
  }
  function cost(part: Part): number {
    if (part.isAtHand) return 1;
    if (part.cost < 0) {
      let sum = ownCost(part.expr);
      for (let i = 0; i < part.args.length; i++) {
        const arg = part.args[i];
        if (arg.expr.axes.length === 0) continue;
        const more = cost(arg);
        sum += more >= WORTH_KEEPING && storable(arg) ? 1 : more;
      }
      part.cost = sum;
    }
    return part.cost;
  }
  const worthKeeping = (part: Part): boolean => storable(part) && cost(part) >= WORTH_KEEPING;
  function level(part: Part, axis: string): number {
    if (part.isLeaf || part.isHeld) return 0;
    if (part.levelAxis === axis) return part.level;
    const known = part.otherLevels?.get(axis);
    if (known !== undefined) return known;
    const level = levelOf(part, axis);
    if (part.levelAxis === undefined) {
      part.levelAxis = axis;
      part.level = level;
    } else {
      part.otherLevels ??= new Map();
      part.otherLevels.set(axis, level);
    }
    return level;
  }
  function levelOf(part: Part, axis: string): number {
    const { args, access } = part;
    let highest = 0;
    if (access) {
      for (const index of access.indices) highest = Math.max(highest, level(index, axis));
      const { base } = access;
      if (base.isLeaf || base.isHeld) return highest;
      return Math.max(highest, sharesLoop(access, axis) ? level(base, axis) : finished(base));
    }
    if (part.endsHere) return finished(part);
    for (let i = 0; i < args.length; i++) {
      const arg = args[i];
      if (arg.isLeaf || arg.isHeld) continue;
      // What is not at hand is worth a loop of its own where it is costly, and the same for all of the axis.
      const isApart = !arg.isAtHand && !arg.expr.axes.includes(axis) && worthKeeping(arg);
      const known = isApart ? finished(arg) : level(arg, axis);
      if (known > highest) highest = known;
    }
    return highest;
  }
  function finished(part: Part): number {
    const { isHeld, rest, isHere, endsHere, contraction, args } = part;
    if (isHeld) return 0;
    if (contraction) return readyFor(contraction) + 1;
    if (!endsHere) return isHere ? level(part, "") : level(part, rest[0]) + 1;
    let highest = 0;
    for (let i = 0; i < args.length; i++) highest = Math.max(highest, level(args[i], part.expr.attrs.axis!));
    return highest + 1;
  }
  const panelAxis = (table: Expr): string => sorted(table.axes)[0];
  /** The tile's tables are kept, the other one is made in panels. */
  function readyFor({ left, right, over }: Contraction): number {
    const whole = (table: Expr): number => (isPlain(table) ? 0 : finished(partOf(table)));
    return Math.max(whole(left), over === tile ? whole(right) : level(partOf(right), panelAxis(right)));
  }
  return {
    partOf,
    storable,
    cost,
    worthKeeping,
    level,
    finished,
    readyFor,
    panelAxis,
  };
}

/** Whether all of some axes are among others. */
export function areAmong(axes: readonly string[], others: readonly string[]): boolean {
  for (let i = 0; i < axes.length; i++) if (!others.includes(axes[i])) return false;
  return true;
}

/** Those of some axes that no loop runs over yet, outermost first. */
export function axesBeyond(
  axes: readonly string[],
  open: readonly string[],
  sorted: Surroundings["sorted"],
): readonly string[] {
  let rest: string[] | undefined;
  for (let i = 0; i < axes.length; i++) {
    const axis = axes[i];
    if (open.includes(axis) || rest?.includes(axis)) continue;
    if (rest) rest.push(axis);
    else rest = [axis];
  }
  return rest === undefined ? noAxes : rest.length < 2 ? rest : sorted(rest);
}
