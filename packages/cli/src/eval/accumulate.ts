// Partial sums that merge exactly: Σ w·ℓ, Σ w and a count, for the whole and for each group.

/** A sum with the rounding errors of its additions carried along (Neumaier 1974), so that neither the order of the
 * rows nor the place where they were cut into parts shows in the digits that are printed. */
export class Sum {
  #sum = 0;
  #lost = 0;

  add(x: number): void {
    const sum = this.#sum + x;
    this.#lost += Math.abs(this.#sum) >= Math.abs(x) ? this.#sum - sum + x : x - sum + this.#sum;
    this.#sum = sum;
  }

  merge(other: Sum): void {
    this.add(other.#sum);
    this.#lost += other.#lost;
  }

  get total(): number {
    return this.#sum + this.#lost;
  }
}

/** Σ w·ℓ, Σ w, and how many rows count, cannot be used, have an infinite loss or NaN. */
export interface Part {
  readonly sum: number;
  readonly weightSum: number;
  readonly count: number;
  readonly bad: number;
  readonly nonFinite: number;
}

/** The partial result of a loss over some rows. */
export class Accumulator {
  readonly #value = new Sum();
  readonly #weight = new Sum();
  /** Infinite and NaN losses are kept apart: one of them would turn the carried errors into NaN. */
  #special = 0;
  count = 0;
  nonFinite = 0;
  bad = 0;

  /** The loss of one row, times its weight. */
  addLoss(weighted: number): void {
    if (Number.isFinite(weighted)) this.#value.add(weighted);
    else {
      this.#special += weighted;
      this.nonFinite += 1;
    }
  }

  addWeight(weight: number, count: number): void {
    this.#weight.add(weight);
    this.count += count;
  }

  /** Sums that were made elsewhere. */
  addPart(part: Part): void {
    if (part.nonFinite > 0) this.#special += part.sum;
    else this.#value.add(part.sum);
    this.addWeight(part.weightSum, part.count);
    this.nonFinite += part.nonFinite;
    this.bad += part.bad;
  }

  merge(other: Accumulator): void {
    this.#value.merge(other.#value);
    this.#weight.merge(other.#weight);
    this.#special += other.#special;
    this.count += other.count;
    this.nonFinite += other.nonFinite;
    this.bad += other.bad;
  }

  get sum(): number {
    return this.nonFinite > 0 ? this.#special : this.#value.total;
  }

  get weightSum(): number {
    return this.#weight.total;
  }

  /** Σ w·ℓ over Σ w, or over the count; nothing counted has no mean. */
  mean(over: "weight" | "count"): number | null {
    return this.count === 0 ? null : this.sum / (over === "count" ? this.count : this.weightSum);
  }
}
