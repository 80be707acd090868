// How long the tiles of a loop at the top are, for given sizes. Longer ones read the table that they meet less often; shorter ones
// need less room and leave more of them for threads.

import type { Buffer, Loop } from "../../passes/lower/ir.ts";
import type { Emitted } from "./emit.ts";
import { buffersIn } from "./layout.ts";

/** Samples of a tile where it is not as long as the loop program allows. */
const SHORT = 32;
/** Bytes that the tables of long tiles may take: of tiles in turn, and of those that each thread has its own of. */
const MOST_BYTES = { tiles: 2 ** 24, samples: 2 ** 21 } as const;
/** Tiles that there must be for threads to share them. */
const ENOUGH = 16;

export interface Tiles {
  readonly lengthOf: ReadonlyMap<Loop, number>;
  /** How many samples a table has room for. */
  readonly roomIn: ReadonlyMap<Buffer, number>;
}

/** `bytesOf`: what one index along its first axis takes of a buffer. */
export function tilesFor(
  { steps }: Pick<Emitted, "steps">,
  size: (axis: string) => number,
  bytesOf: (buffer: Buffer) => number,
): Tiles {
  const lengthOf = new Map<Loop, number>();
  const roomIn = new Map<Buffer, number>();
  for (const step of steps) {
    const loop = step.kind === "loop" || step.kind === "tiles" ? step.loop : undefined;
    if (loop?.block === undefined || (loop.role !== "tiles" && loop.role !== "samples")) continue;
    const { axis, block, role } = loop;
    const tables = [...buffersIn(loop.body)].filter(
      ({ tiled, axes }) => axes[0] === axis && tiled?.includes(axis),
    );
    const bytes = block * tables.reduce((sum, table) => sum + bytesOf(table), 0);
    const isEnough = role === "tiles" || size(axis) >= ENOUGH * block;
    const length = bytes <= MOST_BYTES[role] && isEnough ? block : Math.min(block, SHORT);
    lengthOf.set(loop, length);
    for (const table of tables) roomIn.set(table, Math.max(length, roomIn.get(table) ?? 0));
  }
  return { lengthOf, roomIn };
}
