// Equal nodes of a function are the same node. A node is looked for among those that have its first argument: kernels are
// made of thousands, and a table with a key for each would take longer than all else.

import { applied, called, callOf, load, type Node, zeros } from "./assembler.ts";
import type { Instruction } from "./instructions.ts";

export class Sharing {
  readonly zeros: Node = zeros();
  readonly #constants = new Map<number, Node>();
  #places = 0;

  /** When a node was first an argument: one order for those of `add`. */
  place(node: Node): number {
    if (node.place === 0) node.place = ++this.#places;
    return node.place;
  }

  /** The node of an instruction with these arguments: the one that is there, or the one that is made. `bytes`: the code with what
   * follows it, the same list each time. */
  instruction(row: Instruction, args: readonly Node[], bytes = row.code): Node {
    return this.find(args, bytes) ?? this.#add(applied(row, args, bytes));
  }

  /** What a function of the module gives. */
  call(index: number, args: readonly Node[]): Node {
    return this.find(args, callOf(index)) ?? this.#add(called(index, args, "v128"));
  }

  /** Only if it is there. */
  find(args: readonly Node[], bytes: readonly number[]): Node | undefined {
    for (let i = 0; i < args.length; i++) if (args[i].place === 0) this.place(args[i]);
    const { users } = args[0];
    if (!users) return undefined;
    for (let k = 0; k < users.length; k++) {
      const node = users[k];
      let isSame = node.bytes === bytes && node.args.length === args.length;
      for (let i = 1; isSame && i < args.length; i++) isSame = node.args[i] === args[i];
      if (isSame) return node;
    }
    return undefined;
  }

  /** What lies in the pool at a place from the address. */
  constant(base: Node, place: number): Node {
    let node = this.#constants.get(place);
    if (!node) {
      this.place(base);
      node = load("v128.load", base, place);
      this.#constants.set(place, node);
    }
    return node;
  }

  #add(node: Node): Node {
    const first = node.args[0];
    first.users ??= [];
    first.users.push(node);
    return node;
  }
}
