// How the result of eval is written in each format.

import stringWidth from "string-width";
import { type Cell, renderCsv } from "../format/csv.ts";
import { renderJson, renderJsonLines } from "../format/json.ts";
import { renderMarkdown } from "../format/markdown.ts";
import { grouped, share, shortNumber } from "../format/number.ts";
import { renderTable, type TableColumn, type TableRow } from "../format/table.ts";
import type { Terminal } from "../terminal.ts";
import type { Calibration } from "./collect/reliability.ts";
import type { WorstRow } from "./collect/top.ts";
import {
  type ConstantPrediction,
  type EvalResult,
  jsonParams,
  type ResultRow,
  type WorstRows,
} from "./result.ts";

export const renderers: Readonly<Record<string, (result: EvalResult, terminal: Terminal) => string>> = {
  table: (result, terminal) =>
    [heading(result, terminal), table(result, terminal), ...extras(result, textTable(terminal))].join("\n\n"),
  md: (result) =>
    [heading(result, undefined, "  "), markdown(result), ...extras(result, markdownTable)].join("\n\n"),
  csv,
  json: (result) => renderJson(jsonOf(result)),
  jsonl(result) {
    const { results, worst = [], calibration = [], checks = [], baselines = [], ...file } = jsonOf(result);
    return renderJsonLines([
      { type: "file", ...file },
      ...results.map((row) => ({ type: "result", ...row })),
      ...baselines.map((row) => ({ type: "baseline", ...row })),
      ...worst.flatMap(({ spec, rows }) => rows.map((row) => ({ type: "worst", spec, ...row }))),
      ...calibration.map((row) => ({ type: "calibration", ...row })),
      ...checks.map((row) => ({ type: "check", ...row })),
    ]);
  },
};

const jsonOf = ({ by, results, ...rest }: EvalResult) => ({
  ...rest,
  by: by ?? null,
  results: results.map(({ params, ...row }) => ({ ...row, params: jsonParams(params) })),
});

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
    ...(row.baseline === undefined
      ? []
      : [brief(row.baseline), row.skill == null ? "–" : row.skill.toFixed(3)]),
    shortNumber(row.weightSum),
    String(row.count),
    share(row.bad, row.bad + row.count),
  ];
  return [...(grouped ? [group(row)] : []), row.spec, ...numbers];
}

function columns({ by, results, baselines }: EvalResult): TableColumn[] {
  const numeric = results.every(({ group, total }) => total || group === null || typeof group === "number");
  return [
    ...(by === undefined ? [] : [{ title: by, align: numeric ? "right" : "left", wraps: true } as const]),
    { title: "loss", align: "left", wraps: true },
    { title: "mean", align: "right" },
    ...(baselines
      ? ([
          { title: "baseline", align: "right" },
          { title: "skill", align: "right" },
        ] as const)
      : []),
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

const markdown = (result: EvalResult): string => {
  const { columns: titles, rows } = resultTable(result);
  return renderMarkdown(titles, rows);
};

function csv({ by, results, baselines }: EvalResult): string {
  const titles = [
    "loss",
    "value",
    "weightSum",
    "count",
    "bad",
    "nonFinite",
    ...(baselines ? ["baseline", "skill"] : []),
  ];
  const rows = results.map(
    ({ group, total, spec, value, weightSum, count, bad, nonFinite, baseline, skill }): Cell[] => {
      const numbers = [
        spec,
        value,
        weightSum,
        count,
        bad,
        nonFinite,
        ...(baselines ? [baseline ?? null, skill ?? null] : []),
      ];
      return by === undefined ? numbers : [total ? "total" : "group", group, ...numbers];
    },
  );
  return renderCsv(by === undefined ? titles : ["row", "group", ...titles], rows);
}

type RenderTable = (table: TableData) => string;

const textTable =
  (terminal: Terminal): RenderTable =>
  ({ title, columns: titles, rows }) =>
    `${terminal.results.bold(title)}\n${renderTable(titles, rows, terminal)}`;

const markdownTable: RenderTable = ({ title, columns: titles, rows }) =>
  `## ${title}\n\n${renderMarkdown(titles, rows)}`;

/** What was asked for beside the figures: each a table under a title. */
function extras({ baselines, worst, calibration, checks, by }: EvalResult, render: RenderTable): string[] {
  return [
    ...(baselines ? [baselines.map(baselineLine).join("\n")] : []),
    ...(worst ?? []).filter(({ rows }) => rows.length > 0).map((one) => render(worstTable(one, by))),
    ...(calibration ?? []).map((one) => render(calibrationRows(one))),
    ...(checks ?? []).filter(({ failed }) => failed).map(({ condition }) => `check failed: ${condition}`),
  ];
}

/** More classes than these say nothing to a person. */
const MOST_CLASSES = 10;

function baselineLine({ spec, constant }: ConstantPrediction): string {
  if (!constant) return `baseline of ${spec}: none, for it has no best constant prediction`;
  const parts = Object.entries(constant).map(([input, value]) => {
    if (typeof value === "number") return `${input} ${shortNumber(value)}`;
    const all = Object.entries(value);
    const shown = all.slice(0, MOST_CLASSES).map(([name, x]) => `${name} ${short(x)}`);
    return `${input} ${shown.join(", ")}${all.length > MOST_CLASSES ? ", …" : ""}`;
  });
  return `baseline of ${spec}: always ${parts.join(" · ")}`;
}

const brief = (x: number | null): string => (x === null ? "–" : String(Number(x.toPrecision(5))));
const short = (x: number): string => String(Number(x.toPrecision(4)));

/** A table as a terminal, Markdown or a page shows it. */
export interface TableData {
  readonly title: string;
  readonly columns: readonly TableColumn[];
  readonly rows: readonly (readonly string[])[];
}

export const resultTable = (result: EvalResult): Omit<TableData, "title"> => ({
  columns: columns(result),
  rows: result.results.map((row) => cells(row, result.by !== undefined)),
});

export function worstTable({ spec, rows }: WorstRows, by: string | undefined): TableData {
  const inputs = Object.keys(rows[0].inputs);
  const hasId = rows.some(({ id }) => id !== null);
  const text = (title: string) => ({ title, align: "left", wraps: true }) as const;
  const titles: TableColumn[] = [
    { title: "row", align: "right" },
    ...(hasId ? [text("id")] : []),
    ...(by === undefined ? [] : [text(by)]),
    { title: "loss", align: "right" },
    ...inputs.map(text),
  ];
  const cellsOf = ({ row, id, group, loss, inputs: held }: WorstRow): string[] => [
    String(row),
    ...(hasId ? [id ?? "–"] : []),
    ...(by === undefined ? [] : [group ?? "(missing)"]),
    shortNumber(loss),
    ...inputs.map((input) => held[input] ?? "–"),
  ];
  const title = rows.length === 1 ? `the worst row of ${spec}` : `the ${rows.length} worst rows of ${spec}`;
  return { title, columns: titles, rows: rows.map(cellsOf) };
}

export function calibrationRows({ source, event, ece, bins }: Calibration): TableData {
  const share = (x: number | null): string => (x === null ? "–" : x.toFixed(3));
  const titles: TableColumn[] = ["probability", "predicted", "observed", "count"].map((title, i) => ({
    title,
    align: i === 0 ? "left" : "right",
  }));
  return {
    title: `reliability of ${source} (${event}): calibration error ${ece === null ? "–" : shortNumber(ece)}`,
    columns: titles,
    rows: bins
      .filter(({ count }) => count > 0)
      .map(({ from, to, predicted, observed, count }) => [
        `${from.toFixed(2)} – ${to.toFixed(2)}`,
        share(predicted),
        share(observed),
        String(count),
      ]),
  };
}
