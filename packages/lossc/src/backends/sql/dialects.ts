// The dialects of SQL that losses are printed in, one row each: what differs between databases where losses live.

export interface Dialect {
  readonly name: string;
  /** A number as float64. */
  number(text: string): string;
  /** A cell as float64, NULL where it is no number. */
  cell(text: string): string;
  readonly infinity: string;
  readonly nan: string;
  /** Whether a number is NaN: comparisons of these databases hold NaN to be larger than all and equal to itself. */
  isNaN(text: string): string;
  isFinite(text: string): string;
  /** A sum of finite numbers over rows, its rounding errors carried along where the database can. */
  sum(text: string): string;
}

/** Every name is quoted: `target` and `label` are keywords. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

export const dialects = {
  // Division, overflow and exp(-800) are IEEE's (ieee_floating_point_ops, the default since 1.1). LN and SQRT stop
  // the query at 0 and below; LN1P, EXPM1 and ERF do not exist.
  duckdb: {
    name: "DuckDB",
    number: (text) => `CAST(${text} AS DOUBLE)`,
    cell: (text) => `TRY_CAST(${text} AS DOUBLE)`,
    infinity: "CAST('Infinity' AS DOUBLE)",
    nan: "CAST('NaN' AS DOUBLE)",
    isNaN: (text) => `ISNAN(${text})`,
    isFinite: (text) => `ISFINITE(${text})`,
    sum: (text) => `FSUM(${text})`, // Kahan's; an infinite number makes it NaN
  },
} as const satisfies Record<string, Dialect>;

export type DialectName = keyof typeof dialects;
