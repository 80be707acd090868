// Whether all of an array is as it must be, as fast as a loop can say it: a call pays for this and for nothing else where
// nothing is wrong. Where something may be, the checks look again and find the place and the sentence.

type Quick = (data: ArrayLike<number>) => boolean;

/** The bits of a float32 as a whole number: these are in the order of the numbers, from 0 on. */
const patternOf = (x: number): number => new Uint32Array(Float32Array.of(x).buffer)[0];

/** Whether all are from 0 to what has the pattern `top`. −0 and NaN stand above. Whole numbers are compared at twice the
 * speed, and four at a time. */
function patternsUpTo({ buffer, byteOffset, length }: Float32Array, top: number): boolean {
  const patterns = new Uint32Array(buffer, byteOffset, length);
  let i = 0;
  for (; i + 4 <= length; i += 4)
    if (patterns[i] > top || patterns[i + 1] > top || patterns[i + 2] > top || patterns[i + 3] > top)
      return false;
  for (; i < length; i++) if (patterns[i] > top) return false;
  return true;
}

/** Numbers from `low` to `high`, or NaN. */
export function between(low: number, high: number): Quick {
  const top = low === 0 ? patternOf(high) : undefined;
  return (data) => {
    if (top !== undefined && data instanceof Float32Array && patternsUpTo(data, top)) return true;
    const { length } = data;
    for (let i = 0; i < length; i++) {
      const x = data[i];
      if (x < low || x > high) return false;
    }
    return true;
  };
}

/** The numbers that are above a bound begin here. */
export const above = (bound: 0 | -1): Quick =>
  between(bound === 0 ? Number.MIN_VALUE : bound + Number.EPSILON / 2, Number.POSITIVE_INFINITY);

/** Finite and not negative. */
export const finiteFromZero: Quick = (data) => {
  const { length } = data;
  for (let i = 0; i < length; i++) {
    const x = data[i];
    if (!(x >= 0 && x <= Number.MAX_VALUE)) return false;
  }
  return true;
};

/** One of two numbers each. */
export const either =
  (a: number, b: number): Quick =>
  (data) => {
    const { length } = data;
    for (let i = 0; i < length; i++) {
      const x = data[i];
      if (x !== a && x !== b) return false;
    }
    return true;
  };

/** Whole numbers from `low` to below `end`, none so large that 32 bits do not hold it. */
export const whole =
  (low: number, end: number): Quick =>
  (data) => {
    const { length } = data;
    for (let i = 0; i < length; i++) {
      const x = data[i];
      if ((x | 0) !== x || x < low || x >= end) return false;
    }
    return true;
  };

/** Rows of numbers that are not negative and sum to 1, but for `tolerance`. */
export const sumToOne =
  (width: number, tolerance: number): Quick =>
  (data) => {
    const { length } = data;
    for (let start = 0; start < length; start += width) {
      let sum = 0;
      let least = 0;
      for (let i = start; i < start + width; i++) {
        const p = data[i];
        sum += p;
        if (p < least) least = p;
      }
      if (least < 0 || Math.abs(sum - 1) > tolerance) return false;
    }
    return true;
  };

/** Rows of four, in which the two last are not below the two first, or not below 0. */
export const boxes =
  (fromCorners: boolean): Quick =>
  (data) => {
    const { length } = data;
    for (let i = 0; i < length; i += 4) {
      const [left, top] = fromCorners ? [data[i], data[i + 1]] : [0, 0];
      if (data[i + 2] < left || data[i + 3] < top) return false;
    }
    return true;
  };
