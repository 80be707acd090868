// Numbers that are known as quotients of two others. What is computed of one, such as 1 / (1 + e) of an exponential e, is
// computed of these two: nothing waits for the division, and where nothing else wants the quotient it is not made.
//
// Both numbers are moderate, and the lower one is well above 0: so no order of products and quotients leaves the range.

import type { Node } from "./assembler.ts";

interface Fraction {
  readonly over: Node;
  readonly under: Node;
  /** 1 / `under`, where that is made. */
  readonly inverse?: Node;
}

export class Fractions {
  /** Whether none is known: what is computed is looked at only if there is one. */
  isEmpty = true;
  readonly #fractions = new Map<Node, Fraction>();
  readonly #op: (name: "add" | "mul" | "div", a: Node, b: Node) => Node;

  constructor(op: (name: "add" | "mul" | "div", a: Node, b: Node) => Node) {
    this.#op = op;
  }

  note(quotient: Node, over: Node, under: Node): Node {
    this.#fractions.set(quotient, { over, under });
    this.isEmpty = false;
    return quotient;
  }

  /** Notes that `sum` is x + `times`, a small whole number. */
  sum(sum: Node, x: Node, times: number): void {
    const of = this.#fractions.get(x);
    if (!of) return;
    let { over } = of;
    for (let i = 0; i < times; i++) over = this.#op("add", over, of.under);
    this.#fractions.set(sum, { over, under: of.under });
  }

  /** (a / b) · (b / c). */
  product(x: Node, y: Node): Node | undefined {
    const [a, b] = [this.#fractions.get(x), this.#fractions.get(y)];
    return a && b?.inverse && b.over === a.under ? this.#op("mul", a.over, b.inverse) : undefined;
  }

  /** 1 / (a / b). */
  inverse(x: Node, one: Node): Node | undefined {
    const of = this.#fractions.get(x);
    if (!of) return undefined;
    const inverse = this.#op("div", one, of.over);
    const quotient = this.#op("mul", of.under, inverse);
    this.#fractions.set(quotient, { over: of.under, under: of.over, inverse });
    return quotient;
  }

  /** (a / c) / (b / c). */
  quotient(x: Node, y: Node): Node | undefined {
    const [a, b] = [this.#fractions.get(x), this.#fractions.get(y)];
    return a && a.under === b?.under ? this.#op("div", a.over, b.over) : undefined;
  }
}
