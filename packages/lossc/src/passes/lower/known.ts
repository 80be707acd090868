// What is known at a place of the loop program: values, and buffers that hold what was computed before.
//
// Scopes stand in one another, so one table serves them all: what is learned inside of one is forgotten when it ends.

import type { Expr } from "../../language/expr.ts";
import type { Value } from "./ir.ts";
import type { InBuffer } from "./workshop.ts";

export interface Held {
  readonly value: Value | undefined;
  readonly buffer: InBuffer | undefined;
}

export class Known {
  readonly #held = new Map<Expr, Held>();
  /** What was learned, oldest first, and what was known of it before. */
  readonly #learned: Expr[] = [];
  readonly #before: (Held | undefined)[] = [];

  /** All that is known. */
  get held(): ReadonlyMap<Expr, Held> {
    return this.#held;
  }
  buffer(expr: Expr): InBuffer | undefined {
    return this.#held.get(expr)?.buffer;
  }

  learnValue(expr: Expr, value: Value): void {
    const before = this.#held.get(expr);
    this.#learn(expr, before, { value, buffer: before?.buffer });
  }
  learnBuffer(expr: Expr, buffer: InBuffer): void {
    const before = this.#held.get(expr);
    this.#learn(expr, before, { value: before?.value, buffer });
  }
  #learn(expr: Expr, before: Held | undefined, held: Held): void {
    this.#held.set(expr, held);
    this.#learned.push(expr);
    this.#before.push(before);
  }

  /** What `inside` gives; what it learns is forgotten after it. */
  within<Result>(inside: () => Result): Result {
    const length = this.#learned.length;
    const result = inside();
    while (this.#learned.length > length) {
      const expr = this.#learned.pop()!;
      const before = this.#before.pop();
      if (before) this.#held.set(expr, before);
      else this.#held.delete(expr);
    }
    return result;
  }
}
