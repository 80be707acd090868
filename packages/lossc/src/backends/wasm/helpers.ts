// Functions of a module that its steps call: what is long is written once, however often it is used.

import { Func, type ValueType } from "./assembler.ts";

export class Helpers {
  readonly functions: Func[] = [];
  readonly #indices = new Map<string, number>();

  /** The place of a function in the module; `write` writes it when it is asked for first. */
  index(key: string, params: readonly ValueType[], write: (f: Func) => void): number {
    let index = this.#indices.get(key);
    if (index === undefined) {
      index = this.functions.length;
      const f = new Func(params);
      this.functions.push(f);
      this.#indices.set(key, index);
      write(f);
    }
    return index;
  }
}
