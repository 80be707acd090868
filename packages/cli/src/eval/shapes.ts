// What each input of a loss wants of one row of a file: a number, a row of numbers, a label; or that it cannot be had.

import type { AnyLoss } from "lossc";
import { CommandError } from "../errors.ts";
import type { Numbers } from "./names.ts";
import type { LossSpec } from "./spec.ts";

export type Input = AnyLoss["inputs"][string];

export interface Wanted {
  readonly name: string;
  readonly spec: Input;
  /** "number": one. "row": one per class, or as many as `size` says. "classes": a label, or a row of probabilities. */
  readonly shape: "number" | "row" | "classes";
  readonly size?: number;
  /** The axis of its classes: inputs that share it have the same classes. */
  readonly along?: string;
  readonly numbers: Numbers;
  /** What its numbers must be, under the parameters given. */
  readonly domain: string | undefined;
}

type ExprNode = {
  readonly args: readonly ExprNode[];
  readonly axes: readonly string[];
  readonly attrs: { readonly axis?: string };
};

/** Every parameter of a loss, with its value here. */
export const parametersOf = ({ loss, options }: LossSpec): Record<string, unknown> => ({
  ...Object.fromEntries(Object.entries(loss.params).map(([name, { default: value }]) => [name, value])),
  ...options,
});

/** Throws for a loss that is no sum over the rows of a file: embeddings, heads, penalties. */
export function wantedInputs(spec: LossSpec): readonly Wanted[] {
  const { loss } = spec;
  const parameters = parametersOf(spec);
  const samples = loss.expr.axes;
  if (samples.length === 0) throw notOfRows(spec, "it is a penalty on weights and says nothing of a row");
  return Object.entries(loss.inputs).map(([name, input]): Wanted => {
    const words = input.axes.split(/\s+/).filter((word) => word !== "");
    const beside = words.filter((word) => !samples.includes(word === "..." ? word : word.replace("...", "")));
    // An axis "n" alone is a batch whose vectors are compared; "..." and "n..." are samples one by one.
    if (beside.length > 1 || !words.some((word) => word.includes("..."))) {
      throw notOfRows(
        spec,
        `its input "${name}" (${input.axes}) belongs to a batch of vectors and not to one row`,
      );
    }
    const domain = typeof input.domain === "function" ? input.domain(parameters) : input.domain;
    const [axis] = beside;
    const size = /^\d+$/.test(axis ?? "") ? { size: Number(axis) } : {};
    const shape = input.kind === "classes" ? "classes" : axis === undefined ? "number" : "row";
    const along = input.kind === "classes" ? input.over : axis;
    return {
      name,
      spec: input,
      shape,
      ...size,
      ...(along && { along }),
      numbers: numbersOf(name, domain, shape),
      domain,
    };
  });
}

function numbersOf(name: string, domain: string | undefined, shape: Wanted["shape"]): Numbers {
  if (domain === "distribution" || domain === "probability") return "probabilities";
  if (domain === "logDistribution") return "logProbabilities";
  return name === "logits" || (shape === "row" && name === "prediction" && domain !== "box")
    ? "logits"
    : "any";
}

function notOfRows({ loss }: LossSpec, why: string): CommandError {
  return new CommandError(
    `${loss.name}: eval cannot evaluate it: ${why}.`,
    `Call it from TypeScript: import { ${loss.name} } from "lossc". lossc show ${loss.name} says what it takes.`,
  );
}

/** The input that --prediction means: the first that a model makes. */
export const isPrediction = (one: Wanted, all: readonly Wanted[]): boolean =>
  one === all.find(({ spec }) => spec.role === "model");
/** The input that --target means: the first that is given and not made. */
export const isTarget = (one: Wanted, all: readonly Wanted[]): boolean =>
  one === all.find(({ spec }) => spec.role === "data");

export const flagName = (one: Wanted, all: readonly Wanted[]): string =>
  isPrediction(one, all) ? "--prediction" : isTarget(one, all) ? "--target" : `--input ${one.name}=`;

/** Whether a row's loss depends on other rows: then the file is read whole before anything is computed. */
export function needsWholeFile({ loss, options }: LossSpec): boolean {
  if (options.classWeight === "balanced") return true;
  // A word where a number is usual (scale=mad) stands for a number measured on the batch.
  const measured = Object.entries(options).some(([name, value]) => {
    const parameter = loss.params[name];
    return (
      typeof value === "string" && parameter?.choices === undefined && typeof parameter?.default === "number"
    );
  });
  return measured || mixesRows(loss.expr as unknown as ExprNode);
}

function mixesRows(root: ExprNode): boolean {
  const seen = new Set<ExprNode>();
  const visit = (node: ExprNode): boolean => {
    if (seen.has(node)) return false;
    seen.add(node);
    return (node.attrs.axis !== undefined && root.axes.includes(node.attrs.axis)) || node.args.some(visit);
  };
  return visit(root);
}
