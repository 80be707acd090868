// Watches the numbers read as logits: if all of them lie in [0, 1] they are perhaps probabilities, and that is said.

import type { Plan, PlannedInput } from "./plan.ts";
import type { Matrix } from "./select.ts";

export class Ranges {
  /** Matrices that have had no number outside [0, 1] so far, and who reads them. */
  readonly #inside = new Map<Matrix, { readonly input: PlannedInput; readonly losses: string[] }>();

  constructor(plans: readonly Plan[]) {
    for (const { spec, inputs } of plans) {
      for (const input of inputs) {
        if (input.wanted.numbers !== "logits" || input.wanted.spec.role !== "model") continue;
        const watched = this.#inside.get(input.matrix);
        if (watched) watched.losses.push(spec.loss.name);
        else this.#inside.set(input.matrix, { input, losses: [spec.loss.name] });
      }
    }
  }

  look(rows: number): void {
    for (const matrix of this.#inside.keys()) {
      const count = rows * matrix.width;
      for (let i = 0; i < count; i++) {
        if (matrix.data[i] < 0 || matrix.data[i] > 1) {
          this.#inside.delete(matrix);
          break;
        }
      }
    }
  }

  /** As `look`, where the rows are not here: `asks` says whether an input has a number outside [0, 1]. */
  async ask(asks: (input: PlannedInput) => Promise<boolean>): Promise<void> {
    for (const [matrix, { input }] of this.#inside) if (await asks(input)) this.#inside.delete(matrix);
  }

  insideUnit(): Iterable<{ readonly input: PlannedInput; readonly losses: readonly string[] }> {
    return this.#inside.values();
  }
}
