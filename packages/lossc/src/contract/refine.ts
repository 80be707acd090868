// Inputs that several losses share, brought to one form: the finer axes, the stricter kind. And a loss over coarser axes,
// written over the finer ones.

import { LossError } from "../errors.ts";
import type { AxisSpec } from "../language/axes.ts";
import { type Expr, input, rebuild, size } from "../language/expr.ts";
import { sumOver } from "./samples.ts";
import type { FullInput } from "./spec.ts";
import type { Part } from "./variant.ts";

const textOf = (words: readonly AxisSpec[]): string =>
  words.map(({ name, many }) => (many && name !== "..." ? `${name}...` : name)).join(" ");
const same = (a: readonly AxisSpec[], b: readonly AxisSpec[]): boolean => textOf(a) === textOf(b);

/** An axis of any number of dimensions, and the axes that stand for it elsewhere. */
export interface Refinement {
  readonly axis: string;
  readonly into: readonly AxisSpec[];
}

/** What the word for any number of dimensions in `coarse` is in `fine`: `...` in "n ..." is "n" and "...". */
export function refinementOf(coarse: readonly AxisSpec[], fine: readonly AxisSpec[]): Refinement | undefined {
  const at = coarse.findIndex(({ many }) => many);
  const after = coarse.length - at - 1;
  if (at < 0 || fine.length < coarse.length) return undefined;
  const into = fine.slice(at, fine.length - after);
  const around = [...fine.slice(0, at), ...fine.slice(fine.length - after)];
  return same([...coarse.slice(0, at), ...coarse.slice(at + 1)], around)
    ? { axis: coarse[at].name, into }
    : undefined;
}

/** The kinds of one input in two losses, and the one that serves both: labels for a loss of labels alone are classes
 * without probabilities, and a mask or a probability per element is the target of two classes. */
function commonKind(a: FullInput, b: FullInput): Partial<FullInput> | undefined {
  if (a.kind === b.kind) return {};
  const [first, second] = a.kind === "float" || a.kind === "index" ? [b, a] : [a, b];
  if (first.kind === "classes" && second.kind === "index" && first.over === second.over)
    return { ...first, labelsOnly: true };
  const isShare = second.kind === "float" && (second.domain === "probability" || second.domain === "mask");
  return first.kind === "binary" && isShare ? { ...first, domain: second.domain! } : undefined;
}

/** One input for two losses; undefined where they want different things. */
export function commonInput(a: FullInput, b: FullInput): FullInput | undefined {
  const kind = commonKind(a, b);
  if (kind === undefined) return undefined;
  const words = same(a.words, b.words)
    ? a.words
    : refinementOf(a.words, b.words)
      ? b.words
      : refinementOf(b.words, a.words)
        ? a.words
        : undefined;
  return words && { ...b, ...a, ...kind, words, axes: textOf(words) };
}

/** An input of a loss that is written over finer axes. */
export function refinedInput(spec: FullInput, { axis, into }: Refinement): FullInput {
  const words = spec.words.flatMap((word) => (word.name === axis ? into : [word]));
  return { ...spec, words, axes: textOf(words) };
}

/** A summand over finer axes. Throws where the loss does more along the axis than to add up: there samples meet. */
export function refinedPart(loss: string, part: Part, { axis, into }: Refinement): Part {
  const names = into.map(({ name }) => name);
  const change = (expr: Expr): Expr => {
    const { op, attrs, axes, type, args } = expr;
    if (op === "input" && axes.includes(axis))
      return input(
        attrs.name!,
        axes.flatMap((name) => (name === axis ? names : [name])),
        type,
      );
    if (attrs.axis !== axis && attrs.to !== axis && !(op === "param" && axes.includes(axis))) return expr;
    if (op === "sum") return sumOver(args[0], names);
    if (op === "size") return names.map(size).reduce((a, b) => a.mul(b));
    throw new LossError(
      "definition",
      `combine: ${loss} looks along its axis "${axis}", which is "${names.join(" ")}" in another loss.`,
      { loss },
    );
  };
  const one = (expr: Expr): Expr => rebuild([expr], change)[0];
  const each = (exprs: Readonly<Record<string, Expr>>) =>
    Object.fromEntries(Object.entries(exprs).map(([name, expr]) => [name, one(expr)]));
  return {
    coefficient: part.coefficient,
    loss: one(part.loss),
    formula: one(part.formula),
    weights: part.weights.map(one),
    keeps: part.keeps.map(one),
    notes: each(part.notes),
    state: each(part.state),
  };
}
