// The groups of --by: each distinct value of a column, in the order they turn up, and sorted for people.

import type { Block } from "./scan.ts";

export interface Groups {
  /** The number of each row's group. */
  of(block: Block): Int32Array | undefined;
  readonly count: number;
  /** Numbers of the groups in the order to print them, with their values: a number where all are, null for a missing one. */
  sorted(): readonly { readonly group: number; readonly value: string | number | null }[];
}

/** `text` is the text expression of the column; without one everything is a single group. */
export function newGroups(text: number | undefined): Groups {
  const numbers = new Map<string | null, number>();
  if (text === undefined) return { of: () => undefined, count: 1, sorted: () => [] };
  return {
    of(block) {
      const ids = new Int32Array(block.rows);
      for (let row = 0; row < block.rows; row++) {
        const value = block.text(text, row);
        const id = numbers.get(value) ?? numbers.size;
        numbers.set(value, id);
        ids[row] = id;
      }
      return ids;
    },
    get count() {
      return numbers.size;
    },
    sorted() {
      const values = [...numbers.keys()];
      const numeric = values.every((value) => value === null || isPlainNumber(value));
      const named = [...numbers].map(([value, group]) => ({
        group,
        value: value !== null && numeric ? Number(value) : value,
      }));
      const order = new Intl.Collator("en", { numeric: true });
      return named.sort((a, b) => {
        if (a.value === null || b.value === null) return a.value === null ? 1 : -1;
        return typeof a.value === "number"
          ? a.value - (b.value as number)
          : order.compare(a.value, String(b.value));
      });
    },
  };
}

/** Whether a number says the same as the text: not so for 007, nor for what a double cannot hold. */
const isPlainNumber = (text: string): boolean => {
  const number = Number(text);
  return text !== "" && Number.isFinite(number) && (String(number) === text || `${number}.0` === text);
};
