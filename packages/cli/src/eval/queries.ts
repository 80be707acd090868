// What must be the same in all rows of a query: its weight and its group, for the query is one sample.

import { CommandError } from "../errors.ts";
import type { Work } from "./prepare.ts";
import type { Block } from "./scan.ts";

export function checkQueries(
  { weight, by, query }: Work,
  block: Block,
  queries: Int32Array,
  groups: Int32Array | undefined,
): void {
  const first = new Map<number, number>();
  const differ = (row: number, flag: string): CommandError =>
    new CommandError(
      `${flag} differs between rows of one ${query!.column}: rows ${block.number(first.get(queries[row])!)} and ${block.number(row)}.`,
      "A query is one sample: it has one weight and belongs to one group.",
    );
  for (let row = 0; row < block.rows; row++) {
    const before = first.get(queries[row]);
    if (before === undefined) {
      first.set(queries[row], row);
      continue;
    }
    if (groups && groups[row] !== groups[before]) throw differ(row, `--by ${by}`);
    if (weight && weight.matrix.data[row] !== weight.matrix.data[before])
      throw differ(row, `--weight ${weight.column}`);
  }
}
