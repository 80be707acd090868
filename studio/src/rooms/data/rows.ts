// Which rows of a table a loss can use: the others are left out, counted, and the first of their cells shown, as the
// command does under --on-bad skip.

import type { TensorInput } from "lossc";
import { type CellRule, cellCheck, numbersOf } from "lossc/columns";
import type { Chosen } from "../../losses/named.ts";
import type { Columns, Roles } from "./roles.ts";
import type { Table } from "./table.ts";

/** A cell that made a row bad. */
export interface BadCell {
  /** From 1, in the order of the file, without a header. */
  readonly row: number;
  readonly column: string;
  /** How it is said: `rooms.data.bad`. */
  readonly said: "is" | "empty" | "placed" | "sums" | "length" | "list";
  /** What stands there; how long a list is. */
  readonly found: string;
  /** Of lists: which of its numbers, from 1; or how many there should be. */
  readonly number: number;
  readonly rule: CellRule | "label";
  /** For a label: which there are. */
  readonly classes: readonly string[];
}

/** Enough to see what is wrong. */
const MOST_CELLS = 5;

type Inputs = Readonly<Record<string, TensorInput>>;

export interface Usable {
  /** What the loss is called with: the rows that can be used. */
  readonly inputs: Inputs;
  /** With the bad rows, for a diagnosis. */
  readonly whole: () => Inputs;
  readonly options: Readonly<Record<string, unknown>>;
  /** Their indices; undefined for all. */
  readonly rows: Int32Array | undefined;
  readonly count: number;
  readonly bad: number;
  readonly cells: readonly BadCell[];
}

interface Matrix {
  readonly data: Float64Array | Int32Array;
  readonly width: number;
  /** Whether a row is several numbers, though it be one. */
  readonly isRow: boolean;
}

export function usableRows(row: Chosen, table: Table, roles: Roles): Usable {
  const options = optionsOf(row, table, roles);
  const faulty = new Uint8Array(table.rows);
  const cells: BadCell[] = [];
  let bad = 0;
  const blame = (at: number, cell: () => BadCell) => {
    bad += faulty[at] === 0 ? 1 : 0;
    faulty[at] = 1;
    if (cells.length < MOST_CELLS) cells.push(cell());
  };
  const matrices = new Map<string, Matrix>();
  for (const name of Object.keys(row.loss.inputs)) {
    const columns =
      name === roles.prediction.input ? roles.prediction : name === "target" ? roles.target : undefined;
    if (!columns) continue;
    const isLabel = row.loss.inputs[name].kind === "classes" && columns.shape === "number";
    const find = isLabel ? lookAtLabels : lookAtNumbers;
    matrices.set(name, find({ row, name, table, columns, roles, options }, blame));
  }
  cells.sort((a, b) => a.row - b.row);
  const rows = bad === 0 ? undefined : Int32Array.from(faulty.keys()).filter((at) => faulty[at] === 0);
  const inputs = (kept?: Int32Array) =>
    Object.fromEntries([...matrices].map(([name, matrix]) => [name, tensorOf(matrix, kept)]));
  return {
    inputs: inputs(rows),
    whole: () => inputs(),
    options,
    rows,
    count: table.rows - bad,
    bad,
    cells,
  };
}

/** Margins' targets are −1 and 1, unless the column has 0; the columns of a box tell its format. */
function optionsOf({ loss, params }: Chosen, { columns }: Table, { target, prediction }: Roles) {
  const isBinary = loss.inputs.target.kind === "sign" && columns.get(target.name)?.includes(0);
  return {
    ...(prediction.format && { format: prediction.format }),
    ...params,
    ...(isBinary && { encoding: "binary" }),
  };
}

interface Looked {
  readonly row: Chosen;
  /** The input's. */
  readonly name: string;
  readonly table: Table;
  readonly columns: Columns;
  readonly roles: Roles;
  readonly options: Readonly<Record<string, unknown>>;
}
type Blame = (at: number, cell: () => BadCell) => void;

function lookAtNumbers({ row: { loss }, name, table, columns, options }: Looked, blame: Blame): Matrix {
  const { kind, domain: declared } = loss.inputs[name];
  const defaults = Object.entries(loss.params).map(([param, spec]) => [param, spec.default]);
  const parameters = { ...Object.fromEntries(defaults), ...options };
  const domain = typeof declared === "function" ? declared(parameters) : declared;
  const isRow = columns.shape !== "number";
  const check = cellCheck(
    { kind, domain, numbers: numbersOf(name, domain, isRow), isRow },
    { binary: options.encoding === "binary", format: parameters.format },
  );
  const matrix = matrixOf(table, columns);
  const lengths = columns.isList ? table.lists.get(columns.name)!.lengths : undefined;
  for (let at = 0; at < table.rows; at++) {
    const fault = check.find(matrix.data, at * matrix.width, matrix.width);
    if (!fault) continue;
    blame(at, () => {
      const about = { row: at + 1, rule: check.rule, classes: columns.classes, number: 0 };
      const column = columns.columns[lengths ? 0 : fault.place];
      if (lengths && lengths[at] !== matrix.width)
        return lengths[at] < 0
          ? { ...about, column, said: "list", found: "" }
          : { ...about, column, said: "length", found: String(lengths[at]), number: matrix.width };
      if (fault.sum !== undefined) return { ...about, column, said: "sums", found: String(fault.sum) };
      if (fault.all) return { ...about, column, said: "is", found: `(${fault.all.join(", ")})` };
      const value = matrix.data[at * matrix.width + fault.place];
      if (lengths) return { ...about, column, said: "placed", found: String(value), number: fault.place + 1 };
      return { ...about, column, ...cellText(table, column, at, value) };
    });
  }
  return matrix;
}

/** What stands in a cell: its number, or its text. */
function cellText(
  { words }: Table,
  column: string,
  at: number,
  value: number,
): Pick<BadCell, "said" | "found"> {
  const text = words.get(column)?.[at];
  if (text === "") return { said: "empty", found: "" };
  return { said: "is", found: text === undefined ? String(value) : JSON.stringify(shortened(text)) };
}
const shortened = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);

/** No class has this index. */
const NO_CLASS = -2;

/** A label is its class's number or name as the columns have it; beside named classes a number is a place. */
function lookAtLabels({ row: { loss }, name, table, columns, roles }: Looked, blame: Blame): Matrix {
  const { classes } = roles.prediction;
  const numbers = table.columns.get(columns.name)!;
  const texts = table.words.get(columns.name);
  const index = new Map(classes.map((one, i) => [one, i]));
  const areNumbers = classes.every((one) => /^\d+$/.test(one));
  const hasNone = loss.inputs[name].none === true;
  const data = Int32Array.from(numbers, (number, at) => {
    const found = index.get(texts?.[at] ?? String(number));
    if (found !== undefined) return found;
    if (hasNone && number === -1) return -1;
    if (!areNumbers && Number.isInteger(number) && number >= 0 && number < classes.length) return number;
    blame(at, () => ({
      row: at + 1,
      column: columns.name,
      ...cellText(table, columns.name, at, number),
      number: 0,
      rule: "label",
      classes,
    }));
    return Number.isInteger(number) ? number : NO_CLASS;
  });
  return { data, width: 1, isRow: false };
}

function matrixOf({ columns: all, lists, rows }: Table, { columns, isList }: Columns): Matrix {
  if (isList) return { ...lists.get(columns[0])!, isRow: true };
  if (columns.length === 1) return { data: all.get(columns[0])!, width: 1, isRow: false };
  const width = columns.length;
  const data = new Float64Array(rows * width);
  columns.forEach((name, j) => {
    const column = all.get(name)!;
    for (let i = 0; i < rows; i++) data[i * width + j] = column[i];
  });
  return { data, width, isRow: true };
}

function tensorOf({ data, width, isRow }: Matrix, rows: Int32Array | undefined): TensorInput {
  const kept = rows ? gathered(data, width, rows) : data;
  return !isRow ? kept : { data: kept, shape: [kept.length / width, width] };
}

function gathered(data: Matrix["data"], width: number, rows: Int32Array): Matrix["data"] {
  const Kind = data.constructor as new (length: number) => Matrix["data"];
  const kept = new Kind(rows.length * width);
  rows.forEach((row, i) => {
    kept.set(data.subarray(row * width, (row + 1) * width), i * width);
  });
  return kept;
}
