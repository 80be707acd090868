// Writes a scope's statements: its scalars, and for each planned loop a loop whose body is a scope again.
// In: what the scope must make and what is known around it. Out: statements, and the values asked for.

import type { Expr } from "../../language/expr.ts";
import { opRow } from "../../language/ops.ts";
import type { ElementwiseName } from "./opNames.ts";
import type { Buffer, BufferRole, Fold, Loop, Place, Reduction, Statement, Value } from "./ir.ts";
import { accessOf, type Spot } from "./moves.ts";
import { axesOfStore, type PlannedLoop, planScope, type Store } from "./plan.ts";

/** A buffer that holds something computed before, with the expression's names for its axes. */
export interface InBuffer {
  readonly buffer: Buffer;
  readonly axes: readonly string[];
}

/** What is known where a scope begins. */
export interface Known {
  readonly values: ReadonlyMap<Expr, Value>;
  readonly buffers: ReadonlyMap<Expr, InBuffer>;
}

export interface Workshop {
  readonly value: (like: Expr) => Value;
  readonly buffer: (role: BufferRole, like: Expr, axes: readonly string[]) => Buffer;
  /** The buffer of an input, or of a parameter with axes. */
  readonly leaf: (expr: Expr) => Buffer;
  /** An output's buffer where the sums of `spread` may grow in place, with the spread's names for its axes. */
  readonly inPlace: (spread: Expr) => InBuffer | undefined;
  readonly sorted: (axes: Iterable<string>) => string[];
  /** Whether the top may keep a buffer over these axes. */
  readonly smallerThanInputs: (axes: readonly string[]) => boolean;
}

export interface Wanted {
  readonly values: readonly Expr[];
  readonly stores: readonly Store[];
}

const folds: Readonly<Record<string, Fold>> = {
  sum: "sum",
  reduceMax: "max",
  reduceMin: "min",
  argmax: "argmax",
  argmin: "argmin",
  norm: "norm",
};

export function scopeOf(
  wanted: Wanted,
  open: readonly string[],
  around: Known,
  shop: Workshop,
): { statements: Statement[]; value: (expr: Expr) => Value } {
  const values = new Map(around.values);
  const buffers = new Map(around.buffers);
  const held = (expr: Expr): boolean => values.has(expr) || buffers.has(expr);
  const statements: Statement[] = [];
  const beyond = (axes: Iterable<string>) => shop.sorted(new Set([...axes].filter((axis) => !open.includes(axis))));
  const roots = [...wanted.values, ...wanted.stores.flatMap((s) => [s.value, ...s.at.filter((spot) => typeof spot === "object")])];
  const needed = reachable(roots, held);
  const plan = planScope(needed, wanted.values, wanted.stores, {
    open,
    sorted: shop.sorted,
    held,
    storable: (axes) => (open.length > 0 ? axes.length === 1 : shop.smallerThanInputs(axes)),
  });

  const define = <S extends Statement>(statement: S): Value => {
    statements.push(statement);
    return (statement as unknown as { result: Value }).result;
  };
  const placeOf = (spot: Spot): Place => (typeof spot === "object" ? emit(spot) : spot);

  /** The value of something whose axes are all open. */
  function emit(expr: Expr): Value {
    const known = values.get(expr);
    if (known) return known;
    const kept = buffers.get(expr);
    const value = kept ? define({ kind: "load", result: shop.value(expr), buffer: kept.buffer, at: kept.axes }) : compute(expr);
    values.set(expr, value);
    return value;
  }
  function compute(expr: Expr): Value {
    const { base, spots } = accessOf(expr);
    const stored = base === expr ? undefined : buffers.get(base);
    if (stored) {
      const at = stored.axes.map((axis) => placeOf(spots.get(axis)!));
      return define({ kind: "load", result: shop.value(expr), buffer: stored.buffer, at });
    }
    const scalar = base.op === "param" && base.axes.length > 0 ? undefined : leaves[base.op];
    if (scalar) return define(scalar(base, shop.value(base)));
    if (opRow(base.op).kind === "leaf") {
      const at = base.axes.map((axis) => placeOf(spots.get(axis)!));
      return define({ kind: "load", result: shop.value(expr), buffer: shop.leaf(base), at });
    }
    if (opRow(expr.op).kind !== "elementwise") throw new Error(`lowering: ${expr.op} over [${expr.axes}] is not known inside [${open}]`);
    const args = expr.args.map(emit);
    return define({ kind: "compute", result: shop.value(expr), op: expr.op as ElementwiseName, args });
  }

  const writeLoop = (loop: PlannedLoop): void => {
    const stores: Store[] = [...loop.stores];
    const after: [Expr, InBuffer][] = [];
    const keep = (expr: Expr, value: Expr, role: BufferRole): Buffer => {
      const axes = beyond(value.axes);
      const buffer = shop.buffer(role, value, axes);
      stores.push({ value, buffer, at: axes, accumulate: false });
      if (role !== "scratch" || expr === value) after.push([expr, { buffer, axes }]);
      return buffer;
    };
    const role = open.length > 0 ? "scratch" : "temporary";
    for (const expr of loop.kept) keep(expr, expr, role);
    const rows = [...loop.rows].map((expr) => [expr, keep(expr, expr.args[0], "scratch")] as const);
    for (const spread of loop.spreads) {
      const axes = beyond(spread.axes);
      const place = (open.length === 0 && shop.inPlace(spread)) || { buffer: shop.buffer(role, spread, axes), axes };
      const [value, index] = spread.args;
      const at = place.axes.map((axis): Spot => (axis === spread.attrs.to ? index : axis));
      statements.push({ kind: "clear", buffer: place.buffer });
      stores.push({ value, buffer: place.buffer, at, accumulate: true });
      after.push([spread, place]);
    }
    const folded = [...loop.folds];
    const inside = { values: folded.map((expr) => expr.args[0]), stores };
    const body = scopeOf(inside, [...open, loop.axis], { values, buffers }, shop);
    const reductions = folded.map(
      (expr): Reduction => ({ result: shop.value(expr), fold: folds[expr.op], value: body.value(expr.args[0]) }),
    );
    const nested: Loop["role"] = open.length > 0 ? "inner" : loop.serial ? "serial" : "samples";
    statements.push({ kind: "loop", axis: loop.axis, role: nested, body: body.statements, reductions });
    folded.forEach((expr, i) => values.set(expr, reductions[i].result));
    for (const [expr, where] of after) buffers.set(expr, where);
    for (const [expr, row] of rows) {
      const result = shop.value(expr);
      statements.push({ kind: "routine", name: "quantile", result, row, args: [emit(expr.args[1])] });
      values.set(expr, result);
    }
  };

  for (const loop of plan.loops) {
    for (const [expr, by] of plan.scalars) if (by <= loop.level && !isFoldLike(expr)) emit(expr);
    writeLoop(loop);
  }
  for (const value of wanted.values) emit(value);
  for (const store of wanted.stores) {
    if (beyond(axesOfStore(store)).length > 0) continue;
    const { buffer, accumulate } = store;
    const at = store.at.map(placeOf);
    statements.push({ kind: accumulate ? "accumulate" : "store", buffer, at, value: emit(store.value) });
  }
  return { statements, value: emit };
}

const isFoldLike = (expr: Expr): boolean => opRow(expr.op).kind === "reduce" || expr.op === "segmentSum";

const leaves: Readonly<Record<string, (expr: Expr, result: Value) => Statement>> = {
  constant: ({ attrs }, result) => ({ kind: "constant", result, value: attrs.value! }),
  size: ({ attrs }, result) => ({ kind: "size", result, axis: attrs.axis! }),
  iota: ({ attrs }, result) => ({ kind: "index", result, axis: attrs.axis! }),
  param: ({ attrs }, result) => ({ kind: "param", result, name: attrs.name! }),
};

/** All that the roots are made of, without what is inside of what is held; arguments first. */
function reachable(roots: readonly Expr[], held: (expr: Expr) => boolean): Expr[] {
  const seen = new Set<Expr>();
  const visit = (expr: Expr): void => {
    if (seen.has(expr)) return;
    seen.add(expr);
    if (!held(expr)) expr.args.forEach(visit);
  };
  roots.forEach(visit);
  return [...seen].sort((a, b) => a.id - b.id);
}
