// Equal nodes of a function are the same node. A node is looked for among those that have its first argument: kernels are
// made of thousands, and a table with a key for each would take longer than all else.

import { applied, called, callOf, load, type Node, zeros } from "./assembler.ts";
import type { Instruction } from "./instructions.ts";

export class Sharing {
  readonly zeros: Node = zeros();
  readonly #constants = new Map<number, Node>();
  #places = 0;

  /** The node of an instruction with these arguments: the one that is there, or the one that is made. `bytes`: the code with
   * what follows it, the same list each time. */
  instruction(row: Instruction, args: readonly Node[], bytes = row.code): Node {
    const ordered = row.commutes ? this.#inOrder(args) : args;
    const found = this.find(ordered, bytes);
    if (found) return found;
    const made = applied(row, ordered, bytes);
    const first = ordered[0];
    made.sibling = first.user;
    first.user = made;
    return made;
  }

  /** What a function of the module gives. */
  call(index: number, args: readonly Node[]): Node {
    const found = this.find(args, callOf(index));
    if (found) return found;
    const made = called(index, args, "v128");
    made.sibling = args[0].user;
    args[0].user = made;
    return made;
  }

  /** Only if it is there. */
  find(args: readonly Node[], bytes: readonly number[]): Node | undefined {
    for (let i = 0; i < args.length; i++) args[i].place ||= ++this.#places;
    for (let user = args[0].user; user; user = user.sibling) {
      let isSame = user.bytes === bytes && user.args.length === args.length;
      for (let i = 1; isSame && i < args.length; i++) isSame = user.args[i] === args[i];
      if (isSame) return user;
    }
    return undefined;
  }

  /** Two arguments in the order in which they first were arguments. */
  #inOrder(args: readonly Node[]): readonly Node[] {
    const a = args[0];
    const b = args[1];
    a.place ||= ++this.#places;
    b.place ||= ++this.#places;
    return a.place > b.place ? [b, a] : args;
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
