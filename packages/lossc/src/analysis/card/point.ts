// A loss at one x of a view.

export interface Point {
  readonly x: number;
  readonly value: number;
  readonly slope: number;
}

export const isNumber = ({ value, slope }: Point): boolean => !Number.isNaN(value) && !Number.isNaN(slope);

/** The mean of the middle ones. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2;
}
