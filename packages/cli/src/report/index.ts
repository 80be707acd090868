// --report: one page that needs nothing else, no script, no font and no other file.

import { calibrationRows, resultTable, worstTable } from "../eval/render.ts";
import { grouped, shortNumber } from "../format/number.ts";
import { type Chart, chartsOf } from "./charts.ts";
import { formulaHtml } from "./formula.ts";
import { escapeHtml, htmlTable } from "./html.ts";
import { aboutLoss } from "./losses.ts";
import type { Material } from "./material.ts";
import { style } from "./style.ts";

/** What a picture is drawn for: a column of the page, and a telephone of 360 pixels. */
const WIDTHS = { wide: 640, narrow: 328 } as const;

export async function reportOf(material: Material): Promise<string> {
  const { result, plans, notes } = material;
  const { file, rows } = result;
  const title = `Losses of ${file}`;
  const charts = chartsOf(material);
  const losses = await Promise.all(plans.map(({ spec }) => aboutLoss(spec, formulaHtml)));
  const parts = [
    `<h1>${escapeHtml(title)}</h1>`,
    `<p class="muted columns">${grouped(rows)} ${rows === 1 ? "row" : "rows"} · ${columnsText(material)}</p>`,
    ...checksHtml(material),
    ...section("Losses", [resultHtml(material), ...baselinesHtml(material)]),
    ...notesHtml(notes),
    ...section("Groups", figures(charts, "groups")),
    ...section("Distribution of the losses", [
      ...figures(charts, "distribution"),
      ...quantilesHtml(material),
    ]),
    ...section("Reliability", [...figures(charts, "reliability"), ...calibrationHtml(material)]),
    ...section("Worst rows", worstHtml(material)),
    ...section("What the losses are", losses),
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="generator" content="lossc">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
${parts.join("\n")}
</main>
</body>
</html>
`;
}

/** A part without content is left out. */
const section = (title: string, content: readonly string[]): string[] =>
  content.length === 0 ? [] : [`<section>\n<h2>${escapeHtml(title)}</h2>\n${content.join("\n")}\n</section>`];

const columnsText = ({ result }: Material): string =>
  Object.entries(result.columns)
    .map(([input, names]) => {
      const shown = names.length > 4 ? `${names[0]} … ${names[names.length - 1]}` : names.join(" ");
      return `${escapeHtml(input)} ← <code>${escapeHtml(shown)}</code>`;
    })
    .join(" · ");

function checksHtml({ result }: Material): string[] {
  return (result.checks ?? []).map(({ condition, failed, figures: seen }) => {
    const values = Object.entries(seen).map(
      ([name, value]) => `${name} is ${value ?? "not a finite number"}`,
    );
    const text = `${escapeHtml(condition)} <span class="muted">(${escapeHtml(values.join(", "))})</span>`;
    return failed
      ? `<p class="failed"><strong>Check failed:</strong> ${text}</p>`
      : `<p>Check passed: it does not hold that ${text}</p>`;
  });
}

function resultHtml({ result }: Material): string {
  const { columns, rows } = resultTable(result);
  const weighted = result.columns.weight !== undefined;
  const caption = `Means: ${weighted ? "Σ weight·loss" : "Σ loss"} / weight sum`;
  // Without groups every row is a total, and none stands out.
  const isTotal = (row: number): boolean => result.by !== undefined && result.results[row].total;
  return htmlTable(caption, columns, rows, { isTotal });
}

function baselinesHtml({ result }: Material): string[] {
  if (!result.baselines) return [];
  return [
    `<p class="muted">The baseline is the least mean loss that one constant prediction for all rows has; skill is 1 − mean / baseline: 0 for no better than that, 1 for no loss.</p>`,
  ];
}

const notesHtml = (notes: readonly string[]): string[] =>
  notes.length === 0
    ? []
    : section("Notes", [
        `<div class="notes"><ul>${notes.map((note) => `<li>${escapeHtml(note)}</li>`).join("")}</ul></div>`,
      ]);

/** Each picture for two widths; the style shows one of them. */
const figures = (charts: readonly Chart[], part: Chart["part"]): string[] =>
  charts
    .filter((chart) => chart.part === part)
    .map((chart) => {
      const drawn = Object.entries(WIDTHS).map(
        ([name, width]) => `<div class="${name}">${chart.draw({ width, theme: "auto" }).trim()}</div>`,
      );
      const caption = chart.note === undefined ? "" : `<figcaption>${escapeHtml(chart.note)}</figcaption>`;
      return `<figure>${drawn.join("")}${caption}</figure>`;
    });

const QUANTILES = [0, 0.25, 0.5, 0.75, 0.95, 0.99, 1];

function quantilesHtml({ plans, distributions }: Material): string[] {
  const rows = plans.flatMap(({ spec }, i) => {
    const distribution = distributions.of(plans[i]);
    if (!distribution || distribution.count === 0) return [];
    const at = (share: number): number =>
      share === 0 ? distribution.smallest : share === 1 ? distribution.largest : distribution.quantile(share);
    return [[spec.text, ...QUANTILES.map((share) => String(Number(at(share).toPrecision(3))))]];
  });
  const columns = ["loss", "least", "25 %", "median", "75 %", "95 %", "99 %", "largest"];
  const aligned = columns.map((title, i) => ({ title, align: i === 0 ? "left" : "right" }) as const);
  return rows.length === 0
    ? []
    : [htmlTable("What shares of the rows do not exceed (to 0.4 %)", aligned, rows)];
}

const calibrationHtml = ({ result }: Material): string[] =>
  (result.calibration ?? [])
    .filter(({ count }) => count > 0)
    .map((one) => {
      const { columns, rows } = calibrationRows(one);
      const caption = `${one.source} (${one.event}): expected calibration error ${one.ece === null ? "–" : shortNumber(one.ece)}`;
      return htmlTable(caption, columns, rows);
    });

const worstHtml = ({ result }: Material): string[] =>
  (result.worst ?? [])
    .filter(({ rows }) => rows.length > 0)
    .map((one) => {
      const { title, columns, rows } = worstTable(one, result.by);
      return htmlTable(title, columns, rows);
    });
