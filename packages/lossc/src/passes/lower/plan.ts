// What loops a scope needs and what each of them computes. In: what a scope must make. Out: loops in order, each
// with the folds and stores of its body.
//
// A scope is a place inside open loops. Whatever has only open axes is computed there, once; everything else in
// loops over the next axis. Two computations share a loop unless one needs what the other has at the end only
// (a row's largest, say): that gives each its level. Folds run as late as they can, next to what shares their parts.

import type { Expr } from "../../language/expr.ts";
import { opRow } from "../../language/ops.ts";
import { costOf, WORTH_KEEPING, WORTH_ONE_THREAD } from "./cost.ts";
import { type Contraction, contractionInto, contractionOf, isPlain } from "./contraction.ts";
import type { Buffer } from "./ir.ts";
import { accessOf, type Spot } from "./moves.ts";

/** Something to be written: `value` at the place that the spots name. */
export interface Store {
  readonly value: Expr;
  readonly buffer: Buffer;
  readonly at: readonly Spot[];
  readonly accumulate: boolean;
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
  /** Rows that a routine works on. */
  readonly rows: Set<Expr>;
  readonly stores: Store[];
  /** Not a loop but one contraction: of a fold, or into a table that a store adds to. */
  readonly contraction?: Contraction & { readonly into: Expr | Store };
}

export interface Plan {
  readonly loops: readonly PlannedLoop[];
  /** What is computed in the scope itself, and the first level of loops that uses it. */
  readonly scalars: readonly (readonly [Expr, number])[];
}

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

const isLeaf = (expr: Expr): boolean => opRow(expr.op).kind === "leaf";
const isFold = (expr: Expr): boolean => opRow(expr.op).kind === "reduce" || expr.op === "segmentSum";
const indicesOf = (spots: Iterable<Spot>): Expr[] => [...spots].filter((spot) => typeof spot === "object");

/** The axes of a store's loops. */
export const axesOfStore = ({ value, at }: Store): string[] => [
  ...at.filter((spot) => typeof spot === "string"),
  ...indicesOf(at).flatMap((index) => index.axes),
  ...value.axes,
];

export function planScope(needed: readonly Expr[], values: readonly Expr[], stores: readonly Store[], around: Surroundings): Plan {
  const { sorted, held, storable, tile } = around;
  const isTop = around.open.length === 0 && tile === undefined;
  const open = new Set(around.open);
  const beyond = (axes: Iterable<string>): string[] => sorted(new Set([...axes].filter((axis) => !open.has(axis))));
  const rest = new Map(needed.map((expr) => [expr, beyond(expr.axes)]));
  const here = (expr: Expr): boolean => rest.get(expr)!.length === 0;
  const costs = new Map<Expr, number>();
  const mayKeep = (expr: Expr): boolean => !isLeaf(accessOf(expr).base) && storable(rest.get(expr)!);
  const cost = (expr: Expr): number =>
    costOf(expr, (part) => held(part) || here(part) || endsHere(part), mayKeep, costs);
  const worthKeeping = (expr: Expr): boolean => mayKeep(expr) && cost(expr) >= WORTH_KEEPING;
  const isBefore = (axis: string, others: readonly string[]): boolean =>
    sorted([axis, ...others])[0] === axis;

  const contractions = new Map<Expr, Contraction>();
  for (const expr of tile === undefined ? [] : needed) {
    const contraction = here(expr) || held(expr) ? undefined : contractionOf(expr, tile!);
    if (contraction) contractions.set(expr, contraction);
  }
  /** A sum whose result has axes inside the summed one: added up element by element while that loop runs. */
  const isSpread = (expr: Expr): boolean => {
    if (expr.op !== "sum" && expr.op !== "segmentSum") return false;
    const others = rest.get(expr)!.filter((axis) => axis !== expr.attrs.to);
    return !here(expr) && isBefore(expr.attrs.axis!, others);
  };
  /** Known in this scope only when a loop of this scope has run. */
  const endsHere = (expr: Expr): boolean => isFold(expr) && (here(expr) || contractions.has(expr) || isSpread(expr));
  const sharesLoop = (base: Expr, spots: ReadonlyMap<string, Spot>, axis: string): boolean =>
    base.axes.includes(axis) && spots.get(axis) === axis && !endsHere(base);

  // ---- Levels: how many loops over results of this scope's loops must have run before ----------------------
  const levels = new Map<string, number>();
  /** Of `expr` computed inside a loop over `axis`, or in the scope itself. */
  function level(expr: Expr, axis: string): number {
    if (held(expr) || isLeaf(expr)) return 0;
    const key = `${expr.id} ${axis}`;
    let result = levels.get(key);
    if (result === undefined) {
      result = levelOf(expr, axis);
      levels.set(key, result);
    }
    return result;
  }
  function levelOf(expr: Expr, axis: string): number {
    const { base, spots } = accessOf(expr);
    if (base !== expr) {
      const indices = indicesOf(spots.values()).map((index) => level(index, axis));
      const own = held(base) || isLeaf(base) ? 0 : sharesLoop(base, spots, axis) ? level(base, axis) : finished(base);
      return Math.max(0, own, ...indices);
    }
    if (endsHere(expr)) return finished(expr);
    return Math.max(0, ...expr.args.map((arg) => (isHoisted(arg, axis) ? finished(arg) : level(arg, axis))));
  }
  /** When all of it is known. */
  function finished(expr: Expr): number {
    if (held(expr)) return 0;
    const contraction = contractions.get(expr);
    if (contraction) return readyFor(contraction) + 1;
    if (!endsHere(expr)) return here(expr) ? level(expr, "") : level(expr, rest.get(expr)![0]) + 1;
    return Math.max(...expr.args.map((arg) => level(arg, expr.attrs.axis!))) + 1;
  }
  /** When both tables are known: the tile's are kept, the other one is made in panels. */
  function readyFor({ left, right, over }: Contraction): number {
    const whole = (table: Expr): number => (isPlain(table) ? 0 : finished(table));
    return Math.max(whole(left), over === tile ? whole(right) : level(right, panelAxis(right)));
  }
  function panelAxis(table: Expr): string {
    return sorted(table.axes)[0];
  }
  /** Worth a loop of its own: costly, and the same for all of `axis`. */
  function isHoisted(expr: Expr, axis: string): boolean {
    return !here(expr) && !held(expr) && !expr.axes.includes(axis) && !endsHere(expr) && worthKeeping(expr);
  }

  const tops = new Map<string, number>();
  const raise = (axis: string, to: number) => tops.set(axis, Math.max(tops.get(axis) ?? 0, to));
  for (const expr of needed) if (!held(expr) && endsHere(expr) && !contractions.has(expr)) raise(expr.attrs.axis!, finished(expr) - 1);
  const summed = new Map<Store, Contraction>();
  for (const store of stores) {
    const contraction = tile === undefined ? undefined : contractionInto(store, tile);
    if (contraction) summed.set(store, contraction);
    const [axis] = beyond(axesOfStore(store));
    if (axis !== undefined && !contraction) raise(axis, Math.max(...[store.value, ...indicesOf(store.at)].map((expr) => level(expr, axis))));
  }

  // ---- Loops, from what is asked for down to what it needs ---------------------------------------------------
  const loops = new Map<string, PlannedLoop & { visited: Set<Expr> }>();
  const loopAt = (axis: string, at: number, serial = false) => {
    const key = `${axis} ${at} ${serial}`;
    let loop = loops.get(key);
    if (!loop) {
      loop = { axis, level: at, serial, folds: new Set(), spreads: new Set(), kept: new Set(), rows: new Set(), stores: [], visited: new Set() };
      loops.set(key, loop);
    }
    return loop;
  };
  const need = new Map<Expr, number>();
  const ask = (expr: Expr, by: number): void => {
    if (!held(expr)) need.set(expr, Math.min(need.get(expr) ?? Number.POSITIVE_INFINITY, by));
  };
  /** The latest level from `lowest` on and before `by`, next to another loop if there is one. */
  const latest = (axis: string, lowest: number, by: number): number => {
    if (by === Number.POSITIVE_INFINITY) return Math.max(lowest, tops.get(axis) ?? 0);
    for (let at = by - 1; at > lowest; at--) if (loops.has(`${axis} ${at} false`)) return at;
    return lowest;
  };
  type Visit = (expr: Expr, loop: PlannedLoop & { visited: Set<Expr> }) => void;
  const walk = (enter: (expr: Expr, loop: PlannedLoop & { visited: Set<Expr> }) => boolean): Visit => {
    const visit: Visit = (expr, loop) => {
      if (held(expr)) return;
      if (here(expr) || endsHere(expr)) return ask(expr, loop.level);
      if (isHoisted(expr, loop.axis)) return ask(expr, loop.level);
      if (!enter(expr, loop)) return;
      const { base, spots } = accessOf(expr);
      if (base === expr) return expr.args.forEach((arg) => visit(arg, loop));
      for (const index of indicesOf(spots.values())) visit(index, loop);
      if (held(base) || isLeaf(base)) return;
      if (sharesLoop(base, spots, loop.axis)) visit(base, loop);
      else ask(base, loop.level);
    };
    return visit;
  };
  const once = (expr: Expr, loop: { visited: Set<Expr> }): boolean => !loop.visited.has(expr) && loop.visited.add(expr) !== undefined;
  const visit = walk(once);

  for (const value of values) ask(value, Number.POSITIVE_INFINITY);
  for (const store of stores) {
    const parts = [store.value, ...indicesOf(store.at)];
    const [axis] = beyond(axesOfStore(store));
    if (axis === undefined) {
      for (const part of parts) ask(part, Number.POSITIVE_INFINITY);
      continue;
    }
    const contraction = summed.get(store);
    if (contraction) {
      contract(contraction, store);
      continue;
    }
    const loop = loopAt(axis, tops.get(axis)!);
    loop.stores.push(store);
    for (const part of parts) visit(part, loop);
  }
  for (const expr of [...needed].reverse()) {
    const by = need.get(expr);
    if (by === undefined || held(expr)) continue;
    const contraction = contractions.get(expr);
    if (contraction) {
      contract(contraction, expr);
    } else if (endsHere(expr)) {
      const axis = expr.attrs.axis!;
      const spread = !here(expr);
      const loop = loopAt(axis, latest(axis, finished(expr) - 1, by), spread && isTop);
      if (spread) loop.spreads.add(expr);
      else if (expr.op === "quantile") loop.rows.add(expr);
      else loop.folds.add(expr);
      if (expr.op === "quantile") ask(expr.args[1], by);
      for (const arg of expr.op === "quantile" ? [expr.args[0]] : expr.args) visit(arg, loop);
    } else if (here(expr)) {
      const { base, spots } = accessOf(expr);
      for (const arg of base === expr ? expr.args : indicesOf(spots.values())) ask(arg, by);
      if (base !== expr && !isLeaf(base)) ask(base, by);
    } else {
      const axis = rest.get(expr)![0];
      const loop = loopAt(axis, latest(axis, level(expr, axis), by));
      loop.kept.add(expr);
      visit(expr, loop);
    }
  }
  if (isTop) joinSerial();

  // ---- Kept rather than computed again ------------------------------------------------------------------------
  const ordered = [...loops.values()].filter((loop) => loop.contraction || partsOf(loop).length > 0).sort((a, b) => a.level - b.level || +a.serial - +b.serial);
  const first = new Map<Expr, PlannedLoop>();
  const keep = walk((expr, loop) => {
    const before = first.get(expr);
    if (before && before !== loop && before.axis === loop.axis && (before.kept.has(expr) || worthKeeping(expr))) {
      before.kept.add(expr);
      return false;
    }
    if (!before) first.set(expr, loop);
    return once(expr, loop);
  });
  for (const loop of ordered) {
    loop.visited.clear();
    for (const part of partsOf(loop)) keep(part, loop);
  }
  const scalars = needed.filter((expr) => here(expr) && need.has(expr)).map((expr) => [expr, need.get(expr)!] as const);
  return { loops: ordered, scalars };

  function contract(contraction: Contraction, into: Expr | Store): void {
    const { left, right, over } = contraction;
    const at = readyFor(contraction);
    const axis = panelAxis(right);
    const loop = { axis, level: at, serial: false, folds: new Set<Expr>(), spreads: new Set<Expr>(), kept: new Set<Expr>(), rows: new Set<Expr>(), stores: [], visited: new Set<Expr>(), contraction: { ...contraction, into } };
    loops.set(`contraction ${loops.size}`, loop);
    for (const table of over === tile ? [left, right] : [left]) if (!isPlain(table)) ask(table, at);
    if (over !== tile && !isPlain(right)) visit(right, loop);
  }
  /** A serial loop that would compute costly things a second time takes over the parallel one's work; of what can be
   * kept, the parallel one does the work for it. */
  function joinSerial(): void {
    for (const [key, serial] of loops) {
      if (!serial.serial) continue;
      const parallel = loopAt(serial.axis, serial.level);
      const costly = [...serial.visited].some(
        (expr) => parallel.visited.has(expr) && !storable(rest.get(expr)!) && !isLeaf(expr) && cost(expr) >= WORTH_ONE_THREAD && !coveredByKept(expr, serial),
      );
      if (!costly) {
        for (const expr of serial.visited) {
          const before = [...loops.values()].some(({ axis, level, visited }) => axis === serial.axis && level < serial.level && visited.has(expr));
          if (!before && worthKeeping(expr) && cost(expr) >= WORTH_ONE_THREAD && !coveredByKept(expr, serial)) parallel.kept.add(expr);
        }
        for (const expr of parallel.kept) visit(expr, parallel);
        continue;
      }
      for (const set of ["folds", "spreads", "kept", "rows"] as const) for (const expr of serial[set]) parallel[set].add(expr);
      for (const expr of serial.visited) parallel.visited.add(expr);
      parallel.stores.push(...serial.stores);
      parallel.serial = true;
      loops.delete(key);
    }
  }
  /** Whether the loop needs it only for what will be kept. */
  function coveredByKept(target: Expr, loop: PlannedLoop): boolean {
    const seen = new Set<Expr>();
    const reached = (expr: Expr): boolean => {
      if (expr === target) return true;
      if (seen.has(expr) || held(expr)) return false;
      seen.add(expr);
      if (worthKeeping(expr) && cost(expr) >= WORTH_ONE_THREAD) return false;
      return [...expr.args].some(reached);
    };
    return !partsOf(loop).some((part) => (rest.get(part) ? reached(part) : false));
  }
}

/** Everything a loop computes in its body. */
export function partsOf(loop: PlannedLoop): Expr[] {
  return [
    ...[...loop.folds, ...loop.spreads].flatMap((expr) => expr.args),
    ...[...loop.rows].map((expr) => expr.args[0]),
    ...loop.kept,
    ...(loop.contraction && !isPlain(loop.contraction.right) ? [loop.contraction.right] : []),
    ...loop.stores.flatMap(({ value, at }) => [value, ...indicesOf(at)]),
  ];
}
