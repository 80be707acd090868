// Two ways into a loop's function, whose stacks end eight bytes apart.
//
// V8 keeps vectors that find no register on the stack, and its frames end at any multiple of eight bytes: from every second
// one on, a vector of four lies across two lines of the cache, and now and then one across two pages, which takes kernels with many
// such vectors from a twelfth to half as long again. Where a frame ends depends on all that called it. So a long loop with many
// tries both ways on its first blocks and goes on in the faster one. Both run the same code.

import type { Loop } from "../../passes/lower/ir.ts";
import { Func } from "./assembler.ts";
import type { LoopStep } from "./emit.ts";
import type { Precision } from "./lanes.ts";
import { lengthOf } from "./shared.ts";
import type { WasmInstance } from "./webassembly.ts";

/** How the functions are named before their number; workers read these as well. */
export const [STRAIGHT, TURNED] = ["loop", "turned"];
export const straightName = (number: number): string => `${STRAIGHT}${number}`;
export const turnedName = (number: number): string => `${TURNED}${number}`;

/** Whether a loop's vectors hardly find registers: functions in float64 have a dozen constants. */
export const hasTurned = (loop: Loop, vector: boolean, precision: Precision): boolean =>
  vector && precision === "float64" && lengthOf(loop) >= CROWDED;
/** About how many instructions crowd them. */
const CROWDED = 32;

/** Calls the loop's function that has this place in the module: one frame more, of an odd number of slots. */
export function turned(place: number): Func {
  const f = new Func(["i32", "i32", "i32", "i32", "i32"]);
  f.do(place, f.params);
  return f;
}

/** Blocks that are timed, by turns. */
export const TRIES = 6;
/** What has fewer blocks takes the straight way. */
export const MANY = 32;

const clock = (globalThis as unknown as { readonly performance?: { now(): number } }).performance;

type Way = WasmInstance["exports"][string];

/** Tries the two ways on a loop's first blocks; one loop at a time. */
export class Ways {
  /** How many blocks are still to be tried. */
  left = 0;
  #straight: Way = () => {};
  #turned: Way = this.#straight;
  /** The shortest times, in ms. */
  #first = 0;
  #second = 0;

  /** Gives the way to begin a loop of so many blocks with. */
  begin({ exports }: WasmInstance, { number, hasTurned }: LoopStep, blocks: number): Way {
    const straight = exports[straightName(number)];
    this.left = hasTurned && blocks >= MANY && clock ? TRIES : 0;
    if (this.left > 0) {
      this.#straight = straight;
      this.#turned = exports[turnedName(number)];
      this.#first = Number.POSITIVE_INFINITY;
      this.#second = Number.POSITIVE_INFINITY;
    }
    return straight;
  }

  /** Runs a block, and gives the way to go on with. */
  try(head: number, start: number, end: number, cells: number, scratch: number): Way {
    const isTurned = this.left % 2 === 1;
    const begin = clock!.now();
    (isTurned ? this.#turned : this.#straight)(head, start, end, cells, scratch);
    const time = clock!.now() - begin;
    if (isTurned) this.#second = Math.min(this.#second, time);
    else this.#first = Math.min(this.#first, time);
    this.left--;
    return this.#second < this.#first ? this.#turned : this.#straight;
  }
}
