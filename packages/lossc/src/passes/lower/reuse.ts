// Rows that are kept for a later loop stand where the output's row will be written. In: a kernel. Out: the same with fewer
// scratch rows.
//
// What a row's loops hand on (exponentials, say) goes to memory once: it lies in the cache when the gradient is made of it, in
// the same place, and the output's memory is fetched while there is something to compute.

import type { Buffer, Kernel, Loop, Place, Statement } from "./ir.ts";

interface Access {
  readonly kind: "load" | "store";
  readonly buffer: Buffer;
  readonly at: readonly Place[];
}

export function reuseOutputRows(kernel: Kernel): Kernel {
  const moved = new Map<Buffer, Access>();
  for (const loop of kernel.body) {
    if (loop.kind !== "loop" || loop.role !== "samples" || loop.block !== undefined) continue;
    for (const [row, place] of placesFor(loop)) moved.set(row, place);
  }
  if (moved.size === 0) return kernel;
  const at = <S extends Statement>(statement: S): S => {
    if (statement.kind === "loop") return { ...statement, body: statement.body.map(at) };
    const place = "buffer" in statement ? moved.get(statement.buffer) : undefined;
    return place ? { ...statement, buffer: place.buffer, at: place.at } : statement;
  };
  return {
    ...kernel,
    buffers: kernel.buffers.filter((buffer) => !moved.has(buffer)),
    body: kernel.body.map(at),
  };
}

/** For scratch rows of a loop over samples, the store to the output row that each can stand in. */
function placesFor({ axis, body }: Loop): Map<Buffer, Access> {
  const inner = body.map((statement) => (statement.kind === "loop" ? accessesIn(statement) : undefined));
  /** Where in the body a buffer is named; nothing where it is by more than plain loads and stores of one list. */
  const usesOf = (buffer: Buffer): number[] | undefined => {
    const uses: number[] = [];
    for (const [i, statement] of body.entries()) {
      if (!names(statement, buffer)) continue;
      if (statement.kind === "loop" && !inner[i]) return undefined;
      uses.push(i);
    }
    return uses;
  };
  const found = new Map<Buffer, Access>();
  const taken = new Set<Buffer>();
  for (const row of new Set(inner.flatMap((accesses) => (accesses ?? []).map(({ buffer }) => buffer)))) {
    const [along] = row.axes;
    const uses =
      row.role === "scratch" && row.axes.length === 1 && !row.tiled?.length ? usesOf(row) : undefined;
    const isPlain = uses?.every((i) =>
      inner[i]?.every(({ buffer, at }) => buffer !== row || at[0] === along),
    );
    if (!uses || !isPlain || row.type !== "float") continue;
    const last = uses[uses.length - 1];
    const place = (inner[last] ?? []).find(
      ({ kind, buffer, at }) =>
        kind === "store" &&
        buffer.role === "output" &&
        !taken.has(buffer) &&
        at.length === 2 &&
        at[0] === axis &&
        at[1] === along &&
        usesOf(buffer)?.[0] === last &&
        inner[last]!.filter((other) => other.buffer === buffer).length === 1,
    );
    // What the last loop reads of the row it reads before it writes there.
    const writes = inner[last]?.some(({ kind, buffer }) => kind === "store" && buffer === row);
    const order = inner[last]?.map(({ buffer }) => buffer) ?? [];
    // A loop that folds may be run again (a sum that overflowed): it must find what it read the first time.
    const writer = body[last];
    const folds = writer?.kind === "loop" && writer.reductions.length > 0;
    if (!place || folds || writes || order.lastIndexOf(row) > order.indexOf(place.buffer)) continue;
    found.set(row, place);
    taken.add(place.buffer);
  }
  return found;
}

/** The loads and stores of a loop that holds nothing else which names buffers. */
function accessesIn({ body }: Loop): Access[] | undefined {
  const accesses: Access[] = [];
  for (const statement of body) {
    if (statement.kind === "load" || statement.kind === "store") accesses.push(statement);
    else if (!plain.has(statement.kind)) return undefined;
  }
  return accesses;
}
const plain: ReadonlySet<Statement["kind"]> = new Set([
  "constant",
  "size",
  "param",
  "index",
  "compute",
] as const);

function names(statement: Statement, buffer: Buffer): boolean {
  if (statement.kind === "loop") return statement.body.some((inside) => names(inside, buffer));
  if (statement.kind === "contract")
    return [statement.left, statement.right, statement.to].some((operand) => operand.buffer === buffer);
  if (statement.kind === "row") return [statement.row, statement.to, statement.spare].includes(buffer);
  if (statement.kind === "routine") return statement.row === buffer;
  return "buffer" in statement && statement.buffer === buffer;
}
