// From a script to an expression. In: a tree and what its names mean. Out: the expression, or an error at its place.

import { LossError, suggestion } from "../../errors.ts";
import { type Phrase, phrase } from "../../phrase.ts";
import { constant, type Expr, iota, oneHot, size } from "../expr.ts";
import { type Span, syntaxError } from "./tokens.ts";
import type { Script, Tree } from "./tree.ts";
import { extremes, numbers, type Place, type Word, words } from "./words.ts";

export interface Meaning {
  /** What the names in the text are: inputs, parameters. */
  readonly names: Readonly<Record<string, Expr>>;
  /** Axes that may be named; where there is one, it may be left out. */
  readonly axes?: readonly string[];
}

const placeWords: Readonly<Record<Place, Phrase>> = { value: phrase`a value`, axis: phrase`an axis` };
const free: Readonly<Record<string, (...args: never[]) => Expr>> = { size, iota, oneHot };

/** The expression that a script says. Throws `syntax` with the span of what has no meaning or does not fit. */
export function build({ parts, loss }: Script, { names, axes = [] }: Meaning): Expr {
  const known: Record<string, Expr> = { ...names };
  for (const { name, value, at } of parts) {
    if (Object.hasOwn(known, name)) throw syntaxError(phrase`"${name}" has a meaning already.`, at);
    known[name] = visit(value);
  }
  return visit(loss);

  function visit(tree: Tree): Expr {
    if (tree.kind === "number") return constant(tree.value);
    if (tree.kind === "name") return named(tree.name, tree.at);
    const placed = placesOf(tree, axes, known);
    const args = placed.args.map((arg, i) =>
      placed.word.takes[i] === "axis" ? axisOf(arg, axes) : visit(arg as Tree),
    );
    return apply(placed, args, tree.at);
  }

  function named(name: string, at: Span): Expr {
    if (Object.hasOwn(known, name)) return known[name];
    if (Object.hasOwn(numbers, name)) return constant(numbers[name]);
    if (words.has(name)) throw syntaxError(phrase`"${name}" is called with parentheses: ${name}(…).`, at);
    throw syntaxError(
      phrase`There is no "${name}".`,
      at,
      suggestion(name, [...Object.keys(known), ...Object.keys(numbers)]),
    );
  }
}

export interface Placed {
  readonly word: Word;
  readonly name: string;
  /** As many as the word takes; a string for an axis that was left out. */
  readonly args: readonly (Tree | string)[];
}

/** A call's word and its arguments, each at its place: `max(z)` is the row's largest, `max(0, z)` the larger of two. */
export function placesOf(
  { name, args, at, said }: Extract<Tree, { kind: "call" }>,
  axes: readonly string[],
  known: Readonly<Record<string, unknown>>,
): Placed {
  const isAxis = (arg: Tree | undefined) =>
    arg?.kind === "name" && axes.includes(arg.name) && !Object.hasOwn(known, arg.name);
  const extreme = Object.hasOwn(extremes, name) ? extremes[name] : undefined;
  if (extreme && args.length > 2 && !isAxis(args.at(-1))) {
    const [first, ...rest] = args; // max(a, b, c) is max(a, max(b, c))
    const inner: Tree = { kind: "call", name, args: rest, at, said };
    return { word: words.get(extreme.two)!, name: extreme.two, args: [first, inner] };
  }
  const called = extreme && (args.length === 1 || isAxis(args[1])) ? extreme.row : name;
  const word = words.get(called);
  if (!word)
    throw syntaxError(
      phrase`There is no function "${name}".`,
      said,
      suggestion(name, [...words.keys(), ...Object.keys(extremes)]),
    );
  const lacksAxis = word.takes.at(-1) === "axis" && args.length === word.takes.length - 1;
  if (lacksAxis && axes.length === 1) return { word, name: called, args: [...args, axes[0]] };
  if (args.length !== word.takes.length) {
    const wanted = word.takes.map((place) => placeWords[place]).reduce((all, one) => phrase`${all}, ${one}`);
    throw syntaxError(
      args.length === 1
        ? phrase`"${name}" takes ${wanted}, not 1 argument.`
        : phrase`"${name}" takes ${wanted}, not ${args.length} arguments.`,
      at,
    );
  }
  return { word, name: called, args };
}

export function axisOf(arg: Tree | string, axes: readonly string[]): string {
  if (typeof arg === "string") return arg;
  if (arg.kind === "name" && axes.includes(arg.name)) return arg.name;
  const there =
    axes.length === 0 ? phrase`This loss has none to name.` : phrase`There are: ${axes.join(", ")}.`;
  throw syntaxError(phrase`An axis should stand here.`, arg.at, there);
}

function apply({ word, name }: Placed, args: readonly (Expr | string)[], at: Span): Expr {
  try {
    if (word.isFree) return free[name](...(args as never[]));
    const [first, ...rest] = args;
    const method = (first as unknown as Record<string, (...others: unknown[]) => Expr>)[word.method ?? name];
    return method.apply(first, rest);
  } catch (error) {
    if (!(error instanceof LossError)) throw error;
    const { message, phrases } = error;
    throw new LossError("syntax", message, { span: at, ...(phrases && { phrases }) });
  }
}
