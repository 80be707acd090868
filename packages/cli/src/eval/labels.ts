// From the labels of a file to class indices: a label is a class's number, or its name as the columns have it.

import type { Check } from "./checks.ts";
import type { Matrix, Selection } from "./select.ts";

/** What an ignored label becomes: no class has this index. */
export const IGNORED = -100;
/** What a label that is no class becomes. */
export const NO_CLASS = -2;

export interface Labels {
  /** The classes, by index. */
  readonly names: readonly string[];
  /** The class index of the label at a row; IGNORED, NO_CLASS, or −1 where the loss has a label for none. */
  at(row: number): number;
  readonly check: Omit<Check, "find">;
  /** Said once if labels were taken by position although the classes have names. */
  readonly byPosition: { note: string; seen: boolean };
}

export function labelsOf(
  column: string,
  classes: readonly string[],
  selection: Selection,
  { ignored, none }: { ignored: unknown; none: boolean },
): { readonly labels: Labels; readonly matrix: Matrix } {
  const matrix = selection.numbers([column], "label");
  const numbers = classes.map((name) => (name.trim() === "" ? Number.NaN : Number(name)));
  const numeric = numbers.every(Number.isInteger);
  const places = numeric ? undefined : selection.places(column, classes);
  const index = new Map(numbers.map((number, i) => [number, i]));
  const byPosition = {
    note: `the labels in ${column} are read as positions: 0 is ${classes[0]}, 1 is ${classes[1]}, …`,
    seen: false,
  };
  const at = (row: number): number => {
    const number = matrix.data[row];
    if (number === ignored) return IGNORED;
    if (numeric) return index.get(number) ?? (none && number === -1 ? -1 : NO_CLASS);
    const place = places!.data[row];
    if (!Number.isNaN(place)) return place;
    if (none && number === -1) return -1;
    if (!Number.isInteger(number) || number < 0 || number >= classes.length) return NO_CLASS;
    byPosition.seen = true;
    return number;
  };
  const [first, last] = [classes[0], classes.at(-1)];
  const all = classes.length > 4 ? `${first} … ${last}` : classes.join(", ");
  const remedy = (value: number): string | undefined => {
    if (numeric && value === classes.length && first === "0")
      return `If the labels count from 1, subtract 1, or name the columns by them: logit_1 … logit_${classes.length}.`;
    return Number.isInteger(value) ? `To leave out a label, add the option ignoreIndex=${value}.` : undefined;
  };
  return {
    matrix,
    labels: {
      names: classes,
      at,
      check: { expected: `one of the ${classes.length} classes ${all}`, remedy },
      byPosition,
    },
  };
}
