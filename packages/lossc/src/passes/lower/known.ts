// What is known at a place of the loop program: values, and buffers that hold what was computed before.
//
// Scopes stand in one another, so one table serves them all: what is learned inside of one is forgotten when it ends.

import type { Expr } from "../../language/expr.ts";
import type { Value } from "./ir.ts";
import type { InBuffer } from "./workshop.ts";

export class Known {
  readonly #values = new Map<Expr, Value>();
  readonly #buffers = new Map<Expr, InBuffer>();
  readonly #newest: { readonly of: Map<Expr, unknown>; readonly expr: Expr }[] = [];

  readonly has = (expr: Expr): boolean => this.#values.has(expr) || this.#buffers.has(expr);
  value(expr: Expr): Value | undefined {
    return this.#values.get(expr);
  }
  buffer(expr: Expr): InBuffer | undefined {
    return this.#buffers.get(expr);
  }

  /** Nothing that is known is learned again. */
  learnValue(expr: Expr, value: Value): void {
    this.#values.set(expr, value);
    this.#newest.push({ of: this.#values, expr });
  }
  learnBuffer(expr: Expr, buffer: InBuffer): void {
    this.#buffers.set(expr, buffer);
    this.#newest.push({ of: this.#buffers, expr });
  }

  /** What `inside` gives; what it learns is forgotten after it. */
  within<Result>(inside: () => Result): Result {
    const before = this.#newest.length;
    const result = inside();
    for (const { of, expr } of this.#newest.splice(before)) of.delete(expr);
    return result;
  }
}
