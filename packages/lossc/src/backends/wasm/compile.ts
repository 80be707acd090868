// A program's kernel: its module, made once, and where everything lies in memory for given sizes.

import { lower } from "../../passes/lower/index.ts";
import type { Buffer, Kernel, Loop } from "../../passes/lower/ir.ts";
import type { Bindings, Program } from "../backend.ts";
import type { ModuleMemory } from "./assembler.ts";
import { type Emitted, emit, type LoopStep, type Step } from "./emit.ts";
import { cellsOf } from "./folds.ts";
import { keepRows } from "./keptrows.ts";
import { SHORT_ROW_BYTES } from "./lanerows.ts";
import type { Precision } from "./lanes.ts";
import { buffersIn, everyStatement, fixedSize, isPadded, isSingle, lineOf, pitchOf } from "./layout.ts";
import { regroup } from "./regroup.ts";
import { type KnownRanges, noRanges } from "./shared.ts";
import { tilesFor } from "./tiles.ts";
import { canShare, type WasmInstance, type WasmMemory, type WasmModule, webAssembly } from "./webassembly.ts";

export interface Compiled {
  readonly kernel: Kernel;
  readonly precision: Precision;
  readonly emitted: Emitted;
  readonly module: WasmModule;
}

/** Pages a memory may have: 4 GiB. */
export const MOST_PAGES = 65536;

/** Shared where threads may come to share it. */
const memoryType: ModuleMemory = canShare
  ? { shared: true, least: 1, most: MOST_PAGES }
  : { shared: false, least: 1 };

export function makeMemory(pages: number, most = MOST_PAGES): WasmMemory {
  return new webAssembly!.Memory({
    initial: pages,
    maximum: most,
    ...(memoryType.shared && { shared: true }),
  });
}

export const instantiate = ({ module }: Compiled, memory: WasmMemory): WasmInstance =>
  new webAssembly!.Instance(module, { env: { memory } });

/** A module for a kernel, for inputs and parameters in the ranges given: one that is a single number is built in. */
export function compileKernel(
  kernel: Kernel,
  precision: Precision,
  ranges: KnownRanges = noRanges,
  shortAxes: ReadonlySet<string> = new Set(),
): Compiled {
  const grouped = keepRows(regroup(kernel, ranges), shortAxes);
  const emitted = emit(grouped, precision, memoryType, ranges, shortAxes);
  return { kernel: grouped, precision, emitted, module: new webAssembly!.Module(emitted.bytes) };
}

export const compileProgram = (program: Program, precision: Precision): Compiled =>
  compileKernel(lower(program), precision);

/** The parameters that exponents are made of: powers with a small whole exponent are a few multiplications. */
export function exponents(kernel: Kernel): ReadonlySet<string> {
  const names = new Map<number, readonly string[]>();
  const found = new Set<string>();
  for (const statement of everyStatement(kernel.body)) {
    if (statement.kind === "param") names.set(statement.result.id, [statement.name]);
    if (statement.kind !== "compute") continue;
    const of = statement.args.flatMap(({ id }) => names.get(id) ?? []);
    if (of.length > 0 && (statement.op === "add" || statement.op === "sub"))
      names.set(statement.result.id, of);
    if (statement.op === "pow") for (const name of names.get(statement.args[1].id) ?? []) found.add(name);
  }
  return found;
}

export interface Placed {
  readonly address: number;
  readonly length: number;
}

/** Addresses for one set of sizes. */
export interface Plan {
  readonly compiled: Compiled;
  readonly sizes: ReadonlyMap<string, number>;
  readonly head: number;
  readonly buffers: ReadonlyMap<Buffer, Placed>;
  readonly loops: ReadonlyMap<Loop, Blocks>;
  /** How long the tiles of loops are. */
  readonly tiles: ReadonlyMap<Loop, number>;
  readonly cells: number;
  readonly cellCount: number;
  /** Room that the loops at the top use one after the other, each thread its own part of it. */
  readonly scratch: number;
  readonly bytes: number;
}

/** How a loop at the top is cut. */
export interface Blocks {
  readonly size: number;
  readonly length: number;
  readonly count: number;
  /** Blocks that may run at the same time: those of a tile, or all. */
  readonly atOnce: number;
  readonly cells: number;
  /** Whether blocks may run at the same time, and there is enough in them for that to pay. */
  readonly isParallel: boolean;
  /** What one thread needs of the scratch room. */
  readonly scratchBytes: number;
}

/** Numbers of the inputs that a block reads, about: enough to make a call into the module cheap beside them. */
const BLOCK = 4096;
/** Innermost iterations that take longer than waking a thread. */
const WORTH_A_THREAD = 200_000;
const ALIGNMENT = 64;

const aligned = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;

/** How long an axis is, a second name's or a flattened one's included. */
export function sizeOf(axis: string, kernel: Kernel, sizes: ReadonlyMap<string, number>): number {
  const known = fixedSize(axis) ?? sizes.get(axis);
  if (known !== undefined) return known;
  const parts = kernel.axes[axis];
  if (!parts) throw new Error(`the size of axis ${axis} is not known`);
  return parts.reduce((all, part) => all * sizeOf(part, kernel, sizes), 1);
}

/** How many innermost iterations one iteration of a loop holds; `size`: how much of an axis is run over. */
function work(loop: Loop, size: (axis: string) => number, open: readonly string[] = []): number {
  const around = [...open, loop.axis];
  let most = 1;
  for (const statement of loop.body) {
    const axes =
      statement.kind === "loop"
        ? [statement.axis]
        : statement.kind === "contract"
          ? [statement.rows, statement.columns, statement.over]
          : [];
    const times = axes.filter((axis) => !around.includes(axis)).reduce((all, axis) => all * size(axis), 1);
    most = Math.max(most, times * (statement.kind === "loop" ? work(statement, size, around) : 1));
  }
  return most;
}

/** The largest power of two up to a number. */
const powerUpTo = (most: number): number => 2 ** Math.floor(Math.log2(most));

/** `held`: of an axis of which buffers hold a part at a time, how many indices. */
export function planFor(
  compiled: Compiled,
  sizes: ReadonlyMap<string, number>,
  threads = 1,
  held: ReadonlyMap<string, number> = new Map(),
): Plan {
  const { kernel, emitted, precision } = compiled;
  const size = (axis: string): number => sizeOf(axis, kernel, sizes);
  const element = precision === "float32" ? 4 : 8;
  let top = 0;
  const take = (bytes: number): number => {
    const place = top;
    top += aligned(bytes);
    return place;
  };
  const head = take(emitted.layout.constants + emitted.constants.length);
  const buffers = new Map<Buffer, Placed>();
  /** Numbers of a buffer; `tile`: how many samples it holds where those are a tile. */
  const lengthOf = (buffer: Buffer, tile: number | undefined): number =>
    buffer.axes.reduce((all, axis, i) => {
      if (buffer.tiled?.includes(axis)) return all * ((i === 0 && tile) || emitted.layout.blocks.get(axis)!);
      const length = (buffer.role !== "temporary" && held.get(axis)) || size(axis);
      const isRow = isPadded(buffer) && i === buffer.axes.length - 1;
      return all * (isRow ? pitchOf(length, lineOf(element)) : length);
    }, 1);
  const tiles = tilesFor(emitted, size, (buffer) => element * lengthOf(buffer, 1));
  /** Numbers of a buffer, and bytes with room for a last vector to reach beyond the end, in every unrolled copy of it. */
  const spanOf = (buffer: Buffer): { readonly length: number; readonly room: number } => {
    const length = lengthOf(buffer, tiles.roomIn.get(buffer));
    const room = element * (length + 4 * 16) + ALIGNMENT;
    return { length, room: buffer.role === "scratch" ? Math.max(room, SHORT_ROW_BYTES) : room };
  };
  for (const buffer of kernel.buffers) {
    if (isSingle(buffer) || buffer.role === "scratch") continue;
    const { length, room } = spanOf(buffer);
    buffers.set(buffer, { address: take(room), length });
  }
  /** Nothing in the scratch room outlives its loop, so every loop's begins at the start. */
  const placeScratch = (loop: Loop): number => {
    let bytes = 0;
    for (const buffer of buffersIn(loop.body)) {
      if (buffer.role !== "scratch") continue;
      const { length, room } = spanOf(buffer);
      buffers.set(buffer, { address: bytes, length });
      bytes += aligned(room);
    }
    return bytes;
  };
  let scratchBytes = 0;
  const loops = new Map<Loop, Blocks>();
  let cellBytes = 0;
  /** `tile`: the loop that takes the tiles which the step is for. */
  const cut = ({ loop, vector, precision }: LoopStep, tile?: Loop): void => {
    const longest = tile ? tiles.lengthOf.get(tile)! : 0;
    const sizeHere = (axis: string): number =>
      axis === tile?.axis ? Math.min(longest, size(axis)) : size(axis);
    const each = work(loop, sizeHere);
    const length = size(loop.axis);
    const wanted = vector ? BLOCK : Math.max(1, Math.floor((BLOCK * 4) / each));
    const inTile = loop.axis === tile?.axis;
    // Blocks of a tile are blocks of the axis: they begin with the tile, and none reaches into the next.
    const fitting = inTile
      ? powerUpTo(Math.min(wanted, longest))
      : (tiles.lengthOf.get(loop) ?? loop.block ?? wanted);
    const block = loop.role !== "serial" ? fitting : inTile ? longest : Math.max(length, 1);
    const cells = loop.reductions.reduce((sum, { fold }) => sum + cellsOf(fold, precision), 0);
    const count = Math.ceil(length / block);
    const atOnce = inTile ? Math.ceil(sizeHere(loop.axis) / block) : count;
    const isParallel = loop.role === "samples" && atOnce > 1 && sizeHere(loop.axis) * each >= WORTH_A_THREAD;
    const own = placeScratch(loop);
    scratchBytes = Math.max(scratchBytes, own * (isParallel ? Math.min(threads, atOnce) : 1));
    loops.set(loop, { size: block, length, count, atOnce, cells, isParallel, scratchBytes: own });
    cellBytes = Math.max(cellBytes, count * cells * 8);
  };
  const cutAll = (steps: readonly Step[], tile?: Loop): void => {
    for (const step of steps) {
      if (step.kind === "loop") cut(step, tile);
      else if (step.kind === "tiles") cutAll(step.steps, step.loop);
    }
  };
  cutAll(emitted.steps);
  const cells = take(cellBytes);
  const scratch = take(scratchBytes);
  return {
    compiled,
    sizes: new Map(sizes),
    head,
    buffers,
    loops,
    tiles: tiles.lengthOf,
    cells,
    cellCount: cellBytes / 8,
    scratch,
    bytes: top,
  };
}

/** Writes the head and the constants: sizes, addresses and parameters. */
export function writeHead(plan: Plan, memory: ArrayBuffer, params: Bindings["params"]): void {
  const { compiled, head } = plan;
  const { layout, constants } = compiled.emitted;
  const integers = new Int32Array(memory, head, layout.constants / 4);
  const numbers = new Float64Array(memory, head, layout.constants / 8);
  for (const [axis, place] of layout.sizes) integers[place / 4] = sizeOf(axis, compiled.kernel, plan.sizes);
  for (const [buffer, place] of layout.addresses) integers[place / 4] = plan.buffers.get(buffer)!.address;
  for (const [name, place] of layout.params) numbers[place / 8] = params.get(name) as number;
  new Uint8Array(memory, head + layout.constants, constants.length).set(constants);
}
