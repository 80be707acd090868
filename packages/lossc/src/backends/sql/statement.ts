// The statement that evaluates losses on a table: partial sums by group, which merge exactly with those of other parts.

import { type Expr, input, rebuild } from "../../language/expr.ts";
import { type Dialect, quoted } from "./dialects.ts";
import { conditionText, numeral, steps } from "./emit.ts";
import { isBounded, type Range, type Ranges, rangesFrom } from "./ranges.ts";

/** A loss of the rows of a table, all other axes written out; inputs are leaves that `columns` name. */
export interface RowLoss {
  /** w·ℓ of a row. */
  readonly loss: Expr;
  /** Σ w and the number of rows that count, over all rows. */
  readonly weightSum: Expr;
  readonly count: Expr;
  /** Whether a row can be used. */
  readonly usable: Expr;
  readonly ranges: Readonly<Record<string, Range>>;
  readonly columns: Readonly<Record<string, Column>>;
}

export interface Column {
  /** The cell as a float64, NULL where it is none. */
  readonly number: string;
  /** The cell as the file has it, where it is of a numeric type: a filter on it reaches into the file. */
  readonly raw: string;
  /** The numbers it is in an ordinary row; undefined where none are. */
  readonly ordinary: Ordinary | undefined;
}

/** An interval, or a few values in it. */
export interface Ordinary {
  readonly low: number;
  readonly high: number;
  readonly values?: readonly number[];
}

/** Which rows a statement is for: all; those whose cells are ordinary, for which plain SQL does; or all the others. */
export type RowsFor = "all" | "ordinary" | "others";

export interface Table {
  readonly from: string;
  /** The expression to group by. */
  readonly by?: string | undefined;
  readonly rows: RowsFor;
}

const indent = (text: string): string => text.replaceAll("\n", "\n  ");
const select = (items: readonly string[], from: string, rest = ""): string =>
  `SELECT\n  ${items.map(indent).join(",\n  ")}\nFROM ${from}${rest}`;
const inner = (text: string): string => `(\n  ${indent(text)}\n)`;

/** Columns of loss i (from 1): loss_sum_i, weight_sum_i, n_i, bad_i, non_finite_i; without the number where there is one
 * loss. */
export function partialSums(losses: readonly RowLoss[], dialect: Dialect, { from, by, rows }: Table): string {
  const group = by === undefined ? [] : [quoted("group")];
  const filter = filterOf(losses, rows, dialect);
  const { shared, sources } = shareColumns(losses, rows);
  const cells = [...sources].map(([number, name]) => `${number} AS ${quoted(name)}`);
  const base = select([...(by === undefined ? [] : [`${by} AS ${quoted("group")}`]), ...cells], from, filter);
  const checked = rows === "ordinary" ? base : checkedRows(shared, dialect, base, group);

  const ranges = rangesFrom((leaf) => shared.ranges.get(leaf.attrs.name!)!);
  const { levels, texts } = steps(shared.roots, dialect, ranges);
  const names = losses.map((_, i) => quoted(losses.length === 1 ? "loss" : `loss ${i + 1}`));
  const lossColumns = names.map((name, i) => `${texts[3 * i]} AS ${name}`);
  const stepped = [
    ...levels.map((level) => level.map(({ name, text }) => `${text} AS ${quoted(name)}`)),
    lossColumns,
  ].reduce((source, columns) => select(["*", ...columns], inner(source)), checked);

  const sums = losses.flatMap((_, i) => {
    const suffix = losses.length === 1 ? "" : `_${i + 1}`;
    const flag = rows === "ordinary" ? undefined : quoted(shared.flags[i]);
    const counted = (conditions: readonly (string | undefined)[]): string => {
      const all = conditions.filter((condition) => condition !== undefined);
      return all.length === 0 ? "COUNT(*)" : `COUNT(*) FILTER (WHERE ${all.join(" AND ")})`;
    };
    const over = (aggregate: string): string => {
      const [, condition] = /^COUNT\(\*\) FILTER \(WHERE (.*)\)$/s.exec(aggregate) ?? [];
      const [, factor] = /^COUNT\(\*\)( \* .*)$/s.exec(aggregate) ?? []; // the same for every row
      if (factor !== undefined) return `${counted([flag])}${factor}`;
      if (condition !== undefined) return counted([flag, flag === undefined ? condition : `(${condition})`]);
      return flag === undefined ? aggregate : `${aggregate} FILTER (WHERE ${flag})`;
    };
    const total = over(dialect.sum(names[i]));
    const nonFinite = isBounded(ranges(shared.roots[3 * i]))
      ? undefined
      : counted([flag, `NOT ${dialect.isFinite(names[i])}`]);
    return [
      nonFinite === undefined
        ? `${total} AS loss_sum${suffix}`
        : `CASE WHEN ${nonFinite} = 0 THEN ${total} ELSE ${over(`SUM(${names[i]})`)} END AS loss_sum${suffix}`,
      `${over(texts[3 * i + 1])} AS weight_sum${suffix}`,
      `${over(texts[3 * i + 2])} AS n${suffix}`,
      `${flag === undefined ? "0" : counted([`NOT ${flag}`])} AS bad${suffix}`,
      `${nonFinite ?? "0"} AS non_finite${suffix}`,
    ];
  });
  const grouping = by === undefined ? "" : `\nGROUP BY ${quoted("group")}`;
  return select([...group, ...sums], inner(stepped), grouping);
}

function filterOf(losses: readonly RowLoss[], rows: RowsFor, dialect: Dialect): string {
  if (rows === "all") return "";
  const cells = losses.flatMap(({ columns }) => Object.values(columns));
  const text = [...new Set(cells.map(({ raw, ordinary }) => ordinaryText(raw, ordinary!, dialect)))].join(
    "\n  AND ",
  );
  return rows === "ordinary" ? `\nWHERE ${text}` : `\nWHERE NOT COALESCE(${text}, FALSE)`;
}

/** On the cell as it lies: a filter of a bare column is compared with what a file says of its parts, and skips them. */
function ordinaryText(raw: string, { low, high, values }: Ordinary, dialect: Dialect): string {
  const text = (x: number): string => numeral(x, dialect);
  return values
    ? `${raw} IN (${values.map(text).join(", ")})`
    : `${raw} BETWEEN ${text(low)} AND ${text(high)}`;
}

interface Shared {
  /** loss, weight sum and count of each loss in turn. */
  readonly roots: readonly Expr[];
  readonly ranges: ReadonlyMap<string, Range>;
  /** For each loss the column that says whether a row can be used. */
  readonly flags: readonly string[];
  readonly conditions: readonly { readonly flag: string; readonly usable: Expr }[];
  /** By flag: columns that hold a cell where the row can be used, and the cells. */
  readonly guarded: readonly { readonly name: string; readonly flag: string; readonly cell: string }[];
}

/** Gives every cell one name, whichever losses read it; one for each condition under which it is read. */
function shareColumns(
  losses: readonly RowLoss[],
  rows: RowsFor,
): { shared: Shared; sources: Map<string, string> } {
  const sources = new Map<string, string>();
  const taken = new Set<string>();
  const unique = (wanted: string): string => {
    let name = wanted;
    for (let k = 2; taken.has(name.toLowerCase()); k++) name = `${wanted} ${k}`;
    taken.add(name.toLowerCase());
    return name;
  };
  const ranges = new Map<string, Range>();
  const conditions: { flag: string; usable: Expr }[] = [];
  const guarded = new Map<string, { name: string; flag: string; cell: string }>();
  const flags: string[] = [];
  const roots = losses.flatMap((one) => {
    for (const [name, { number }] of Object.entries(one.columns))
      if (!sources.has(number)) sources.set(number, unique(name));
    const cellOf = (name: string) => sources.get(one.columns[name].number)!;
    const [usable] = renamed([one.usable], cellOf);
    let condition = conditions.find((other) => other.usable === usable);
    if (!condition) {
      condition = { flag: `usable${conditions.length === 0 ? "" : ` ${conditions.length + 1}`}`, usable };
      conditions.push(condition);
    }
    const { flag } = condition;
    flags.push(flag);
    const columnOf = (name: string): string => {
      const cell = cellOf(name);
      // An ordinary row is so for all losses.
      if (rows === "ordinary") {
        ranges.set(cell, both(ranges.get(cell), one.ranges[name]));
        return cell;
      }
      const key = `${flag} ${cell}`;
      // Under the first condition a cell keeps its name.
      const column = guarded.get(key) ?? {
        name: [...guarded.values()].some((other) => other.name === cell) ? unique(cell) : cell,
        flag,
        cell,
      };
      guarded.set(key, column);
      ranges.set(column.name, one.ranges[name]);
      return column.name;
    };
    return renamed([one.loss, one.weightSum, one.count], columnOf);
  });
  return { shared: { roots, ranges, flags, conditions, guarded: [...guarded.values()] }, sources };
}

const both = (a: Range | undefined, b: Range): Range =>
  a ? { low: Math.max(a.low, b.low), high: Math.min(a.high, b.high), mayBeNaN: false } : b;

const renamed = (roots: readonly Expr[], name: (old: string) => string): Expr[] =>
  rebuild(roots, (expr) =>
    expr.op === "input" ? input(name(expr.attrs.name!), expr.axes, expr.type) : expr,
  );

/** Beside the cells, whether a row can be used; where it cannot, NULL instead of its cells: no function sees them. */
function checkedRows(
  { conditions, guarded }: Shared,
  dialect: Dialect,
  base: string,
  group: readonly string[],
) {
  const raw: Ranges = rangesFrom(() => ({
    low: Number.NEGATIVE_INFINITY,
    high: Number.POSITIVE_INFINITY,
    mayBeNaN: true,
  }));
  const flags = conditions.map(
    ({ flag, usable }) => `COALESCE(${conditionText(usable, dialect, raw)}, FALSE) AS ${quoted(flag)}`,
  );
  const flagged = select(["*", ...flags], inner(base));
  const cells = guarded.map(
    ({ name, flag, cell }) => `CASE WHEN ${quoted(flag)} THEN ${quoted(cell)} END AS ${quoted(name)}`,
  );
  return select([...group, ...conditions.map(({ flag }) => quoted(flag)), ...cells], inner(flagged));
}
