// What is said of bad rows, and what a person should know of a result but would not see in it.

import { CommandError } from "../errors.ts";
import { grouped, share } from "../format/number.ts";
import type { Notes } from "../notes.ts";
import { sourceText } from "./column-errors.ts";
import type { PredictionFile } from "./file.ts";
import type { Work } from "./prepare.ts";
import type { Ranges } from "./ranges.ts";
import type { ResultRow } from "./result.ts";
import { type BadCell, MOST_CELLS } from "./rows.ts";

const cellLine = async (
  { place }: PredictionFile,
  { row, column, what, expected }: BadCell,
): Promise<string> => `${await place(row)}: ${column} ${what}; expected ${expected}`;

/** Each cell once, though several losses may read it. */
export const distinctCells = (cells: readonly BadCell[]): BadCell[] =>
  cells
    .filter(
      (cell, i) => cells.findIndex(({ row, column }) => row === cell.row && column === cell.column) === i,
    )
    .sort((a, b) => a.row - b.row);

const remediesOf = (cells: readonly BadCell[]): string[] => [
  ...new Set(cells.flatMap(({ remedy }) => remedy ?? [])),
];

/** The error of --on-bad error: the first bad cells, of as many rows as are bad so far. */
export async function badRows(
  file: PredictionFile,
  cells: readonly BadCell[],
  rows: number,
): Promise<CommandError> {
  const { path } = file;
  const shown = cells.slice(0, MOST_CELLS);
  const lines: string[] = [];
  for (const cell of shown) lines.push(await cellLine(file, cell));
  const more = rows > new Set(shown.map(({ row }) => row)).size ? ["…"] : [];
  return new CommandError(
    `${path} has rows that cannot be used (they count from 1${/\.[ct]sv/i.test(path) ? ", without the header" : ""}):\n  ${[...lines, ...more].join("\n  ")}`,
    [...remediesOf(cells), "Repair them, or drop and count them: --on-bad skip"].join("\n"),
  );
}

export async function sayWhatIsNotSeen(
  { file, plans }: Work,
  results: readonly ResultRow[],
  skipped: readonly BadCell[],
  ranges: Ranges,
  notes: Notes,
): Promise<void> {
  const totals = results.filter(({ total }) => total);
  const nothing = totals.find(({ count, bad }) => count === 0 && bad > 0);
  if (nothing) {
    const [first] = skipped;
    throw new CommandError(
      `${nothing.loss}: every row of ${file.path} is bad. ${await cellLine(file, first)}.`,
      first.remedy ?? "Check the columns: lossc eval --help",
    );
  }
  if (skipped.length > 0) {
    const { bad, count } = totals.reduce((a, b) => (b.bad > a.bad ? b : a));
    notes.say(
      `bad rows skipped: ${share(bad, bad + count)}, the first at ${await cellLine(file, skipped[0])}.`,
    );
    for (const remedy of remediesOf(skipped)) notes.say(remedy);
  }
  for (const { spec, nonFinite } of totals) {
    if (nonFinite > 0)
      notes.say(
        `${spec}: infinite or NaN in ${grouped(nonFinite)} ${nonFinite === 1 ? "row" : "rows"}, and so is the mean.`,
      );
  }
  for (const { input, losses } of ranges.insideUnit()) {
    const read = `${losses.join(" and ")} ${losses.length > 1 ? "read" : "reads"} them as logits`;
    notes.say(`every value of ${sourceText(input.source)} lies in [0, 1], as probabilities do; ${read}.`);
  }
  for (const { inputs } of plans) {
    for (const { labels } of inputs) if (labels?.byPosition.seen) notes.say(labels.byPosition.note);
  }
}
