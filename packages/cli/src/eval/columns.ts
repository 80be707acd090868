// Decides which columns each input of a loss is read from: as the flags say, or by their names, and never by a guess
// that could as well be another.

import { familyOf, type Source } from "lossc/columns";
import { CommandError } from "../errors.ts";
import { didYouMean, listed } from "../suggest.ts";
import { ambiguous, missing, oneOfTwo, perhapsNote } from "./column-errors.ts";
import { type Column, isList, type PredictionFile } from "./file.ts";
import { findColumns } from "./find.ts";
import { isPrediction, isTarget, type Wanted, wantedInputs } from "./shapes.ts";
import type { LossSpec } from "./spec.ts";

export interface Chosen {
  readonly wanted: Wanted;
  readonly source: Source;
  /** Said on stderr where the name alone does not settle what the numbers are. */
  readonly note?: string;
}

export interface ColumnFlags {
  readonly target?: readonly string[];
  readonly prediction?: readonly string[];
  /** By input name. */
  readonly input: Readonly<Record<string, readonly string[]>>;
  /** Whether --query says which rows belong together. */
  readonly grouped: boolean;
}

/** The columns of every input that a row has; those of inputs that are the same for all rows are not among them. */
export function chooseColumns(spec: LossSpec, file: PredictionFile, flags: ColumnFlags): readonly Chosen[] {
  const wanted = wantedInputs(spec, flags.grouped).filter(({ shape }) => shape !== "constant");
  const found = wanted.map((one) => ({ one, chosen: choose(spec, one, wanted, file, flags) }));
  return found.flatMap(({ one, chosen }): Chosen[] => {
    const other = found.find((others) => replaces(others.one, one) || replaces(one, others.one));
    if (chosen && other?.chosen) throw oneOfTwo(spec, [chosen, other.chosen], wanted);
    if (chosen) return [chosen];
    if (one.spec.optional || other?.chosen) return [];
    throw missing(spec, one, file, wanted, flags.grouped);
  });
}

const replaces = (one: Wanted, other: Wanted): boolean => one.spec.instead === other.name;

function choose(
  spec: LossSpec,
  one: Wanted,
  wanted: readonly Wanted[],
  file: PredictionFile,
  flags: ColumnFlags,
): Chosen | undefined {
  const given = flagFor(one, wanted, flags);
  if (given) return { wanted: one, source: sourceOf(spec, one, given, file) };
  const instead = wanted.find((other) => replaces(one, other) || replaces(other, one));
  if (instead && flagFor(instead, wanted, flags)) return undefined;
  const { sources, perhaps } = findColumns(one, file.columns, spec);
  if (sources.length > 1) throw ambiguous(spec, one, sources, wanted);
  if (sources.length === 0) return undefined;
  return { wanted: one, source: sources[0], ...(perhaps && { note: perhapsNote(spec, one, sources[0]) }) };
}

interface Given {
  readonly flag: string;
  readonly columns: readonly string[];
}

function flagFor(one: Wanted, all: readonly Wanted[], flags: ColumnFlags): Given | undefined {
  if (Object.hasOwn(flags.input, one.name))
    return { flag: `--input ${one.name}`, columns: flags.input[one.name] };
  if (flags.prediction && isPrediction(one, all)) return { flag: "--prediction", columns: flags.prediction };
  if (flags.target && isTarget(one, all)) return { flag: "--target", columns: flags.target };
  return undefined;
}

/** The column of a name, or those that match a pattern with `*`; capitals matter only if they tell two apart. */
export function columnsCalled(name: string, file: PredictionFile, flag: string): Column[] {
  const exact = file.columns.find((column) => column.name === name);
  if (exact) return [exact];
  const pattern = new RegExp(`^${name.split("*").map(escapeRegExp).join(".*")}$`, "i");
  const matching = file.columns.filter((column) => pattern.test(column.name));
  if (matching.length > 0 && (name.includes("*") || matching.length === 1)) return matching;
  const names = file.columns.map((column) => column.name);
  const near = didYouMean(name, names, "Its columns are");
  throw new CommandError(`${flag} ${name}: ${file.path} has no such column.`, near);
}

const escapeRegExp = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");

/** Columns a person named, as the source of an input: how many there are must fit. */
function sourceOf(
  spec: LossSpec,
  one: Wanted,
  { flag, columns: names }: Given,
  file: PredictionFile,
): Source {
  const columns = names.flatMap((name) => columnsCalled(name, file, flag));
  const [first] = columns;
  if (
    columns.length === 1 &&
    (isList(first) || (first.lists === "some" && one.shape === "row")) &&
    one.shape !== "number"
  ) {
    return { kind: "list", columns: [first] };
  }
  if (one.shape === "number" || (one.shape === "classes" && columns.length === 1)) {
    if (columns.length === 1 && !isList(first)) return { kind: "number", columns: [first] };
    const given = columns.length === 1 ? `${first.name} holds lists` : `${columns.length} columns are given`;
    throw new CommandError(
      `${spec.loss.name}: "${one.name}" takes one number per row, but ${given}.`,
      `Name one column of numbers: ${flag} COLUMN.`,
    );
  }
  if (one.size !== undefined && columns.length !== one.size) {
    throw new CommandError(
      `${spec.loss.name}: "${one.name}" takes ${one.size} columns, but ${columns.length} ${columns.length === 1 ? "is" : "are"} given: ${listed(columns.map(({ name }) => name))}.`,
      `Name them in order, as in ${flag} x1 y1 x2 y2.`,
    );
  }
  if (columns.length === 1) {
    throw new CommandError(
      `${spec.loss.name}: "${one.name}" takes one column per class, but only ${first.name} is given.`,
      `Name them all, or by a pattern: ${flag} 'logit_*'. A column of lists will do too.`,
    );
  }
  return familyOf(columns, names.length === 1);
}
