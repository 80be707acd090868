// Where a kernel finds its numbers: a head of fixed size with sizes, addresses and scalars, then the constants.
//
// head: i32 sizes of axes · i32 addresses of buffers · float64 slots (parameters, scalars of the program, single outputs).

import type { Buffer, Kernel, Loop, Statement } from "../../passes/lower/ir.ts";

export interface Layout {
  /** Byte offsets in the head. */
  readonly sizes: ReadonlyMap<string, number>;
  readonly addresses: ReadonlyMap<Buffer, number>;
  readonly params: ReadonlyMap<string, number>;
  readonly outputs: ReadonlyMap<Buffer, number>;
  /** By value id: scalars that one step leaves for another. */
  readonly scalars: ReadonlyMap<number, number>;
  /** How long the tiles of an axis are. */
  readonly blocks: ReadonlyMap<string, number>;
  /** Where the tile begins and ends that an axis stands at, of axes whose tiles are taken in turn. */
  readonly tiles: ReadonlyMap<string, number>;
  /** Where the constants begin. */
  readonly constants: number;
}

/** A buffer that is one number in the head. */
export const isSingle = ({ role, axes }: Buffer): boolean =>
  axes.length === 0 && (role === "output" || role === "temporary");

/** A loop at the top that takes one tile after the other. */
const isInTurn = (statement: Statement): statement is Loop =>
  statement.kind === "loop" && statement.role === "tiles";

/** Every statement of a list and of the loops in it. */
export function everyStatement(list: readonly Statement[]): readonly Statement[] {
  let all = flattened.get(list);
  if (!all) {
    const found: Statement[] = [];
    flatten(list, found);
    // A list without loops is all there is.
    all = found.length === list.length ? list : found;
    flattened.set(list, all);
  }
  return all;
}
function flatten(list: readonly Statement[], found: Statement[]): void {
  for (let i = 0; i < list.length; i++) {
    const statement = list[i];
    found.push(statement);
    if (statement.kind === "loop") flatten(statement.body, found);
  }
}
const flattened = new WeakMap<readonly Statement[], readonly Statement[]>();

/** The buffers that statements name. */
export function buffersIn(list: readonly Statement[]): Set<Buffer> {
  const found = new Set<Buffer>();
  for (const statement of everyStatement(list)) noteBuffers(statement, found);
  return found;
}
/** Those that a statement names itself. */
function noteBuffers(statement: Statement, found: Set<Buffer>): void {
  const { kind } = statement;
  if (kind === "load" || kind === "store" || kind === "accumulate" || kind === "clear")
    found.add(statement.buffer);
  else if (kind === "routine") found.add(statement.row);
  else if (kind === "row") {
    found.add(statement.row).add(statement.to);
    if (statement.spare) found.add(statement.spare);
  } else if (kind === "contract")
    found.add(statement.left.buffer).add(statement.right.buffer).add(statement.to.buffer);
}

/** Whether rows of a buffer begin an odd number of cache lines apart. Rows as long as a power of two would meet in a few places
 * of the cache, and contractions run down the columns of a tile's tables. */
export function isPadded({ axes, tiled = [] }: Buffer): boolean {
  const last = axes[axes.length - 1];
  return axes.length > 1 && tiled.length > 0 && !tiled.includes(last) && fixedSize(last) === undefined;
}
/** Numbers in a line of the cache. */
export const lineOf = (elementSize: number): number => 64 / elementSize;
/** Numbers from one padded row to the next. */
export const pitchOf = (length: number, line: number): number => (Math.ceil(length / line) | 1) * line;

/** The size of an axis whose name is a number. */
export const fixedSize = (axis: string): number | undefined =>
  /^[0-9]+$/.test(axis) ? Number(axis) : undefined;

export function layoutOf(kernel: Kernel): Layout {
  const all = everyStatement(kernel.body);
  const axes = new Set(kernel.buffers.flatMap((buffer) => buffer.axes));
  const names = new Set<string>();
  const values = new Set<number>();
  for (const statement of all) {
    if (statement.kind === "size" || statement.kind === "loop") axes.add(statement.axis);
    if (statement.kind === "param") names.add(statement.name);
  }
  const inTurn = kernel.body.filter(isInTurn);
  for (const statement of [...kernel.body, ...inTurn.flatMap(({ body }) => body)]) {
    if ("result" in statement) values.add(statement.result.id);
    if (statement.kind === "loop") for (const { result } of statement.reductions) values.add(result.id);
  }
  const blocks = new Map<string, number>();
  for (const statement of all) {
    if (statement.kind === "contract")
      for (const { buffer } of [statement.left, statement.right, statement.to])
        for (const axis of buffer.axes) axes.add(axis);
    if (statement.kind !== "loop" || statement.block === undefined) continue;
    blocks.set(statement.axis, Math.max(statement.block, blocks.get(statement.axis) ?? 0));
  }
  let place = 0;
  const put = <Key>(keys: Iterable<Key>, size: number): Map<Key, number> => {
    const places = new Map<Key, number>();
    for (const key of keys) {
      places.set(key, place);
      place += size;
    }
    return places;
  };
  const sizes = put(
    [...axes].filter((axis) => fixedSize(axis) === undefined),
    4,
  );
  const addresses = put(
    kernel.buffers.filter((buffer) => !isSingle(buffer)),
    4,
  );
  const tiles = put(new Set(inTurn.map(({ axis }) => axis)), 8);
  place = Math.ceil(place / 16) * 16;
  const params = put(names, 8);
  const outputs = put(kernel.buffers.filter(isSingle), 8);
  const scalars = put(values, 8);
  const constants = Math.ceil(place / 16) * 16;
  return { sizes, addresses, params, outputs, scalars, blocks, tiles, constants };
}
