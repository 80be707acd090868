// Writes a scope's statements: its scalars, and for each planned loop a loop whose body is a scope again.
// In: what the scope must make and what is known around it. Out: statements, and the values asked for.

import { type Expr, topological } from "../../language/expr.ts";
import { areAmong, axesBeyond, isLeaf, isRow } from "./analysis.ts";
import { contractionOf, isPlain } from "./contraction.ts";
import type {
  Buffer,
  BufferRole,
  Fold,
  Loop,
  LoopRole,
  Operand,
  Place,
  Reduction,
  RowRoutine,
  Statement,
  Value,
} from "./ir.ts";
import type { Known } from "./known.ts";
import { accessOf, type Spot } from "./moves.ts";
import type { ElementwiseName } from "./opNames.ts";
import { type PlannedLoop, partsOf, planScope, type Store, storing } from "./plan.ts";
import type { InBuffer, Workshop } from "./workshop.ts";

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

/** Where a scope is: inside of which loops, or before those over the current tile of an axis. */
export interface Site {
  readonly open: readonly string[];
  readonly tile?: string;
  /** Whether the tile goes through its loops one after the other, and several threads run each of them. */
  readonly inPhases?: boolean;
  /** Another axis of which only a part is run over. */
  readonly cut?: string | undefined;
}

/** Samples of a tile, at most: their rows stay in the cache while a table streams by. */
const TILE = 64;
/** Rows of that table made at a time. */
const PANEL = 64;
/** Columns of a result that a thread takes at a time. */
const COLUMNS = 32;

export function scopeOf(
  wanted: Wanted,
  { open, tile, inPhases = false, cut }: Site,
  known: Known,
  shop: Workshop,
): { statements: Statement[]; value: (expr: Expr) => Value } {
  const { held } = known;
  const statements: Statement[] = [];
  const beyond = (axes: readonly string[]) => axesBeyond(axes, open, shop.sorted);
  const { values, stores } = wanted;
  const roots = [...values];
  for (let i = 0; i < stores.length; i++) roots.push(...stores[i].parts);
  const needed = topological(roots, held);
  const isTop = open.length === 0 && tile === undefined;
  const isShared = isTop || inPhases;
  const role: BufferRole = isShared ? "temporary" : "scratch";
  const plan = planScope(needed, values, stores, {
    open,
    tile,
    sorted: shop.sorted,
    held,
    storable: isTop
      ? shop.smallerThanInputs
      : (axes) => axes.length === 1 || (axes.length === 2 && tile !== undefined && axes.includes(tile)),
  });

  const define = <S extends Statement>(statement: S): Value => {
    statements.push(statement);
    return (statement as unknown as { result: Value }).result;
  };
  const placeOf = (spot: Spot): Place => (typeof spot === "object" ? emit(spot) : spot);

  /** The value of something whose axes are all open. */
  function emit(expr: Expr): Value {
    const before = held.get(expr);
    if (before?.value) return before.value;
    const kept = before?.buffer;
    const value = kept ? load(expr, kept.buffer, kept.axes) : compute(expr);
    known.learnValue(expr, value);
    return value;
  }
  function compute(expr: Expr): Value {
    if (expr.kind === "elementwise") {
      const args = expr.args.map(emit);
      return define({ kind: "compute", result: shop.value(expr), op: expr.op as ElementwiseName, args });
    }
    if (expr.kind === "leaf") return single(expr) ?? load(expr, shop.leaf(expr), expr.axes);
    const { base, spots } = accessOf(expr);
    const stored = base === expr ? undefined : known.buffer(base);
    const placesOf = (axes: readonly string[]): Place[] => axes.map((axis) => placeOf(spots.get(axis)!));
    if (stored) return load(expr, stored.buffer, placesOf(stored.axes));
    if (base.kind !== "leaf")
      throw new Error(`lowering: ${expr.op} over [${expr.axes}] is not known inside [${open}]`);
    const value = single(base);
    if (value) return value;
    const at = placesOf(base.axes); // what they are looked up by is read before
    return load(expr, shop.leaf(base), at);
  }
  function load(expr: Expr, buffer: Buffer, at: readonly Place[]): Value {
    return define({ kind: "load", result: shop.value(expr), buffer, at });
  }
  /** A leaf that is no buffer. */
  function single(leaf: Expr): Value | undefined {
    const statement = leaf.op === "param" && leaf.axes.length > 0 ? undefined : leaves[leaf.op];
    return statement && define(statement(leaf, shop.value(leaf)));
  }

  const writeLoop = (loop: PlannedLoop): void => {
    const stores: Store[] = [...loop.stores];
    const after: [Expr, InBuffer][] = [];
    const keep = (expr: Expr, value: Expr): Buffer => {
      const axes = beyond(value.axes);
      const buffer = shop.buffer(role, value, axes, [tile]);
      stores.push(storing(value, buffer, axes));
      if (expr === value) after.push([expr, { buffer, axes }]);
      return buffer;
    };
    for (const expr of loop.kept) keep(expr, expr);
    const rows = [...loop.routines].map((expr) => [expr, keep(expr, expr.args[0])] as const);
    for (const spread of loop.spreads) {
      const axes = beyond(spread.axes);
      const place = (isTop && shop.inPlace(spread)) || {
        buffer: shop.buffer(role, spread, axes, [tile]),
        axes,
      };
      const [value, index] = spread.args;
      const at = place.axes.map((axis): Spot => (axis === spread.attrs.to ? index : axis));
      statements.push({ kind: "clear", buffer: place.buffer });
      stores.push(storing(value, place.buffer, at, true));
      after.push([spread, place]);
    }
    const folded = [...loop.folds];
    // Where a tile's rows meet a whole table, its samples go through each phase together.
    const tiled =
      isTop &&
      folded.every(({ op }) => op === "sum") &&
      topological(partsOf(loop), held).some((expr) => contractionOf(expr, loop.axis));
    const inside = { values: folded.map((expr) => (tiled ? expr : expr.args[0])), stores };
    const site = tiled
      ? { open, tile: loop.axis, inPhases: loop.serial }
      : { open: [...open, loop.axis], cut };
    const { body, reductions } = known.within(() => {
      const { statements, value } = scopeOf(inside, site, known, shop);
      const foldOf = (expr: Expr, i: number): Reduction => ({
        result: shop.value(folded[i]),
        fold: folds[folded[i].op],
        value: value(expr),
      });
      return { body: statements, reductions: inside.values.map(foldOf) };
    });
    const inTurn = loop.serial || (inPhases && addsToOthers(body, loop.axis));
    const isPart = loop.axis === tile || loop.axis === cut;
    const shared = {
      kind: "loop",
      axis: loop.axis,
      role: isShared ? (inTurn ? (tiled ? "tiles" : "serial") : "samples") : isPart ? "within" : "inner",
      body,
      reductions,
    } as const;
    statements.push(tiled ? { ...shared, block: TILE } : shared);
    for (const [i, expr] of folded.entries()) known.learnValue(expr, reductions[i].result);
    for (const [expr, where] of after) known.learnBuffer(expr, where);
    for (const [expr, row] of rows) {
      if (isRow(expr)) {
        const another = (): Buffer => shop.buffer(role, expr, row.axes, [tile]);
        const to = another();
        const routine = { kind: "row", name: expr.op as RowRoutine["name"], row, to } as const;
        statements.push(expr.op === "order" ? { ...routine, spare: another() } : routine);
        known.learnBuffer(expr, { buffer: to, axes: row.axes });
        continue;
      }
      const result = shop.value(expr);
      statements.push({ kind: "routine", name: "quantile", result, row, args: [emit(expr.args[1])] });
      known.learnValue(expr, result);
    }
  };

  const table = (expr: Expr): Operand | undefined => {
    const kept = known.buffer(expr);
    if (kept) return { buffer: kept.buffer, at: kept.axes };
    if (!isPlain(expr)) return undefined;
    const { base, spots } = accessOf(expr);
    return { buffer: shop.leaf(base), at: base.axes.map((axis) => spots.get(axis) as string) };
  };
  const writeContraction = ({ axis, contraction }: PlannedLoop): void => {
    const { into, left, right, ...shape } = contraction!;
    const axes = "buffer" in into ? [] : beyond(into.axes);
    const to =
      "buffer" in into
        ? { buffer: into.buffer, at: into.at as string[] }
        : { buffer: shop.buffer(role, into, axes, [tile]), at: axes };
    const given = table(right);
    const own = shop.sorted(right.axes);
    const inPanels = axis === shape.over && axis !== tile;
    // Threads share out what the tile is not: no two add to the same element.
    const shared = shape.over === tile ? shop.sorted([shape.rows, shape.columns])[0] : shape.columns;
    const isCut = inPhases && inPanels && (given !== undefined || isOfOnePlace(right, shared, held));
    const panel = given ?? {
      buffer: shop.buffer("scratch", right, own, isCut ? [axis, shared] : [axis]),
      at: own,
    };
    const contract: Statement = {
      kind: "contract",
      ...shape,
      left: table(left)!,
      right: panel,
      to,
      accumulate: "buffer" in into || inPanels,
    };
    if (inPanels) statements.push({ kind: "clear", buffer: to.buffer });
    const over = (axis: string, role: LoopRole, block: number, body: readonly Statement[]): Loop => ({
      kind: "loop",
      axis,
      role,
      block,
      body,
      reductions: [],
    });
    const fill = (): readonly Statement[] => {
      if (given) return [];
      const stores = [storing(right, panel.buffer, own)];
      const site = { open, tile: axis, cut: isCut ? shared : undefined };
      return known.within(() => scopeOf({ values: [], stores }, site, known, shop).statements);
    };
    const panels = (role: LoopRole): Loop => over(axis, role, PANEL, [...fill(), contract]);
    if (isCut) statements.push(over(shared, "samples", COLUMNS, [panels("inner")]));
    else if (inPanels || !given)
      statements.push(panels(inPhases ? (inPanels ? "serial" : "samples") : "inner"));
    else statements.push(inPhases ? over(shared, "samples", PANEL, [contract]) : contract);
    if (!("buffer" in into)) known.learnBuffer(into, { buffer: to.buffer, axes });
  };

  let level = Number.NEGATIVE_INFINITY;
  for (const loop of plan.loops) {
    if (loop.level > level)
      for (const { expr, neededBy } of plan.scalars) if (neededBy <= loop.level) emit(expr);
    level = loop.level;
    if (loop.contraction) writeContraction(loop);
    else writeLoop(loop);
  }
  for (let i = 0; i < values.length; i++) emit(values[i]);
  for (let i = 0; i < stores.length; i++) {
    const { value, buffer, accumulate, axes } = stores[i];
    if (!areAmong(axes, open)) continue;
    const at = stores[i].at.map(placeOf);
    statements.push({ kind: accumulate ? "accumulate" : "store", buffer, at, value: emit(value) });
  }
  return { statements, value: emit };
}

/** Whether iterations of a loop add to elements of one another, as all threads see them. */
const addsToOthers = (statements: readonly Statement[], axis: string): boolean =>
  statements.some(
    (statement) =>
      (statement.kind === "accumulate" &&
        statement.buffer.role !== "scratch" &&
        !statement.at.includes(axis)) ||
      (statement.kind === "loop" && addsToOthers(statement.body, axis)),
  );

/** Whether each place of a table along an axis is made of nothing else that is computed at other places. */
const isOfOnePlace = (table: Expr, axis: string, held: Known["held"]): boolean =>
  topological([table], held).every((expr) => {
    const { base, spots } = accessOf(expr);
    if (held.has(base) || isLeaf(base)) return true;
    return base === expr ? expr.attrs.axis !== axis : !base.axes.includes(axis) || spots.get(axis) === axis;
  });

const leaves: Readonly<Record<string, (expr: Expr, result: Value) => Statement>> = {
  constant: ({ attrs }, result) => ({ kind: "constant", result, value: attrs.value! }),
  size: ({ attrs }, result) => ({ kind: "size", result, axis: attrs.axis! }),
  iota: ({ attrs }, result) => ({ kind: "index", result, axis: attrs.axis! }),
  param: ({ attrs }, result) => ({ kind: "param", result, name: attrs.name! }),
};
