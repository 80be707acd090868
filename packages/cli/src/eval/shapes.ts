// What each input of a loss wants of one row of a file: a number, a row of numbers, a label; or that it cannot be had.

import type { AnyLoss } from "lossc";
import { type Numbers, numbersOf } from "lossc/columns";
import { CommandError } from "../errors.ts";
import type { LossSpec } from "./spec.ts";

export type Input = AnyLoss["inputs"][string];

export interface Wanted {
  readonly name: string;
  readonly spec: Input;
  /** "number": one. "row": one per class, or as many as `size` says. "classes": a label, or a row of probabilities.
   * "constant": an array that is the same for all rows, such as a head's weights. */
  readonly shape: "number" | "row" | "classes" | "constant";
  readonly size?: number;
  /** The axis of its classes: inputs that share it have the same classes. */
  readonly along?: string;
  /** A sample has several of it, as many as it likes: documents, pixels. Under --query each has a row of its own and
   * `shape` is that of one; without, a sample is a row that holds a list. */
  readonly elements?: true;
  readonly numbers: Numbers;
  /** What its numbers must be, under the parameters given. */
  readonly domain: string | undefined;
}

type ExprNode = {
  readonly op: string;
  readonly args: readonly ExprNode[];
  readonly axes: readonly string[];
  readonly attrs: { readonly axis?: string };
};

/** Every parameter of a loss, with its value here. */
export const parametersOf = ({ loss, options }: LossSpec): Record<string, unknown> => ({
  ...Object.fromEntries(Object.entries(loss.params).map(([name, { default: value }]) => [name, value])),
  ...options,
});

/** Throws for a loss that says nothing of rows: a penalty. `grouped` is whether --query says which rows belong together. */
export function wantedInputs(spec: LossSpec, grouped: boolean): readonly Wanted[] {
  const { loss } = spec;
  const parameters = parametersOf(spec);
  if (samplesOf(loss).length === 0)
    throw new CommandError(
      `${loss.name}: eval cannot evaluate it: it is a penalty on weights and says nothing of a row.`,
      `Call it from TypeScript: import { ${loss.name} } from "lossc". lossc show ${loss.name} says what it takes.`,
    );
  return Object.entries(loss.inputs).map(([name, input]): Wanted => {
    const domain = typeof input.domain === "function" ? input.domain(parameters) : input.domain;
    if (isConstant(loss, name)) return { name, spec: input, shape: "constant", numbers: "any", domain };
    const beside = axesBeside(loss, name);
    const elements = beside.find((axis) => isOfElements(loss, axis));
    const others = beside.filter((axis) => axis !== elements);
    if (
      !grouped &&
      elements !== undefined &&
      Object.keys(loss.inputs).some((one) => axesBeside(loss, one).length > 1)
    )
      throw needsQuery(spec, name, input.axes);
    const axis = grouped || elements === undefined ? others[0] : elements;
    const size = /^\d+$/.test(axis ?? "") ? { size: Number(axis) } : {};
    const shape = input.kind === "classes" ? "classes" : axis === undefined ? "number" : "row";
    const along = input.kind === "classes" ? input.over : axis;
    return {
      name,
      spec: input,
      shape,
      ...size,
      ...(along && { along }),
      ...(elements && { elements: true }),
      numbers: numbersOf(name, domain, shape === "row"),
      domain,
    };
  });
}

const needsQuery = ({ loss }: LossSpec, name: string, axes: string): CommandError =>
  new CommandError(
    `${loss.name}: its input "${name}" (${axes}) has several rows for each sample, but no column says which belong together.`,
    "Name the column that does: --query COLUMN, as in --query image.",
  );

const words = (axes: string): string[] => axes.split(/\s+/).filter((word) => word !== "");

/** The sample axes of a loss: n, or whatever axes its elements have. A sum of means has none left, but what is given has. */
function samplesOf({ expr, inputs }: AnyLoss): readonly string[] {
  if (expr.axes.length > 0) return expr.axes;
  const given = Object.values(inputs).filter(({ role }) => role === "data");
  return [
    ...new Set(given.flatMap(({ axes }) => words(axes)).map((word) => word.replace(/(?<=.)\.\.\./, ""))),
  ];
}

const isSample = (loss: AnyLoss, word: string): boolean =>
  samplesOf(loss).some((axis) => axis === word || axis === word.replace("...", ""));

/** Whether an input is the same for all rows: none of its axes is one of samples. */
export const isConstant = (loss: AnyLoss, name: string): boolean =>
  !words(loss.inputs[name].axes).some((word) => isSample(loss, word));

const axesBeside = (loss: AnyLoss, name: string): string[] =>
  words(loss.inputs[name].axes).filter((word) => !isSample(loss, word));

/** An axis that both what a model made and what is given run along, and no class counts: documents, pixels. */
function isOfElements(loss: AnyLoss, axis: string): boolean {
  if (/^\d+$/.test(axis)) return false;
  const runs = (role: string) =>
    Object.entries(loss.inputs).some(
      ([name, input]) =>
        input.role === role && !isConstant(loss, name) && axesBeside(loss, name).includes(axis),
    );
  return runs("model") && runs("data");
}

/** The input that --prediction means: the first that a model makes. */
export const isPrediction = (one: Wanted, all: readonly Wanted[]): boolean =>
  one === all.find(({ spec }) => spec.role === "model");
/** The input that --target means: the first that is given and not made. */
export const isTarget = (one: Wanted, all: readonly Wanted[]): boolean =>
  one === all.find(({ spec }) => spec.role === "data");

export const flagName = (one: Wanted, all: readonly Wanted[]): string =>
  isPrediction(one, all) ? "--prediction" : isTarget(one, all) ? "--target" : `--input ${one.name}=`;

/** Whether the file is read whole before anything is computed: a row's loss, or its weight, depends on others. */
export const needsWholeFile = (spec: LossSpec): boolean =>
  spec.options.classWeight === "balanced" || mixesRows(spec);

/** Whether a row's loss depends on other rows. */
export function mixesRows({ loss, options }: LossSpec): boolean {
  // A word where a number is usual (scale=mad) stands for a number measured on the batch.
  const measured = Object.entries(options).some(([name, value]) => {
    const parameter = loss.params[name];
    return (
      typeof value === "string" && parameter?.choices === undefined && typeof parameter?.default === "number"
    );
  });
  return (
    measured || someNode(loss, ({ attrs: { axis } }) => axis !== undefined && samplesOf(loss).includes(axis))
  );
}

/** Whether the places along an axis are classes, which have names: labels count along it, or probabilities do. */
export const isClassAxis = ({ loss }: LossSpec, axis: string): boolean =>
  Object.entries(loss.inputs).some(
    ([name, { over, domain }]) =>
      over === axis ||
      (axesBeside(loss, name).includes(axis) && typeof domain === "string" && /distribution/i.test(domain)),
  );

/** Whether every row is compared with every other: then rows meet in batches, as they did in training. */
export const comparesRows = ({ loss }: LossSpec): boolean =>
  someNode(loss, (node) => node.op === "rename" && samplesOf(loss).includes(node.attrs.axis!));

/** Whether the samples of a loss are pairs or triplets of rows, or differ between its parts: no row has a loss. */
export const hasRowLosses = ({ loss }: LossSpec): boolean =>
  loss.expr.axes.length > 0 &&
  loss.expr.axes.every((axis) =>
    Object.values(loss.inputs).some(({ axes }) =>
      words(axes).some((word) => word.replace("...", "") === axis || word === axis),
    ),
  );

function someNode({ expr }: AnyLoss, holds: (node: ExprNode) => boolean): boolean {
  const seen = new Set<ExprNode>();
  const visit = (node: ExprNode): boolean => {
    if (seen.has(node)) return false;
    seen.add(node);
    return holds(node) || node.args.some(visit);
  };
  return visit(expr as unknown as ExprNode);
}
