// Judges conditions on a result: what is compared must be a number, and a figure that is none fails the check.

import { CommandError } from "../../errors.ts";
import { didYouMean, listed } from "../../suggest.ts";
import type { EvalResult, ResultRow } from "../result.ts";
import { type Condition, EXAMPLE, parseCondition } from "./parse.ts";

export interface Check {
  readonly condition: string;
  readonly failed: boolean;
  /** The figures it looked at. */
  readonly figures: Readonly<Record<string, number | null>>;
}

/** What is known of a loss, by the name after the dot; without one it is the value. */
const fields = ["value", "count", "weightSum", "bad", "nonFinite", "baseline", "skill"] as const;
type Field = (typeof fields)[number];

/** Numbers from numbers; a missing one is NaN. */
const functions: Readonly<Record<string, (values: readonly number[]) => number>> = {
  max: (values) => Math.max(...values),
  min: (values) => Math.min(...values),
  abs: ([value]) => Math.abs(value),
};

type Compute = (a: number, b: number) => number;
const truth = (holds: boolean): number => (holds ? 1 : 0);
const operations: Readonly<Record<string, Compute>> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  ">": (a, b) => truth(a > b),
  ">=": (a, b) => truth(a >= b),
  "<": (a, b) => truth(a < b),
  "<=": (a, b) => truth(a <= b),
  "=": (a, b) => truth(a === b),
  "==": (a, b) => truth(a === b),
  "!=": (a, b) => truth(a !== b),
};
const comparing = new Set([">", ">=", "<", "<=", "=", "==", "!="]);
const deciding: Readonly<Record<string, (values: readonly number[]) => number>> = {
  and: ([a, b]) => truth(a !== 0 && b !== 0),
  "&&": ([a, b]) => truth(a !== 0 && b !== 0),
  or: ([a, b]) => truth(a !== 0 || b !== 0),
  "||": ([a, b]) => truth(a !== 0 || b !== 0),
  not: ([a]) => truth(a === 0),
};

export interface ParsedCheck {
  readonly text: string;
  readonly condition: Condition;
}

/** Reads conditions and says what is wrong with them before the file is read. */
export function readChecks(
  texts: readonly string[],
  specs: readonly string[],
  names: readonly string[],
): readonly ParsedCheck[] {
  return texts.map((text) => {
    const condition = parseCondition(text);
    visit(condition, (node) => {
      if (node.kind === "call" && !functions[node.name.toLowerCase()])
        throw new CommandError(
          `--fail-if ${text}: there is no function ${node.name}.`,
          didYouMean(node.name, Object.keys(functions)),
        );
      if (node.kind !== "figure") return;
      const known = [...new Set([...specs, ...names, "rows"])];
      if (!known.includes(node.name))
        throw new CommandError(
          `--fail-if ${text}: no loss "${node.name}" is evaluated.`,
          `${didYouMean(node.name, known, "There are")}`,
        );
      if (!specs.includes(node.name) && names.filter((name) => name === node.name).length > 1)
        throw new CommandError(
          `--fail-if ${text}: "${node.name}" is evaluated more than once.`,
          `Say which, in quotes: ${specs
            .filter((spec) => spec.startsWith(node.name))
            .map((spec) => `"${spec}"`)
            .join(" or ")}`,
        );
      if (node.field !== undefined && !fields.includes(node.field as Field))
        throw new CommandError(
          `--fail-if ${text}: there is no figure "${node.field}".`,
          didYouMean(node.field, fields),
        );
    });
    if (!isJudgement(condition))
      throw new CommandError(`--fail-if ${text}: it is a number and no condition.`, EXAMPLE);
    return { text, condition };
  });
}

function visit(node: Condition, look: (node: Condition) => void): void {
  look(node);
  if (node.kind === "call" || node.kind === "operation") for (const arg of node.args) visit(arg, look);
}

const isJudgement = (node: Condition): boolean =>
  node.kind === "operation" && (comparing.has(node.operator) || node.operator in deciding);

export function judgeChecks(checks: readonly ParsedCheck[], result: EvalResult): readonly Check[] {
  return checks.map(({ text, condition }) => {
    const figures: Record<string, number | null> = {};
    const value = evaluated(condition, text, result, figures);
    // What cannot be judged is no pass: a NaN is not above 0.3, and nothing is well with it.
    return { condition: text, failed: Number.isNaN(value) || value !== 0, figures };
  });
}

type Figures = Record<string, number | null>;

function evaluated(node: Condition, text: string, result: EvalResult, figures: Figures): number {
  if (node.kind === "number") return node.value;
  if (node.kind === "figure") return figureOf(node, text, result, figures);
  if (node.kind === "call") {
    const [only] = node.args;
    const overGroups =
      node.args.length === 1 && only.kind === "figure" && only.group === undefined && result.by !== undefined;
    const values = overGroups
      ? rowsOf(only.name, result)
          .filter(({ total }) => !total)
          .map((row) => fieldOf(row, only.field))
      : node.args.map((arg) => evaluated(arg, text, result, figures));
    const value = functions[node.name.toLowerCase()](values);
    if (overGroups)
      figures[`${node.name}(${only.name}${only.field ? `.${only.field}` : ""})`] = finite(value);
    return value;
  }
  const values = node.args.map((arg) => evaluated(arg, text, result, figures));
  if (values.some(Number.isNaN)) return Number.NaN;
  return deciding[node.operator]?.(values) ?? operations[node.operator](values[0], values[1]);
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

const rowsOf = (name: string, { results }: EvalResult): readonly ResultRow[] =>
  results.filter(
    ({ spec, loss }) => spec === name || (loss === name && !results.some((other) => other.spec === name)),
  );

const fieldOf = (row: ResultRow, field: string | undefined): number =>
  row[(field ?? "value") as Field] ?? Number.NaN;

function figureOf(
  { name, group, field }: Extract<Condition, { kind: "figure" }>,
  text: string,
  result: EvalResult,
  figures: Figures,
): number {
  const label = `${name}${group === undefined ? "" : `[${group}]`}${field === undefined ? "" : `.${field}`}`;
  if (name === "rows") {
    figures[label] = result.rows;
    return result.rows;
  }
  const rows = rowsOf(name, result);
  const row = rows.find((one) =>
    group === undefined ? one.total : !one.total && String(one.group) === group,
  );
  if (!row) {
    const groups = rows.filter(({ total }) => !total).map((one) => String(one.group));
    throw new CommandError(
      `--fail-if ${text}: there is no group "${group}".`,
      result.by === undefined
        ? "Groups come with --by COLUMN."
        : `The groups of ${result.by} are ${listed(groups)}.`,
    );
  }
  const value = fieldOf(row, field);
  figures[label] = finite(value);
  return value;
}
