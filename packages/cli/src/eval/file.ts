// What a person gave to be evaluated, as a relation of DuckDB: its columns, and the FROM that reads them.

import type { Column as NamedColumn } from "lossc/columns";

export interface Column extends NamedColumn {
  /** DuckDB's name of the type; every column of a text file is VARCHAR, and cells are numbers one by one. */
  readonly type: string;
}

/** One file, several, or arrays: rows with columns. */
export interface Relation {
  readonly columns: readonly Column[];
  /** Names that several columns have in the file. */
  readonly repeated?: ReadonlySet<string>;
  /** What a missing cell is called. */
  readonly missing: string;
  /** Its cells are text: numbers are found one by one, and a filter or a typed copy needs types first. */
  readonly textual: boolean;
  /** How many rows there are, where the file says so. */
  readonly rows?: number;
  /** What to write after FROM to read columns; those in `lists` as lists. */
  from(columns: readonly string[], lists: ReadonlySet<string>): string;
}

export interface PredictionFile extends Relation {
  /** What a person calls it: a path, or several in short. */
  readonly path: string;
  readonly paths: readonly string[];
  /** A column with the number of each row, where some are left out. */
  readonly rowNumber?: string;
  /** Where the row of a number stands: `row 12`, or `b.csv row 3` where there are several files. */
  place(row: number): Promise<string>;
}

/** Lists are told by the type. JSON is the type of a column whose rows differ. */
export const columnOf = (name: string, type: string): Column => ({
  name,
  type,
  lists: /\[\d*\]$/.test(type) || (type === "JSON" && "some"),
});

export const isList = ({ lists }: Column): boolean => lists === true;
