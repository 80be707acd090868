// The result of compare, and how it is written in each format: a sentence first.

import { renderCsv } from "../format/csv.ts";
import { renderJson } from "../format/json.ts";
import { renderMarkdown } from "../format/markdown.ts";
import { grouped, shortNumber } from "../format/number.ts";
import { renderTable, type TableColumn, type TableRow } from "../format/table.ts";
import { paragraph } from "../format/text.ts";
import type { Terminal } from "../terminal.ts";
import type { Comparison } from "./statistics.ts";

export interface CompareRow extends Omit<Comparison, "method"> {
  readonly loss: string;
  readonly group: string | null;
  readonly total: boolean;
  readonly rows: number;
  /** The mean losses. */
  readonly a: number;
  readonly b: number;
  /** "none": a loss is infinite or NaN, and nothing can be said. */
  readonly method: Comparison["method"] | "none";
}

export interface Changed {
  readonly key: string | number;
  readonly a: number;
  readonly b: number;
  readonly difference: number;
}

export interface CompareResult {
  readonly a: string;
  readonly b: string;
  readonly key: string | null;
  readonly by: string | null;
  readonly seed: number;
  readonly confidence: number;
  readonly rows: number;
  readonly onlyA: number;
  readonly onlyB: number;
  readonly results: readonly CompareRow[];
  readonly changed: readonly { readonly loss: string; readonly rows: readonly Changed[] }[];
}

type Renderer = (result: CompareResult, terminal: Terminal) => string;

export const renderers: Readonly<Record<string, Renderer>> = {
  table(result, terminal) {
    const { dim } = terminal.results;
    const heading = [
      `${dim("A")}  ${result.a}`,
      `${dim("B")}  ${result.b}`,
      dim(
        `${grouped(result.rows)} rows in both, ${result.key === null ? "in their order" : `by ${result.key}`}`,
      ),
    ].join("\n");
    const changed = result.changed.flatMap(({ loss, rows }) =>
      rows.length === 0
        ? []
        : [
            `${terminal.results.bold(`rows that changed most: ${loss}`)}\n${renderTable(changedColumns(result), rows.map(changedCells), terminal)}`,
          ],
    );
    return [heading, verdicts(result, terminal), table(result, terminal), ...changed].join("\n\n");
  },
  md(result, terminal) {
    const wide = { ...terminal, human: false, width: Number.POSITIVE_INFINITY };
    const changed = result.changed.flatMap(({ loss, rows }) =>
      rows.length === 0
        ? []
        : [`Rows that changed most: ${loss}`, renderMarkdown(changedColumns(result), rows.map(changedCells))],
    );
    return [
      `A: ${result.a}  \nB: ${result.b}`,
      verdicts(result, wide),
      renderMarkdown(
        columns(result),
        result.results.map((row) => cells(row, result.by !== null)),
      ),
      ...changed,
    ].join("\n\n");
  },
  csv: ({ by, results }) =>
    renderCsv(
      [
        ...(by === null ? [] : ["row", "group"]),
        "loss",
        "a",
        "b",
        "difference",
        "low",
        "high",
        "p",
        "rows",
        "method",
      ],
      results.map(({ loss, group, total, rows, a, b, difference, interval: [low, high], p, method }) => [
        ...(by === null ? [] : [total ? "total" : "group", group]),
        ...[loss, a, b, difference, low, high, p, rows, method],
      ]),
    ),
  json: (result) =>
    renderJson({
      ...result,
      verdicts: result.results
        .filter(({ total }) => total)
        .map((row) => ({ loss: row.loss, better: better(row, result), text: verdict(row, result) })),
    }),
};

const verdicts = (result: CompareResult, { width }: Terminal): string =>
  result.results
    .filter(({ total }) => total)
    .map((row) => paragraph(verdict(row, result), width))
    .join("\n");

/** The one whose mean loss is lower, if that is more than chance. */
function better({ p, difference }: CompareRow, { confidence }: CompareResult): "A" | "B" | null {
  if (!(p < 1 - confidence)) return null;
  return difference < 0 ? "B" : "A";
}

function verdict(row: CompareRow, result: CompareResult): string {
  const { loss, difference, interval, p, rows, method } = row;
  if (method === "none")
    return `${loss}: a loss is infinite or NaN, so the means cannot be compared; lossc eval --top 5 shows where.`;
  const [low, high] = interval.map(shortNumber);
  const evidence = `${Math.round(result.confidence * 1000) / 10} % interval of the difference ${low} … ${high}, p = ${pText(p)}, ${grouped(rows)} rows`;
  const winner = better(row, result);
  if (winner === null) return `${loss}: no difference can be told from chance (${evidence}).`;
  const loser = winner === "A" ? row.b : row.a;
  const share =
    loser === 0 ? "" : ` or ${Number(((100 * Math.abs(difference)) / Math.abs(loser)).toPrecision(2))} %`;
  return `${loss}: ${winner} is better, by ${shortNumber(Math.abs(difference))}${share} (${evidence}).`;
}

const pText = (p: number): string => (p < 1e-4 ? p.toExponential(1) : p.toPrecision(2));

function columns({ by }: CompareResult): TableColumn[] {
  return [
    ...(by === null ? [] : [{ title: by, align: "left", wraps: true } as const]),
    { title: "loss", align: "left", wraps: true },
    ...["A", "B", "B − A", "from", "to", "p", "rows"].map((title) => ({ title, align: "right" as const })),
  ];
}

const compact = (value: number): string =>
  Number.isFinite(value) ? String(Number(value.toPrecision(4))) : shortNumber(value);

function cells(row: CompareRow, grouping: boolean): string[] {
  const { loss, group, total, a, b, difference, interval, p, rows } = row;
  return [
    ...(grouping ? [total ? "total" : (group ?? "(missing)")] : []),
    loss,
    ...[a, b, difference, ...interval].map(compact),
    Number.isNaN(p) ? "–" : pText(p),
    String(rows),
  ];
}

function table(result: CompareResult, terminal: Terminal): string {
  const rows: TableRow[] = [];
  for (const [i, row] of result.results.entries()) {
    if (result.by !== null && i > 0 && row.loss !== result.results[i - 1].loss) rows.push(null);
    rows.push(cells(row, result.by !== null));
  }
  return renderTable(columns(result), rows, terminal);
}

const changedColumns = ({ key }: CompareResult): TableColumn[] => [
  { title: key ?? "row", align: "left", wraps: true },
  ...["A", "B", "B − A"].map((title) => ({ title, align: "right" as const })),
];
const changedCells = ({ key, a, b, difference }: Changed): string[] => [
  String(key),
  ...[a, b, difference].map(compact),
];
