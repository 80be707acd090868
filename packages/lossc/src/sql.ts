// Losses as SQL: what `import … from "lossc/sql"` gives. A statement computes partial sums where the data lies.

import { type DialectName, dialects, partialSums, quoted, type RowsFor } from "./backends/sql/index.ts";
import { type Cells, rowLoss, type TableCall } from "./contract/row-loss.ts";
import { LossError } from "./errors.ts";

export type { DialectName, RowsFor };
/** A name as SQL: in double quotes. */
export const quotedName = quoted;
export const dialectNames = Object.keys(dialects) as DialectName[];

/** The SQL of a cell: a column's name is quoted and cast. Give `{ number, raw }` for SQL of your own: the cell as a
 * float64 (NULL where it is none), and as it lies in the table, on which filters work. */
export type CellInput = string | { readonly number: string; readonly raw: string };

export interface SqlLoss {
  readonly loss: object;
  /** Parameters and options of the loss, as in a call. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** The column of each input; for a row of classes or the sides of a box one for each, in order. */
  readonly inputs: Readonly<Record<string, CellInput | readonly CellInput[]>>;
  /** A column of weights ≥ 0. */
  readonly weight?: CellInput;
  /** Inputs whose infinite cells make a row bad. */
  readonly finite?: readonly string[];
}

export interface SqlSettings {
  /** What stands after FROM. Default "predictions". */
  readonly from?: string;
  /** SQL to group by; its values come as the column "group". */
  readonly by?: string;
  readonly dialect?: DialectName;
  /** "all" (default); "ordinary": those whose cells lie in a range where plain arithmetic is exact, which is several
   * times faster; "others": those that "ordinary" leaves out. */
  readonly rows?: RowsFor;
}

/** One SELECT over a table that gives, for each loss, `loss_sum` (Σ w·ℓ), `weight_sum` (Σ w), `n` (rows that count),
 * `bad` (rows that cannot be used) and `non_finite` (rows whose loss is infinite or NaN), with `_1`, `_2` … behind each where there are several losses. Sums of parts of a
 * table merge by addition; the mean is loss_sum / weight_sum.
 *
 * The numerics are the language's: NaN, infinities and 0·∞ as in the other engines. Throws a LossError of code
 * `unsupported` for a loss whose rows depend on each other. */
export function sqlOf(losses: readonly SqlLoss[], settings: SqlSettings = {}): string {
  const dialect = dialects[settings.dialect ?? "duckdb"];
  if (!dialect)
    throw new LossError("unsupported", `there is no SQL dialect "${settings.dialect}".`, {
      target: "sql",
      note: `There are: ${dialectNames.join(", ")}.`,
    });
  const cell = (given: CellInput): Cells[number] =>
    typeof given === "string" ? { number: dialect.cell(quoted(given)), raw: quoted(given) } : given;
  const cells = (given: CellInput | readonly CellInput[]): Cells =>
    Array.isArray(given) ? given.map(cell) : [cell(given as CellInput)];
  const { rows = "all" } = settings;
  const rowLosses = losses.map(({ loss, options = {}, inputs, weight, finite }) => {
    const call: TableCall = {
      options,
      inputs: Object.fromEntries(Object.entries(inputs).map(([name, given]) => [name, cells(given)])),
      ...(weight !== undefined && { weight: cell(weight) }),
      ...(finite && { finite }),
    };
    // The filter of the other rows is that of the ordinary ones, turned round.
    if (rows !== "others") return rowLoss(loss, call, rows === "ordinary");
    return { ...rowLoss(loss, call, false), columns: rowLoss(loss, call, true).columns };
  });
  return partialSums(rowLosses, dialect, { from: settings.from ?? "predictions", by: settings.by, rows });
}
