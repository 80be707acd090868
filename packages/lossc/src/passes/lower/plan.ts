// What loops a scope needs and what each of them computes. In: what a scope must make. Out: loops in order, each with
// the folds and stores of its body.
//
// From what is asked for down to what it needs: folds run as late as they can, next to what shares their parts.
// Cheap things are computed again in a later loop; costly ones are kept in a buffer where that is small.

import type { Expr } from "../../language/expr.ts";
import {
  type Analysis,
  analyse,
  areAmong,
  axesBeyond,
  isFold,
  isRow,
  type Part,
  type Surroundings,
  sharesLoop,
} from "./analysis.ts";
import { type Contraction, contractionInto, isPlain } from "./contraction.ts";
import type { Buffer } from "./ir.ts";
import type { Spot } from "./moves.ts";
import { shareWithSerial } from "./serial.ts";

/** Something to be written: `value` at the place that the spots name. */
export interface Store {
  readonly value: Expr;
  readonly buffer: Buffer;
  readonly at: readonly Spot[];
  readonly accumulate: boolean;
  /** What it computes: the value, and the places that are not simply an axis or a number. */
  readonly parts: readonly Expr[];
  /** The axes of its loops. */
  readonly axes: readonly string[];
}

export function storing(value: Expr, buffer: Buffer, at: readonly Spot[], accumulate = false): Store {
  const parts = [value];
  const axes: string[] = [];
  for (const spot of at) {
    if (typeof spot === "object") parts.push(spot);
    else if (typeof spot === "string" && !axes.includes(spot)) axes.push(spot);
  }
  for (const part of parts) for (const axis of part.axes) if (!axes.includes(axis)) axes.push(axis);
  return { value, buffer, at, accumulate, parts, axes };
}

export interface PlannedLoop {
  readonly axis: string;
  readonly level: number;
  /** Adds into shared elements, so that its iterations must run in order. */
  serial: boolean;
  /** Folded over the loop, each known in the scope when the loop has run. */
  readonly folds: Expr[];
  /** What is spread over a buffer while the loop runs: sums into bins, sums of rows. */
  readonly spreads: Expr[];
  /** Kept in a buffer over the axes beyond the scope. */
  readonly kept: Expr[];
  /** What a routine makes of a whole row. */
  readonly routines: Expr[];
  readonly stores: Store[];
  /** Not a loop but one contraction: of a fold, or into a table that a store adds to. */
  readonly contraction?: Contraction & { readonly into: Expr | Store };
  /** Everything computed in its body. */
  readonly visited: Set<Part>;
}

export interface Plan {
  readonly loops: readonly PlannedLoop[];
  /** What is computed in the scope itself, but for folds. */
  readonly scalars: readonly Part[];
}

const emptyLoop = (axis: string, level: number, serial: boolean): PlannedLoop => ({
  axis,
  level,
  serial,
  folds: [],
  spreads: [],
  kept: [],
  routines: [],
  stores: [],
  visited: new Set(),
});

/** Everything a loop computes in its body, but for what that is made of. */
export function partsOf({ folds, spreads, routines, kept, contraction, stores }: PlannedLoop): Expr[] {
  const parts: Expr[] = [];
  for (const fold of folds) parts.push(...fold.args);
  for (const spread of spreads) parts.push(...spread.args);
  for (const routine of routines) parts.push(routine.args[0]);
  parts.push(...kept);
  if (contraction && !isPlain(contraction.right)) parts.push(contraction.right);
  for (const store of stores) parts.push(...store.parts);
  return parts;
}

const noLoops: Plan = { loops: [], scalars: [] };

/** Most scopes are the bodies of innermost loops, for which there is nothing to plan. */
function needsLoops(needed: readonly Expr[], stores: readonly Store[], open: readonly string[]): boolean {
  for (let i = 0; i < stores.length; i++) if (!areAmong(stores[i].axes, open)) return true;
  for (let i = 0; i < needed.length; i++) {
    const expr = needed[i];
    if (expr.kind !== "leaf" && (isFold(expr) || !areAmong(expr.axes, open))) return true;
  }
  return false;
}
/** `needed`: all that is not known already, arguments first. */
export function planScope(
  needed: readonly Expr[],
  values: readonly Expr[],
  stores: readonly Store[],
  around: Surroundings,
): Plan {
  if (!needsLoops(needed, stores, around.open)) return noLoops;
  const analysis = analyse(around);
  const { partOf, level, finished } = analysis;
  const { open, tile, sorted } = around;
  const isTop = open.length === 0 && tile === undefined;
  const contracted = new Map<Store, Contraction>();
  for (const store of tile === undefined ? [] : stores) {
    const contraction = contractionInto(store, tile!);
    if (contraction) contracted.set(store, contraction);
  }
  const parts = needed.map(partOf);

  /** For each axis the last level at which a loop over it runs. */
  const tops = new Map<string, number>();
  const raise = (axis: string, to: number) => tops.set(axis, Math.max(tops.get(axis) ?? 0, to));
  for (let i = 0; i < parts.length; i++) {
    const { expr, endsHere, contraction } = parts[i];
    if (endsHere && !contraction) raise(expr.attrs.axis!, finished(parts[i]) - 1);
  }
  for (const store of stores) {
    const axis = axesBeyond(store.axes, open, sorted)[0];
    if (axis === undefined || contracted.has(store)) continue;
    for (const part of store.parts) raise(axis, level(partOf(part), axis));
  }

  const loops = new Map<string, PlannedLoop>();
  const loopAt = (axis: string, at: number, serial = false): PlannedLoop => {
    const key = `${axis} ${at} ${serial}`;
    let loop = loops.get(key);
    if (!loop) {
      loop = emptyLoop(axis, at, serial);
      loops.set(key, loop);
    }
    return loop;
  };
  /** The latest level from `lowest` on and before `by`, next to another loop if there is one. */
  const latest = (axis: string, lowest: number, by: number): number => {
    if (by === Number.POSITIVE_INFINITY) return Math.max(lowest, tops.get(axis) ?? 0);
    for (let at = by - 1; at > lowest; at--) if (loops.has(`${axis} ${at} false`)) return at;
    return lowest;
  };
  const visit = walker(analysis);
  const contract = (contraction: Contraction, into: Expr | Store): void => {
    const { left, right, over } = contraction;
    const at = analysis.readyFor(contraction);
    const loop = {
      ...emptyLoop(analysis.panelAxis(right), at, false),
      contraction: { ...contraction, into },
    };
    loops.set(`contraction ${loops.size}`, loop);
    const whole = over === tile ? [left, right] : [left];
    for (const table of whole) if (!isPlain(table)) ask(partOf(table), at);
    if (over !== tile && !isPlain(right)) visit(partOf(right), loop);
  };

  for (const value of values) ask(partOf(value), Number.POSITIVE_INFINITY);
  for (const store of stores) {
    const axis = axesBeyond(store.axes, open, sorted)[0];
    const contraction = contracted.get(store);
    if (contraction) contract(contraction, store);
    else if (axis === undefined) for (const part of store.parts) ask(partOf(part), Number.POSITIVE_INFINITY);
    else {
      const loop = loopAt(axis, tops.get(axis)!);
      loop.stores.push(store);
      for (const part of store.parts) visit(partOf(part), loop);
    }
  }
  // Users come after what they use, so from the last to the first each is seen when all that ask for it have asked.
  for (let i = parts.length - 1; i >= 0; i--) {
    const part = parts[i];
    const by = part.neededBy;
    if (by < 0) continue;
    const { expr, rest, isHere, endsHere, contraction, args, access } = part;
    if (contraction) contract(contraction, expr);
    else if (endsHere) fold(part, by);
    else if (!isHere) {
      const loop = loopAt(rest[0], latest(rest[0], level(part, rest[0]), by));
      loop.kept.push(expr);
      visit(part, loop);
    } else if (access) {
      for (const read of [access.base, ...access.indices]) if (!read.isLeaf) ask(read, by);
    } else for (let k = 0; k < args.length; k++) ask(args[k], by);
  }
  if (isTop) shareWithSerial(loops, loopAt, visit, analysis);
  const ordered = [...loops.values()]
    .filter((loop) => loop.contraction || partsOf(loop).length > 0)
    .sort((a, b) => a.level - b.level || +a.serial - +b.serial);
  keepWhatReturns(ordered, analysis);
  const scalars = parts.filter(
    ({ expr, isHere, neededBy }) =>
      isHere && neededBy >= 0 && expr.kind !== "reduce" && expr.op !== "segmentSum",
  );
  return { loops: ordered, scalars };

  function fold(part: Part, by: number): void {
    const { expr, isHere, args } = part;
    const axis = expr.attrs.axis!;
    const spread = !isHere && !isRow(expr);
    const loop = loopAt(axis, latest(axis, finished(part) - 1, by), spread && isTop);
    visit(args[0], loop);
    const isRoutine = expr.op === "quantile" || isRow(expr);
    (isRoutine ? loop.routines : spread ? loop.spreads : loop.folds).push(expr);
    for (let i = 1; i < args.length; i++) {
      if (isRoutine) ask(args[i], by);
      else visit(args[i], loop);
    }
  }
}

/** The scope must have it before its loops of a level. */
function ask(part: Part, by: number): void {
  if (!part.isHeld && (part.neededBy < 0 || by < part.neededBy)) part.neededBy = by;
}

export type Visit = (part: Part, loop: PlannedLoop) => void;

/** Visits what is computed inside a loop, and asks the scope for what is not. `enter` says whether to go on: once. */
function walker({ worthKeeping }: Analysis, enter?: (part: Part, loop: PlannedLoop) => boolean): Visit {
  const visit: Visit = (part, loop) => {
    if (part.isHeld) return;
    if (part.isAtHand || (!part.expr.axes.includes(loop.axis) && worthKeeping(part)))
      return ask(part, loop.level);
    if (loop.visited.has(part) || enter?.(part, loop) === false) return;
    loop.visited.add(part);
    const { access, args } = part;
    if (access) {
      const { base, indices } = access;
      for (let i = 0; i < indices.length; i++) visit(indices[i], loop);
      if (base.isLeaf || base.isHeld) return;
      if (sharesLoop(access, loop.axis)) visit(base, loop);
      else ask(base, loop.level);
      return;
    }
    for (let i = 0; i < args.length; i++) {
      const arg = args[i];
      // A leaf is read wherever it is used.
      if (!arg.isLeaf || arg.isHere) visit(arg, loop);
    }
  };
  return visit;
}

/** What an earlier loop over the same axis computes at some cost is kept there for the later ones. */
function keepWhatReturns(ordered: readonly PlannedLoop[], analysis: Analysis): void {
  if (new Set(ordered.map(({ axis }) => axis)).size === ordered.length) return;
  const first = new Map<Part, PlannedLoop>();
  const visit = walker(analysis, (part, loop) => {
    const before = first.get(part);
    if (!before) first.set(part, loop);
    else if (before !== loop && before.axis === loop.axis) {
      const isKept = before.kept.includes(part.expr);
      if (!isKept && !analysis.worthKeeping(part)) return true;
      if (!isKept) before.kept.push(part.expr);
      return false;
    }
    return true;
  });
  for (const loop of ordered) {
    loop.visited.clear();
    for (const expr of partsOf(loop)) visit(analysis.partOf(expr), loop);
  }
}
