// A planned loss as a statement reads it: the SQL of each cell, as the scan would read it; or why it cannot.

import type { AnyLoss } from "lossc";
import type { SqlLoss } from "lossc/sql";
import type { Column } from "./file.ts";
import type { Plan, PlannedInput } from "./plan.ts";
import type { Work } from "./prepare.ts";
import { identifier, labelNumberOf, numberOf } from "./sql.ts";

/** Statements grow with the columns of a row; those of a thousand classes would fill pages. */
const MOST_CELLS_OF_A_ROW = 64;

/** Why no statement reads an input; undefined where one does. */
export function unreadable({ wanted, source, labels }: PlannedInput): string | undefined {
  if (source.kind === "list") return "is a list in one column";
  if (wanted.elements) return "has as many numbers as it likes";
  if (source.columns.length > MOST_CELLS_OF_A_ROW) return `has more than ${MOST_CELLS_OF_A_ROW} columns`;
  if (labels && wanted.spec.none) return "has a label for none of the classes";
  if (labels?.names.some((name, i) => name !== String(i))) return "has classes with names";
  return undefined;
}

type Cell = { readonly number: string; readonly raw: string };

/** Types whose cells are numbers as they lie. */
const numeric = /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE)$/;

export function sqlLossOf(plan: Plan, { file, weight }: Pick<Work, "file" | "weight">): SqlLoss {
  const cell = (name: string, otherwise: (column: string) => string) => {
    const { type } = file.columns.find((column) => column.name === name) as Column;
    if (!numeric.test(type)) return { number: otherwise(name), raw: otherwise(name) };
    const raw = identifier(name);
    return { number: type === "DOUBLE" ? raw : `CAST(${raw} AS DOUBLE)`, raw };
  };
  const inputs = plan.inputs.map((input) => {
    const { wanted, source } = input;
    const label = wanted.spec.kind !== "float" && source.kind === "number";
    const cells = source.columns.map(({ name }) => cell(name, label ? labelNumberOf : numberOf));
    return [wanted.name, onlyRefusesAbove(input) ? cells.map(withoutInfinity) : cells] as const;
  });
  const finite = plan.inputs
    .filter((input) => refuses(input, Number.POSITIVE_INFINITY) && refuses(input, Number.NEGATIVE_INFINITY))
    .map(({ wanted }) => wanted.name);
  const { ignoreIndex } = plan.spec.options;
  return {
    loss: plan.spec.loss as AnyLoss,
    // Labels come as the file has them, the one to ignore too.
    options: { ...plan.options, ...(ignoreIndex !== undefined && { ignoreIndex }) },
    inputs: Object.fromEntries(inputs),
    finite,
    ...(weight && { weight: cell(weight.column, numberOf) }),
  };
}

const refuses = ({ check, source: { columns } }: PlannedInput, number: number): boolean =>
  check.find?.(new Float64Array(columns.length).fill(number), 0, columns.length) !== undefined;

/** As logits of classes, where −∞ leaves a class out of the softmax. */
const onlyRefusesAbove = (input: PlannedInput): boolean =>
  refuses(input, Number.POSITIVE_INFINITY) && !refuses(input, Number.NEGATIVE_INFINITY);

/** A cell that is ∞ counts as one that is no number. */
const withoutInfinity = ({ number, raw }: Cell): Cell => ({
  number: `NULLIF(${number}, CAST('inf' AS DOUBLE))`,
  raw,
});
