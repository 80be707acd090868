// The parts of what `lossc show` prints, each a title and a text.

import { drawLines, legend } from "../chart/braille.ts";
import { renderTable } from "../format/table.ts";
import { paragraph } from "../format/text.ts";
import { defaultText, optionDocs, rangeText } from "../parameters.ts";
import type { CheckResult, Profile } from "../profile/profile.ts";
import type { Terminal } from "../terminal.ts";
import { cardRows } from "./card.ts";

const INDENT = "  ";
const indent = (text: string): string =>
  text
    .split("\n")
    .map((line) => INDENT + line)
    .join("\n");

export function sections(loss: Profile, terminal: Terminal): [title: string, body: string][] {
  const narrower = { ...terminal, human: false, width: terminal.width - INDENT.length };
  const table = (titles: readonly string[], rows: readonly (readonly string[])[]): string =>
    indent(
      renderTable(
        titles.map((title, i) => ({ title, align: "left", ...(i === titles.length - 1 && { wraps: true }) })),
        rows,
        { ...narrower, results: plain },
      ),
    );
  const parameters = Object.entries(loss.params).map(([name, spec]) => [
    name,
    defaultText(spec.default),
    rangeText(spec),
    spec.doc,
  ]);
  const options = loss.options.filter((name) => name in optionDocs);
  const { check, card } = loss;
  const found: [string, string | undefined][] = [
    ["value of one sample", expressionText(loss, terminal)],
    ["picture", loss.curve === null ? undefined : pictureText(loss, terminal)],
    ["formula (LaTeX)", formulaText(loss, terminal)],
    [
      "properties",
      card === null
        ? undefined
        : [
            ...(card.view ? [paragraph(`Along the ${card.view.label}:`, terminal.width, INDENT)] : []),
            table(["property", "measured"], cardRows(card)),
          ].join("\n"),
    ],
    [
      "inputs",
      table(
        ["name", "axes", "role", "what"],
        Object.entries(loss.inputs).map(([name, spec]) => [name, spec.axes, spec.role, inputText(spec)]),
      ),
    ],
    [
      "parameters",
      parameters.length === 0 ? undefined : table(["name", "default", "may be", "what"], parameters),
    ],
    [
      "options",
      options.length === 0
        ? undefined
        : table(
            ["name", "what"],
            options.map((name) => [name, optionDocs[name]]),
          ),
    ],
    [
      "references",
      loss.references.length === 0
        ? undefined
        : loss.references.map((line) => paragraph(line, terminal.width, INDENT)).join("\n"),
    ],
    ["check value", check === null ? undefined : checkText(check, terminal)],
  ];
  return found.filter((pair): pair is [string, string] => pair[1] !== undefined);
}

const plain: Terminal["results"] = {
  bold: (text) => text,
  dim: (text) => text,
  red: (text) => text,
  series: (_, text) => text,
};

/** Longer than this an expression is read with its shared parts named. */
const ONE_LINE = 300;

function expressionText({ expression, listing }: Profile, { width }: Terminal): string {
  if (expression.length <= ONE_LINE) return paragraph(expression, width, INDENT);
  return listing
    .split("\n")
    .map((line) => paragraph(line, width - 4, INDENT).replaceAll("\n", "\n    "))
    .join("\n");
}

/** Wider than this a curve tells no more. */
const WIDEST = 80;

function pictureText({ curve }: Profile, { width, results, unicode, colours }: Terminal): string {
  const { from, to, label, value, gradient } = curve!;
  const options = {
    from,
    to,
    label,
    width: Math.min(width, WIDEST) - INDENT.length,
    height: 14,
    unicode,
    colours,
  };
  const lines = [
    { label: "value", y: value },
    { label: "gradient", y: gradient },
  ];
  const chart = drawLines(lines, { ...options, paint: results });
  return indent(
    `${legend(
      lines.map((line) => line.label),
      { paint: results, unicode, colours },
    )}\n${chart}`,
  );
}

/** LaTeX is not broken at spaces only, so it stands on lines of its own, however long: it is there to be copied. */
function formulaText({ formula }: Profile, { results }: Terminal): string {
  const gradients = Object.entries(formula.gradient).flatMap(([input, latex]) => [
    results.dim(`gradient by ${input}`),
    latex,
  ]);
  return indent([results.dim("value"), formula.value, ...gradients].join("\n"));
}

const kindTexts: Readonly<Record<string, string>> = {
  float: "numbers",
  classes: "class indices, or a probability per class",
  labels: "class indices",
  index: "whole numbers",
  binary: "0 … 1",
  sign: "-1 or +1",
};

/** What an input holds, in words. */
export function inputText({ kind, doc, domain, optional, labelsOnly }: InputWords): string {
  const ofKind = kindTexts[labelsOnly ? "labels" : kind];
  const what = doc || (typeof domain === "string" ? domainTexts[domain] : undefined) || ofKind;
  return optional ? `${what}; may be left out` : what;
}

/** What is said of an input, in a profile or in a definition. */
interface InputWords {
  readonly kind: string;
  readonly doc?: string;
  readonly domain?: unknown;
  readonly optional?: boolean;
  readonly labelsOnly?: boolean;
}

const domainTexts: Readonly<Record<string, string>> = {
  probability: "probabilities, 0 … 1",
  distribution: "probabilities that sum to 1",
  logDistribution: "log-probabilities",
  positive: "numbers > 0",
  nonNegative: "numbers >= 0",
  nonZero: "numbers other than 0",
  aboveMinusOne: "numbers > -1",
  mask: "0 or 1",
  box: "boxes, in the order that format says",
};

function checkText(
  { inputs, options, expected, computed, agrees }: CheckResult,
  { width, results }: Terminal,
): string {
  const given = Object.entries({ ...inputs, ...options })
    .map(([name, value]) => `${name} ${JSON.stringify(value)}`)
    .join(", ");
  const verdict = agrees ? "agrees" : results.red("DIFFERS");
  return `${paragraph(given, width, INDENT)}\n${INDENT}expected ${expected}\n${INDENT}computed ${computed}  ${verdict}`;
}
