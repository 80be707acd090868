// A loss at one x of a view.

export interface Point {
  readonly x: number;
  readonly value: number;
  readonly slope: number;
}

export const isNumber = ({ value, slope }: Point): boolean => !Number.isNaN(value) && !Number.isNaN(slope);

/** The lower of the middle ones. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)];
}
