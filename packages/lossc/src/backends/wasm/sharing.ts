// Equal nodes of a function are the same node. A node is looked for among those that have its first argument: kernels are
// made of thousands, and a table with a key for each would take longer than all else.

import { called, i32, load, make, type Node, zeros } from "./assembler.ts";
import { instructions } from "./instructions.ts";

const none: readonly number[] = [];

/** An instruction without immediates has the bytes of its row. */
const isThat = ({ bytes }: Node, code: readonly number[], immediates: readonly number[]): boolean =>
  immediates.length === 0
    ? bytes === code
    : bytes.length === code.length + immediates.length &&
      code.every((byte, i) => bytes[i] === byte) &&
      immediates.every((byte, i) => bytes[code.length + i] === byte);

export class Sharing {
  readonly zeros: Node = zeros();
  readonly #constants = new Map<number, Node>();
  readonly #integers = new Map<number, Node>();
  #places = 0;

  /** When a node was first an argument: one order for those of `add`. */
  place(node: Node): number {
    if (node.place === 0) node.place = ++this.#places;
    return node.place;
  }

  /** The node of an instruction with these arguments: the one that is there, or the one that is made. */
  instruction(name: string, args: readonly Node[], immediates = none): Node {
    return this.find(name, args, immediates) ?? this.#add(make(name, args, immediates));
  }

  /** Only if it is there. */
  find(name: string, args: readonly Node[], immediates = none): Node | undefined {
    const { code } = instructions[name];
    for (const arg of args) this.place(arg);
    return this.#among(args, code, immediates);
  }

  /** What a function of the module gives. */
  call(index: number, args: readonly Node[]): Node {
    for (const arg of args) this.place(arg);
    const call = called(index, args, "v128");
    return this.#among(args, none, call.bytes) ?? this.#add(call);
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

  /** One node for each number that instructions take as an argument. */
  integer(value: number): Node {
    let node = this.#integers.get(value);
    if (!node) {
      node = i32(value);
      this.#integers.set(value, node);
    }
    return node;
  }

  #among(args: readonly Node[], code: readonly number[], immediates: readonly number[]): Node | undefined {
    const { users } = args[0];
    if (!users) return undefined;
    for (const node of users) {
      let isSame = node.args.length === args.length;
      for (let i = 1; isSame && i < args.length; i++) isSame = node.args[i] === args[i];
      if (isSame && isThat(node, code, immediates)) return node;
    }
    return undefined;
  }

  #add(node: Node): Node {
    const first = node.args[0];
    first.users ??= [];
    first.users.push(node);
    return node;
  }
}
