// A sum without rounding: numbers that do not overlap and add up to exactly what was added (Shewchuk 1997, Adaptive
// Precision Floating-Point Arithmetic). Neither the order of additions nor how they were split over sums that are
// merged later shows in the result.

/** As JSON: the parts of the finite sum, and how many infinite and NaN numbers came with them. */
export interface SumState {
  readonly parts: readonly number[];
  readonly infinite?: number;
  readonly minusInfinite?: number;
  readonly nan?: number;
}

export class ExactSum {
  /** Without overlap, the smallest first. */
  #parts: number[] = [];
  #infinite = 0;
  #minusInfinite = 0;
  #nan = 0;

  add(number: number): void {
    let carried = number;
    let kept = 0;
    for (let i = 0; i < this.#parts.length; i++) {
      const part = this.#parts[i];
      const sum = carried + part;
      const large = Math.abs(carried) >= Math.abs(part) ? carried : part;
      const lost = (large === carried ? part : carried) - (sum - large);
      if (lost !== 0 && Number.isFinite(sum)) this.#parts[kept++] = lost;
      carried = sum;
    }
    this.#parts.length = kept;
    if (Number.isFinite(carried)) {
      if (carried !== 0) this.#parts.push(carried);
    } else if (Number.isNaN(carried)) this.#nan += 1;
    else if (carried > 0) this.#infinite += 1;
    else this.#minusInfinite += 1;
  }

  merge({ parts, infinite = 0, minusInfinite = 0, nan = 0 }: SumState): void {
    for (const part of parts) this.add(part);
    this.#infinite += infinite;
    this.#minusInfinite += minusInfinite;
    this.#nan += nan;
  }

  /** The float64 nearest to the sum. */
  get total(): number {
    if (this.#nan > 0 || (this.#infinite > 0 && this.#minusInfinite > 0)) return Number.NaN;
    if (this.#infinite > 0) return Number.POSITIVE_INFINITY;
    if (this.#minusInfinite > 0) return Number.NEGATIVE_INFINITY;
    const parts = this.#parts;
    let sum = 0;
    let lost = 0;
    let i = parts.length - 1;
    for (; i >= 0; i--) {
      const larger = sum;
      sum = larger + parts[i];
      lost = parts[i] - (sum - larger);
      if (lost !== 0) break;
    }
    // Half way between two numbers the parts below decide.
    if (i > 0 && lost < 0 === parts[i - 1] < 0) {
      const twice = lost * 2;
      const next = sum + twice;
      if (twice === next - sum) sum = next;
    }
    return sum;
  }

  toJSON(): SumState {
    return {
      parts: [...this.#parts],
      ...(this.#infinite > 0 && { infinite: this.#infinite }),
      ...(this.#minusInfinite > 0 && { minusInfinite: this.#minusInfinite }),
      ...(this.#nan > 0 && { nan: this.#nan }),
    };
  }
}
