// The SQL backend: losses of the rows of a table as one statement of partial sums.

export { composed } from "./composed.ts";
export { type Dialect, type DialectName, dialects, quoted } from "./dialects.ts";
export { isBounded, type Range, rangesFrom } from "./ranges.ts";
export { columnName, scalarForm, unsupported } from "./scalars.ts";
export {
  type Column,
  type Ordinary,
  partialSums,
  type RowLoss,
  type RowsFor,
  type Table,
} from "./statement.ts";
