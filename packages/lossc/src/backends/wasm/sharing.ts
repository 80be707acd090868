// Equal nodes of a function are the same node. A node is looked for among those that have its first argument: kernels are
// made of thousands, and a table with a key for each would take longer than all else.

import { applied, CALL, callOf, load, type Node, zeros } from "./assembler.ts";
import type { Instruction } from "./instructions.ts";

/** The node that has these bytes and arguments, among those that have the first of them. */
function among(args: readonly Node[], bytes: readonly number[]): Node | undefined {
  for (let user = args[0].user; user; user = user.sibling) {
    let isSame = user.bytes === bytes && user.args.length === args.length;
    for (let i = 1; isSame && i < args.length; i++) isSame = user.args[i] === args[i];
    if (isSame) return user;
  }
  return undefined;
}

/** `place`, which is when a node was first an argument, gives those of `add` one order: so more are equal. */
export class Sharing {
  readonly zeros: Node = zeros();
  readonly #constants = new Map<number, Node>();
  #places = 0;

  /** The node of an instruction with these arguments: the one that is there, or the one that is made. `bytes`: the code with
   * what follows it, the same list each time. */
  instruction(row: Instruction, args: readonly Node[], bytes = row.code): Node {
    for (let i = 0; i < args.length; i++) args[i].place ||= ++this.#places;
    const ordered = row.commutes && args[0].place > args[1].place ? [args[1], args[0]] : args;
    const found = among(ordered, bytes);
    if (found) return found;
    const made = applied(row, ordered, bytes);
    const first = ordered[0];
    made.sibling = first.user;
    first.user = made;
    return made;
  }

  /** What a function of the module gives. */
  call(index: number, args: readonly Node[]): Node {
    return this.instruction(CALL, args, callOf(index));
  }

  /** Only if it is there. */
  find(args: readonly Node[], bytes: readonly number[]): Node | undefined {
    for (let i = 0; i < args.length; i++) args[i].place ||= ++this.#places;
    return among(args, bytes);
  }

  /** What lies in the pool at a place from the address. */
  constant(base: Node, place: number): Node {
    let node = this.#constants.get(place);
    if (!node) {
      base.place ||= ++this.#places;
      node = load("v128.load", base, place);
      this.#constants.set(place, node);
    }
    return node;
  }
}
