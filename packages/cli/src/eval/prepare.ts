// Everything that is decided before the first row is read: losses, columns, expressions, weights, groups.

import { idNames, weightNames } from "lossc/columns";
import { CommandError } from "../errors.ts";
import type { Notes } from "../notes.ts";
import { chooseColumns, columnsCalled } from "./columns.ts";
import type { Database } from "./database.ts";
import type { PredictionFile } from "./file.ts";
import { type EvalFlags, readColumnFlags, topCount } from "./flags.ts";
import { type Groups, newGroups } from "./groups.ts";
import type { FlagArrays } from "./input/flag-arrays.ts";
import { type Plan, planLoss } from "./plan.ts";
import type { WeightColumn } from "./rows.ts";
import { newSelection, type Selection } from "./select.ts";
import type { LossSpec } from "./spec.ts";
import { lengthOf } from "./sql.ts";

export interface Work {
  readonly file: PredictionFile;
  readonly plans: readonly Plan[];
  readonly selection: Selection;
  readonly weight: WeightColumn | undefined;
  /** The column of --by. */
  readonly by: string | undefined;
  readonly groups: Groups;
  /** Text expressions of --by and of what a row is called, where worst rows are shown. */
  readonly shown: { readonly by: number | undefined; readonly id: number | undefined };
  /** Which rows belong together, under --query. */
  readonly query: { readonly column: string; readonly groups: Groups } | undefined;
  /** Rows that meet in a batch. */
  readonly batch: number | undefined;
}

export async function prepare(
  specs: readonly LossSpec[],
  file: PredictionFile,
  database: Database,
  { flags, constants }: FlagArrays,
  notes: Notes,
): Promise<Work> {
  const columnFlags = readColumnFlags(flags, specs);
  const { grouped } = columnFlags;
  const selection = newSelection();
  const plans: Plan[] = [];
  for (const spec of specs) {
    const plan = await planLoss(
      spec,
      chooseColumns(spec, file, columnFlags),
      selection,
      lengthOfListIn(file, database),
      { constants, grouped },
    );
    for (const note of plan.notes) notes.say(note);
    plans.push(plan);
  }
  const weight = weightColumn(file, flags, selection);
  const by = flags.by === undefined ? undefined : oneColumn(flags.by, "--by", file);
  const byText = by === undefined ? undefined : selection.text(by);
  const groups = newGroups(byText);
  const id = idColumn(file, flags);
  const query = queryColumn(file, flags, plans, selection);
  if (file.rowNumber !== undefined) selection.rowNumbers = selection.numbers([file.rowNumber]);
  for (const name of selection.columns) {
    if (!file.repeated?.has(name)) continue;
    throw new CommandError(
      `${file.path}: its header has "${name}" more than once, so it is not known which is meant.`,
      "Rename the others.",
    );
  }
  const unused = file.columns.find(({ name }) => weightNames.includes(name.toLowerCase()));
  if (unused && !selection.columns.has(unused.name)) {
    notes.say(`the column ${unused.name} is not used; --weight ${unused.name} weighs the rows by it.`);
  }
  return {
    file,
    plans,
    selection,
    weight,
    by,
    groups,
    shown: { by: byText, id: id === undefined ? undefined : selection.text(id) },
    query,
    batch: batchSize(flags, plans),
  };
}

function queryColumn(
  file: PredictionFile,
  { query }: EvalFlags,
  plans: readonly Plan[],
  selection: Selection,
): Work["query"] {
  if (query === undefined) return undefined;
  const column = oneColumn(query, "--query", file);
  if (!plans.some(({ layout }) => layout === "lists"))
    throw new CommandError(
      `--query ${query}: a sample of ${plans.map(({ spec }) => spec.loss.name).join(", ")} is one row.`,
      "It is for losses of ranked lists and of masks, such as lambdaRank and dice; leave it out.",
    );
  return { column, groups: newGroups(selection.text(column)) };
}

function batchSize({ batch }: EvalFlags, plans: readonly Plan[]): number | undefined {
  if (batch === undefined) return undefined;
  const size = Number(batch);
  if (!Number.isInteger(size) || size < 2)
    throw new CommandError(
      `--batch ${batch} is no number of rows.`,
      "Give a whole number from 2, as in --batch 256.",
    );
  if (!plans.some(({ layout }) => layout === "batch"))
    throw new CommandError(
      `--batch ${batch}: none of the losses compares the rows of a batch.`,
      "Leave it out: the mean over all rows does not depend on it.",
    );
  return size;
}

/** The column of --id, or the one that is called like one; under --query a sample is a query. */
function idColumn(file: PredictionFile, flags: EvalFlags): string | undefined {
  if (flags.id !== undefined) return oneColumn(flags.id, "--id", file);
  if (topCount(flags) === 0) return undefined;
  if (flags.query !== undefined) return oneColumn(flags.query, "--query", file);
  const named = (name: string) => file.columns.find((column) => column.name.toLowerCase() === name);
  return idNames.map(named).find((column) => column !== undefined)?.name;
}

const oneColumn = (name: string, flag: string, file: PredictionFile): string =>
  columnsCalled(name, file, flag)[0].name;

function weightColumn(
  file: PredictionFile,
  { weight }: EvalFlags,
  selection: Selection,
): WeightColumn | undefined {
  if (weight === undefined) return undefined;
  const column = oneColumn(weight, "--weight", file);
  return { column, matrix: selection.numbers([column]), text: selection.textWhereNoNumber(column) };
}

const lengthOfListIn =
  (file: PredictionFile, database: Database) =>
  async (column: string, longest = false): Promise<number | undefined> => {
    const length = lengthOf(column);
    const relation = file.from([column], new Set([column]));
    const [row] = await database.rows(
      longest
        ? `SELECT max(${length}) AS length FROM ${relation}`
        : `SELECT ${length} AS length FROM ${relation} WHERE ${length} > 0 LIMIT 1`,
    );
    return (row?.length ?? undefined) as number | undefined;
  };

/** By input, if all losses read an input from the same columns; else by loss and input. */
export function columnsRead({ plans, weight, by, query }: Work): Record<string, readonly string[]> {
  const columns: Record<string, readonly string[]> = {};
  for (const { spec, inputs } of plans) {
    for (const { wanted, source } of inputs) {
      const names = source.columns.map(({ name }) => name);
      const taken = columns[wanted.name];
      if (!taken) columns[wanted.name] = names;
      else if (taken.join("\n") !== names.join("\n")) columns[`${spec.loss.name}.${wanted.name}`] = names;
    }
  }
  if (weight) columns.weight = [weight.column];
  if (by !== undefined) columns.by = [by];
  if (query) columns.query = [query.column];
  return columns;
}
