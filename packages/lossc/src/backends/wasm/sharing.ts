// Equal nodes of a function are the same node. A node is looked for among those that have its first argument: kernels are
// made of thousands, and a table with a key for each would take longer than all else.

import { called, i32, load, make, type Node, zeros } from "./assembler.ts";
import { instructions } from "./instructions.ts";

const none: readonly number[] = [];

const isThat = (node: Node, code: readonly number[], immediates: readonly number[]): boolean =>
  immediates.length === 0
    ? node.bytes === code
    : node.bytes.length === code.length + immediates.length &&
      code.every((byte, i) => node.bytes[i] === byte) &&
      immediates.every((byte, i) => node.bytes[code.length + i] === byte);

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

  find(name: string, args: readonly Node[], immediates = none): Node | undefined {
    const { code } = instructions[name];
    for (const arg of args) this.place(arg);
    return this.#among(args, (node) => isThat(node, code, immediates));
  }

  /** What a function of the module gives. */
  call(index: number, args: readonly Node[]): Node {
    for (const arg of args) this.place(arg);
    const call = called(index, args, "v128");
    return this.#among(args, (node) => isThat(node, none, call.bytes)) ?? this.#add(call);
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

  integer(value: number): Node {
    let node = this.#integers.get(value);
    if (!node) {
      node = i32(value);
      this.#integers.set(value, node);
    }
    return node;
  }

  #among(args: readonly Node[], isIt: (node: Node) => boolean): Node | undefined {
    const [first] = args;
    if (!first.users) return undefined;
    for (const node of first.users) {
      let isSame = node.args.length === args.length;
      for (let i = 1; isSame && i < args.length; i++) isSame = node.args[i] === args[i];
      if (isSame && isIt(node)) return node;
    }
    return undefined;
  }

  #add(node: Node): Node {
    const [first] = node.args;
    first.users ??= [];
    first.users.push(node);
    return node;
  }
}
