// Judges the rows of a block for one loss: which can be used, which are bad and why.

import { type CellFault, weightCheck } from "lossc/columns";
import { IGNORED, NO_CLASS } from "./labels.ts";
import type { Plan, PlannedInput } from "./plan.ts";
import type { Block } from "./scan.ts";
import type { Matrix } from "./select.ts";

/** A cell that made a row bad, as it is shown. */
export interface BadCell {
  /** From 1, in the order of the file, without a header. */
  readonly row: number;
  readonly column: string;
  readonly what: string;
  readonly expected: string;
  readonly remedy?: string | undefined;
}

interface RowFault extends CellFault {
  /** What is wrong, where it is not a number. */
  readonly what?: string;
}

export interface Judged {
  /** The rows to evaluate; undefined for all of the block. */
  readonly usable: Int32Array | undefined;
  /** Rows of the block that are bad. */
  readonly bad: readonly number[];
  /** The first bad cells. */
  readonly cells: readonly BadCell[];
  /** Class indices by input, where it has labels. */
  readonly labels: ReadonlyMap<string, Int32Array>;
}

export interface WeightColumn {
  readonly matrix: Matrix;
  readonly column: string;
  readonly text: number;
}

/** Enough to see what is wrong. */
export const MOST_CELLS = 5;

export interface JudgeSettings {
  readonly weight: WeightColumn | undefined;
  /** What a missing cell is called. */
  readonly missing: string;
  /** The number of each row's query: a query with a bad row is not used. */
  readonly queries: Int32Array | undefined;
}

export function judge(plan: Plan, block: Block, { weight, missing, queries }: JudgeSettings): Judged {
  const { rows } = block;
  const faulty = new Uint8Array(rows);
  const counts = countedRows(plan, rows, weight);
  const cells: BadCell[] = [];
  const bad: number[] = [];
  const blame = (row: number, cell: () => BadCell): void => {
    if (faulty[row] === 0 && counts[row] === 1) bad.push(row);
    faulty[row] = 1;
    if (counts[row] === 1 && cells.length < MOST_CELLS) cells.push(cell());
  };
  if (weight) {
    for (let row = 0; row < rows; row++) {
      const value = weight.matrix.data[row];
      if (weightCheck.find(weight.matrix.data, row, 1)) {
        counts[row] = 1;
        const what = describe(value, () => block.text(weight.text, row), missing);
        blame(row, () => ({
          row: block.number(row),
          column: weight.column,
          what,
          expected: weightCheck.expected,
        }));
      }
    }
  }
  const labels = new Map<string, Int32Array>();
  for (const input of plan.inputs) {
    if (input.labels) {
      const found = new Int32Array(rows);
      for (let row = 0; row < rows; row++) {
        found[row] = input.labels.at(row);
        if (found[row] === NO_CLASS) blame(row, () => badCell(input, block, row, { place: 0 }, missing));
      }
      labels.set(input.wanted.name, found);
      continue;
    }
    const { data, width } = input.matrix;
    const find = input.check.find!;
    for (let row = 0; row < rows; row++) {
      const fault = input.ragged ? listFault(plan, input, row, find) : find(data, row * width, width);
      if (fault) blame(row, () => badCell(input, block, row, fault, missing));
    }
  }
  cells.sort((a, b) => a.row - b.row);
  if (queries && plan.layout === "lists" && bad.length > 0) {
    const spoilt = new Set(bad.map((row) => queries[row]));
    for (let row = 0; row < rows; row++) if (spoilt.has(queries[row])) faulty[row] = 1;
  }
  return { usable: remaining(faulty), bad, cells, labels };
}

/** A list of any length is checked as far as it goes; the lists of a row must be equally long. */
function listFault(
  plan: Plan,
  { matrix, lengths }: PlannedInput,
  row: number,
  find: NonNullable<PlannedInput["check"]["find"]>,
): RowFault | undefined {
  const length = lengths!.data[row];
  if (length < 1) return { place: 0, what: length < 0 ? "is no list of numbers" : "is an empty list" };
  const other = plan.inputs.find(({ ragged, lengths: others }) => ragged && others!.data[row] !== length);
  if (other)
    return {
      place: 0,
      what: `has ${length} numbers, but ${other.source.columns[0].name} has ${other.lengths!.data[row]}`,
    };
  return find(matrix.data, row * matrix.width, length);
}

/** A row of weight 0, or with an ignored label, does not count: whatever stands in it is not bad. */
function countedRows(plan: Plan, rows: number, weight: WeightColumn | undefined): Uint8Array {
  const counts = new Uint8Array(rows).fill(1);
  const ignored = plan.spec.options.ignoreIndex;
  const target =
    ignored === undefined
      ? undefined
      : plan.inputs.find(({ wanted }) => wanted.spec.role === "data" && wanted.spec.kind !== "float");
  for (let row = 0; row < rows; row++) {
    if (weight && weight.matrix.data[row] === 0) counts[row] = 0;
    if (
      target?.labels
        ? target.labels.at(row) === IGNORED
        : target?.matrix.width === 1 && target.matrix.data[row] === ignored
    )
      counts[row] = 0;
  }
  return counts;
}

function remaining(faulty: Uint8Array): Int32Array | undefined {
  const good = faulty.reduce((sum, flag) => sum + (flag === 0 ? 1 : 0), 0);
  if (good === faulty.length) return undefined;
  const rows = new Int32Array(good);
  for (let row = 0, next = 0; row < faulty.length; row++) if (faulty[row] === 0) rows[next++] = row;
  return rows;
}

function badCell(input: PlannedInput, block: Block, row: number, fault: RowFault, missing: string): BadCell {
  const { matrix, source, texts, lengths, check } = input;
  const value = matrix.data[row * matrix.width + fault.place];
  const list = source.kind === "list";
  const column = list ? source.columns[0].name : source.columns[fault.place].name;
  const what = (): string => {
    if (fault.what) return fault.what;
    if (fault.sum !== undefined) return `sums to ${fault.sum}`;
    if (fault.all) return `is (${fault.all.join(", ")})`;
    if (list && lengths!.data[row] !== matrix.width) {
      const length = lengths!.data[row];
      return length < 0
        ? `is ${missing === "empty" ? "empty" : `no list of numbers`}`
        : `has ${length} numbers and not ${matrix.width}`;
    }
    const where = list ? `has at place ${fault.place + 1} ` : "";
    const said = describe(value, () => (list ? null : block.text(texts[fault.place], row)), missing);
    return list ? where + said.replace(/^is /, "") : said;
  };
  return {
    row: block.number(row),
    column,
    what: what(),
    expected: check.expected,
    remedy: check.remedy?.(value),
  };
}

/** A number as it is; where there is none, what stands in the cell instead. */
function describe(value: number, text: () => string | null, missing: string): string {
  if (!Number.isNaN(value)) return `is ${value}`;
  const found = text();
  if (found === null) return "is NaN";
  return found.trim() === ""
    ? `is ${missing}`
    : `is ${JSON.stringify(found.length > 40 ? `${found.slice(0, 40)}…` : found)}`;
}
