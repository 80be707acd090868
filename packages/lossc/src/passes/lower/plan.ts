// What loops a scope needs and what each of them computes. In: what a scope must make. Out: loops in order, each with
// the folds and stores of its body.
//
// From what is asked for down to what it needs: folds run as late as they can, next to what shares their parts.
// Cheap things are computed again in a later loop; costly ones are kept in a buffer where that is small.

import type { Expr } from "../../language/expr.ts";
import { type Analysis, analyse, isFold, isLeaf, isRow, type Surroundings } from "./analysis.ts";
import { type Contraction, contractionInto, isPlain } from "./contraction.ts";
import type { Buffer } from "./ir.ts";
import { accessOf, indicesOf, type Spot } from "./moves.ts";
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
  const parts = [value, ...indicesOf(at)];
  const axes = new Set(at.filter((spot) => typeof spot === "string"));
  for (const part of parts) for (const axis of part.axes) axes.add(axis);
  return { value, buffer, at, accumulate, parts, axes: [...axes] };
}

export interface PlannedLoop {
  readonly axis: string;
  readonly level: number;
  /** Adds into shared elements, so that its iterations must run in order. */
  serial: boolean;
  /** Folded over the loop, each known in the scope when the loop has run. */
  readonly folds: Set<Expr>;
  /** What is spread over a buffer while the loop runs: sums into bins, sums of rows. */
  readonly spreads: Set<Expr>;
  /** Kept in a buffer over the axes beyond the scope. */
  readonly kept: Set<Expr>;
  /** What a routine makes of a whole row. */
  readonly routines: Set<Expr>;
  readonly stores: Store[];
  /** Not a loop but one contraction: of a fold, or into a table that a store adds to. */
  readonly contraction?: Contraction & { readonly into: Expr | Store };
  /** Everything computed in its body. */
  readonly visited: Set<Expr>;
}

export interface Plan {
  readonly loops: readonly PlannedLoop[];
  /** What is computed in the scope itself, and the first level of loops that uses it. */
  readonly scalars: readonly (readonly [Expr, number])[];
}

const emptyLoop = (axis: string, level: number, serial: boolean): PlannedLoop => ({
  axis,
  level,
  serial,
  folds: new Set(),
  spreads: new Set(),
  kept: new Set(),
  routines: new Set(),
  stores: [],
  visited: new Set(),
});

/** Everything a loop computes in its body, but for what that is made of. */
export function partsOf({ folds, spreads, routines, kept, contraction, stores }: PlannedLoop): Expr[] {
  return [
    ...[...folds, ...spreads].flatMap((expr) => expr.args),
    ...[...routines].map((expr) => expr.args[0]),
    ...kept,
    ...(contraction && !isPlain(contraction.right) ? [contraction.right] : []),
    ...stores.flatMap(({ parts }) => parts),
  ];
}

const noLoops: Plan = { loops: [], scalars: [] };

/** Most scopes are the bodies of innermost loops, for which there is nothing to plan. */
function needsLoops(
  needed: readonly Expr[],
  stores: readonly Store[],
  { open, held }: Surroundings,
): boolean {
  const isOpen = (axis: string): boolean => open.includes(axis);
  return (
    !stores.every(({ axes }) => axes.every(isOpen)) ||
    !needed.every((expr) => isLeaf(expr) || held(expr) || (!isFold(expr) && expr.axes.every(isOpen)))
  );
}

export function planScope(
  needed: readonly Expr[],
  values: readonly Expr[],
  stores: readonly Store[],
  around: Surroundings,
): Plan {
  if (!needsLoops(needed, stores, around)) return noLoops;
  const analysis = analyse(around);
  const { factsOf, beyond, level, finished } = analysis;
  const { tile } = around;
  const isTop = around.open.length === 0 && tile === undefined;
  const contracted = new Map<Store, Contraction>();
  for (const store of tile === undefined ? [] : stores) {
    const contraction = contractionInto(store, tile!);
    if (contraction) contracted.set(store, contraction);
  }
  const firstAxis = (store: Store): string | undefined => beyond(store.axes)[0];

  /** For each axis the last level at which a loop over it runs. */
  const tops = new Map<string, number>();
  const raise = (axis: string, to: number) => tops.set(axis, Math.max(tops.get(axis) ?? 0, to));
  for (const expr of needed) {
    const { isHeld, endsHere, contraction } = factsOf(expr);
    if (!isHeld && endsHere && !contraction) raise(expr.attrs.axis!, finished(expr) - 1);
  }
  for (const store of stores) {
    const axis = firstAxis(store);
    if (axis === undefined || contracted.has(store)) continue;
    raise(axis, Math.max(...store.parts.map((part) => level(part, axis))));
  }

  const loops = new Map<string, PlannedLoop>();
  const loopAt = (axis: string, at: number, serial = false): PlannedLoop => {
    const key = `${axis} ${at} ${serial}`;
    const loop = loops.get(key) ?? emptyLoop(axis, at, serial);
    loops.set(key, loop);
    return loop;
  };
  /** The latest level from `lowest` on and before `by`, next to another loop if there is one. */
  const latest = (axis: string, lowest: number, by: number): number => {
    if (by === Number.POSITIVE_INFINITY) return Math.max(lowest, tops.get(axis) ?? 0);
    for (let at = by - 1; at > lowest; at--) if (loops.has(`${axis} ${at} false`)) return at;
    return lowest;
  };
  /** What the scope must have, and the first level of loops that needs it. */
  const need = new Map<Expr, number>();
  const ask = (expr: Expr, by: number): void => {
    if (!factsOf(expr).isHeld) need.set(expr, Math.min(need.get(expr) ?? Number.POSITIVE_INFINITY, by));
  };
  const visit = walker(analysis, ask, once);
  const contract = (contraction: Contraction, into: Expr | Store): void => {
    const { left, right, over } = contraction;
    const at = analysis.readyFor(contraction);
    const loop = {
      ...emptyLoop(analysis.panelAxis(right), at, false),
      contraction: { ...contraction, into },
    };
    loops.set(`contraction ${loops.size}`, loop);
    const whole = over === tile ? [left, right] : [left];
    for (const table of whole) if (!isPlain(table)) ask(table, at);
    if (over !== tile && !isPlain(right)) visit(right, loop);
  };

  for (const value of values) ask(value, Number.POSITIVE_INFINITY);
  for (const store of stores) {
    const axis = firstAxis(store);
    const contraction = contracted.get(store);
    if (contraction) contract(contraction, store);
    else if (axis === undefined) for (const part of store.parts) ask(part, Number.POSITIVE_INFINITY);
    else {
      const loop = loopAt(axis, tops.get(axis)!);
      loop.stores.push(store);
      for (const part of store.parts) visit(part, loop);
    }
  }
  // Users come after what they use, so from the last to the first each is seen when all that ask for it have asked.
  for (let i = needed.length - 1; i >= 0; i--) {
    const expr = needed[i];
    const by = need.get(expr);
    if (by === undefined) continue;
    const { rest, isHere, endsHere, contraction } = factsOf(expr);
    if (contraction) contract(contraction, expr);
    else if (endsHere) fold(expr, by);
    else if (isHere) {
      const { base, indices } = accessOf(expr);
      for (const part of base === expr ? expr.args : [base, ...indices])
        if (base === expr || !isLeaf(part)) ask(part, by);
    } else {
      const [axis] = rest;
      const loop = loopAt(axis, latest(axis, level(expr, axis), by));
      loop.kept.add(expr);
      visit(expr, loop);
    }
  }
  if (isTop) shareWithSerial(loops, loopAt, visit, analysis);
  const ordered = [...loops.values()]
    .filter((loop) => loop.contraction || partsOf(loop).length > 0)
    .sort((a, b) => a.level - b.level || +a.serial - +b.serial);
  keepWhatReturns(ordered, analysis, ask);
  return {
    loops: ordered,
    scalars: needed
      .filter((expr) => need.has(expr) && factsOf(expr).isHere)
      .map((expr) => [expr, need.get(expr)!]),
  };

  function fold(expr: Expr, by: number): void {
    const axis = expr.attrs.axis!;
    const spread = !factsOf(expr).isHere && !isRow(expr);
    const loop = loopAt(axis, latest(axis, finished(expr) - 1, by), spread && isTop);
    const [row, ...others] = expr.args;
    visit(row, loop);
    if (expr.op === "quantile" || isRow(expr)) {
      loop.routines.add(expr);
      for (const other of others) ask(other, by);
    } else {
      (spread ? loop.spreads : loop.folds).add(expr);
      for (const other of others) visit(other, loop);
    }
  }
}

export type Visit = (expr: Expr, loop: PlannedLoop) => void;

const once = (expr: Expr, { visited }: PlannedLoop): boolean =>
  !visited.has(expr) && visited.add(expr) !== undefined;

/** Visits what is computed inside a loop, and asks the scope for what is not. `enter` says whether to go on. */
function walker(
  { factsOf, isHoisted, sharesLoop }: Analysis,
  ask: (expr: Expr, by: number) => void,
  enter: (expr: Expr, loop: PlannedLoop) => boolean,
): Visit {
  const visit: Visit = (expr, loop) => {
    const { isHeld, isAtHand } = factsOf(expr);
    if (isHeld) return;
    if (isAtHand || isHoisted(expr, loop.axis)) return ask(expr, loop.level);
    if (!enter(expr, loop)) return;
    const { base, spots, indices } = accessOf(expr);
    if (base === expr) for (const arg of expr.args) visit(arg, loop);
    else {
      for (const index of indices) visit(index, loop);
      if (isLeaf(base) || factsOf(base).isHeld) return;
      if (sharesLoop(base, spots, loop.axis)) visit(base, loop);
      else ask(base, loop.level);
    }
  };
  return visit;
}

/** What an earlier loop over the same axis computes at some cost is kept there for the later ones. */
function keepWhatReturns(
  ordered: readonly PlannedLoop[],
  analysis: Analysis,
  ask: (expr: Expr, by: number) => void,
): void {
  if (new Set(ordered.map(({ axis }) => axis)).size === ordered.length) return;
  const first = new Map<Expr, PlannedLoop>();
  const visit = walker(analysis, ask, (expr, loop) => {
    const before = first.get(expr);
    if (
      before &&
      before !== loop &&
      before.axis === loop.axis &&
      (before.kept.has(expr) || analysis.worthKeeping(expr))
    ) {
      before.kept.add(expr);
      return false;
    }
    if (!before) first.set(expr, loop);
    return once(expr, loop);
  });
  for (const loop of ordered) {
    loop.visited.clear();
    for (const part of partsOf(loop)) visit(part, loop);
  }
}
