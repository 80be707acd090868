// The result of eval, and how it is written in each format.

import stringWidth from "string-width";
import { type Cell, renderCsv } from "../format/csv.ts";
import { renderJson } from "../format/json.ts";
import { renderMarkdown } from "../format/markdown.ts";
import { grouped, share, shortNumber } from "../format/number.ts";
import { renderTable, type TableColumn, type TableRow } from "../format/table.ts";
import type { Terminal } from "../terminal.ts";

/** One loss on one group, or on all rows. */
export interface ResultRow {
  readonly spec: string;
  readonly loss: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** The value of the --by column; null where it is missing, and for the total. */
  readonly group: string | number | null;
  readonly total: boolean;
  /** Σ w·ℓ / Σ w; null where nothing counted. */
  readonly value: number | null;
  readonly weightSum: number;
  readonly count: number;
  readonly bad: number;
  /** Rows whose loss is infinite or NaN. */
  readonly nonFinite: number;
}

export interface EvalResult {
  readonly file: string;
  readonly files: readonly string[];
  readonly rows: number;
  /** The columns of each input, of --weight and of --by. */
  readonly columns: Readonly<Record<string, readonly string[]>>;
  readonly by: string | undefined;
  readonly results: readonly ResultRow[];
}

export const renderers: Readonly<Record<string, (result: EvalResult, terminal: Terminal) => string>> = {
  table: (result, terminal) => `${heading(result, terminal)}\n\n${table(result, terminal)}`,
  md: (result) => `${heading(result, undefined, "  ")}\n\n${markdown(result)}`,
  csv,
  json: ({ file, files, rows, columns, by, results }) =>
    renderJson({
      file,
      files,
      rows,
      columns,
      by: by ?? null,
      results: results.map(({ params, ...row }) => ({ ...row, params: jsonParams(params) })),
    }),
};

/** An infinite parameter (alpha=-inf) is a value and not a failure: it keeps its name. */
const jsonParams = (params: ResultRow["params"]): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      typeof value === "number" && !Number.isFinite(value) ? String(value) : value,
    ]),
  );

const columnsText = (names: readonly string[]): string =>
  names.length > 4 ? `${names[0]} … ${names.at(-1)}` : names.join(" ");

/** What was read and how: a person must be able to see that the right columns were taken. */
export const columnsLine = ({ columns }: Pick<EvalResult, "columns">): string =>
  Object.entries(columns)
    .map(([input, names]) => `${input} ← ${columnsText(names)}`)
    .join(" · ");

/** File, columns, and what the mean is over: the word is argued about more than any other. */
function heading({ file, rows, columns, results }: EvalResult, terminal?: Terminal, lineEnd = ""): string {
  const dim = terminal?.results.dim ?? ((text: string) => text);
  const weighted =
    columns.weight !== undefined || results.some(({ params }) => params.classWeight !== undefined);
  const numerator = weighted ? "Σ weight·loss" : "Σ loss";
  const lines = [
    ["columns", columnsLine({ columns })],
    [
      "mean",
      results.every(({ params }) => params.meanOver === "count")
        ? `${numerator} / count`
        : `${numerator} / weight sum`,
    ],
  ].map(([title, text]) => {
    const [first, ...more] = hanging(text, terminal?.width ?? Number.POSITIVE_INFINITY);
    return [`${dim(title.padEnd(LABEL))}${first}`, ...more].join("\n");
  });
  return [`${file} · ${grouped(rows)} ${rows === 1 ? "row" : "rows"}`, ...lines].join(`${lineEnd}\n`);
}

const LABEL = "columns  ".length;

/** A long line broken between its items, the rest under the first. */
function hanging(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const item of text.split(" · ")) {
    const last = lines.at(-1);
    if (last !== undefined && LABEL + stringWidth(last) + 3 + stringWidth(item) <= width)
      lines[lines.length - 1] = `${last} · ${item}`;
    else lines.push(lines.length === 0 ? item : `${" ".repeat(LABEL)}${item}`);
  }
  return lines;
}

const value = (number: number | null): string => (number === null ? "–" : shortNumber(number));
const group = ({ group, total }: ResultRow): string =>
  total ? "total" : group === null ? "(missing)" : String(group);

function cells(row: ResultRow, grouped: boolean): string[] {
  const numbers = [
    value(row.value),
    shortNumber(row.weightSum),
    String(row.count),
    share(row.bad, row.bad + row.count),
  ];
  return [...(grouped ? [group(row)] : []), row.spec, ...numbers];
}

function columns({ by, results }: EvalResult): TableColumn[] {
  const numeric = results.every(({ group, total }) => total || group === null || typeof group === "number");
  return [
    ...(by === undefined ? [] : [{ title: by, align: numeric ? "right" : "left", wraps: true } as const]),
    { title: "loss", align: "left", wraps: true },
    { title: "mean", align: "right" },
    { title: "weight sum", align: "right" },
    { title: "count", align: "right" },
    { title: "bad rows", align: "right" },
  ];
}

function table(result: EvalResult, terminal: Terminal): string {
  const rows: TableRow[] = [];
  for (const [i, row] of result.results.entries()) {
    // One loss after the other, a line between: groups are compared within a loss.
    if (result.by !== undefined && i > 0 && row.spec !== result.results[i - 1].spec) rows.push(null);
    rows.push(cells(row, result.by !== undefined));
  }
  return renderTable(columns(result), rows, terminal);
}

const markdown = (result: EvalResult): string =>
  renderMarkdown(
    columns(result),
    result.results.map((row) => cells(row, result.by !== undefined)),
  );

function csv({ by, results }: EvalResult): string {
  const titles = ["loss", "value", "weightSum", "count", "bad", "nonFinite"];
  const rows = results.map(({ group, total, spec, value, weightSum, count, bad, nonFinite }): Cell[] => {
    const numbers = [spec, value, weightSum, count, bad, nonFinite];
    return by === undefined ? numbers : [total ? "total" : "group", group, ...numbers];
  });
  return renderCsv(by === undefined ? titles : ["row", "group", ...titles], rows);
}
