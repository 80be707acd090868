// Axes of known size written out. In: expressions over rows and other axes. Out: one scalar expression per place along
// those axes, of inputs that are columns: `logits` over c becomes the columns logits 0, logits 1 …

import { LossError } from "../../errors.ts";
import { constant, type Expr, input, make, where } from "../../language/expr.ts";
import type { Op } from "../../language/ops.ts";
import { type Gap, type Phrase, phrase, wordsOf } from "../../phrase.ts";

/** The element of a leaf at a place, by the leaf's own axes. */
export type Place = Readonly<Record<string, number>>;
/** The name of the column that holds an input's element. */
export const columnName = (name: string, places: readonly number[]): string => [name, ...places].join(" ");

const add = (a: Expr, b: Expr): Expr => make("add", [a, b]);

/** From the elements along an axis to what the reduction gives. */
const reductions: { readonly [K in Op]?: (elements: readonly Expr[]) => Expr } = {
  sum: (elements) => elements.reduce(add),
  reduceMax: (elements) => elements.reduce((a, b) => a.max(b)),
  reduceMin: (elements) => elements.reduce((a, b) => a.min(b)),
  argmax: (elements) =>
    placeOf(
      elements,
      elements.reduce((a, b) => a.max(b)),
    ),
  argmin: (elements) =>
    placeOf(
      elements,
      elements.reduce((a, b) => a.min(b)),
    ),
  norm: (elements) =>
    elements
      .map((x) => x.square())
      .reduce(add)
      .sqrt(),
};

/** Where the first that equals the extreme stands. */
const placeOf = (elements: readonly Expr[], extreme: Expr): Expr =>
  elements.reduceRight<Expr>((rest, x, i) => where(x.eq(extreme), i, rest), constant(Number.NaN));

/** How long an axis is; undefined for the rows themselves. */
export type Sizes = (axis: string) => number | undefined;

/** The scalar expression of `root`, all of whose own axes are rows. `params` gives a parameter's number at a place. */
export function scalarForm(
  root: Expr,
  sizes: Sizes,
  param: (name: string, place: readonly number[]) => number,
): Expr {
  const done = new Map<string, Expr>();

  const element = (expr: Expr, place: Place): Expr => {
    const own = Object.fromEntries(Object.entries(place).filter(([axis]) => expr.axes.includes(axis)));
    const key = `${expr.id} ${JSON.stringify(own)}`;
    let found = done.get(key);
    if (!found) {
      found = build(expr, own);
      done.set(key, found);
    }
    return found;
  };

  const build = (expr: Expr, place: Place): Expr => {
    const { op, kind, args, attrs } = expr;
    const { axis } = attrs;
    const shape = shapes[op];
    if (shape) return shape(expr, place);
    if (axis !== undefined && sizes(axis) === undefined) {
      if (op === "sum") return make("sum", [element(args[0], place)], attrs);
      throw unsupported(op, phrase`it mixes rows`);
    }
    const reduction = reductions[op];
    if (reduction) {
      const elements = Array.from({ length: sizes(axis!)! }, (_, i) =>
        element(args[0], { ...place, [axis!]: i }),
      );
      return reduction(elements);
    }
    if (kind !== "elementwise") throw unsupported(op, phrase`it needs an order along a row`);
    return make(
      op,
      args.map((arg) => element(arg, place)),
      attrs,
    );
  };

  const shapes: { readonly [K in Op]?: (expr: Expr, place: Place) => Expr } = {
    input({ attrs, axes, type }, place) {
      // Along an axis of size 1 there is nothing to tell apart.
      const places = axes.filter((axis) => (sizes(axis) ?? 1) > 1).map((axis) => place[axis]);
      const rows = axes.filter((axis) => sizes(axis) === undefined);
      return input(columnName(attrs.name!, places), rows, type);
    },
    param: ({ attrs, axes }, place) =>
      constant(
        param(
          attrs.name!,
          axes.map((axis) => place[axis]),
        ),
      ),
    constant: (expr) => expr,
    size: (expr) => {
      const size = sizes(expr.attrs.axis!);
      return size === undefined ? expr : constant(size);
    },
    iota({ attrs }, place) {
      if (sizes(attrs.axis!) === undefined) throw unsupported("iota", phrase`rows of a table have no place`);
      return constant(place[attrs.axis!]);
    },
    at: ({ args, attrs }, place) => element(args[0], { ...place, [attrs.axis!]: attrs.index! }),
    rename({ args, attrs }, { [attrs.to!]: at, ...place }) {
      if (sizes(attrs.axis!) === undefined) throw unsupported("rename", phrase`rows meet one another`);
      return element(args[0], { ...place, [attrs.axis!]: at });
    },
    take({ args: [values, index], attrs }, place) {
      const size = sizes(attrs.axis!);
      if (size === undefined) throw unsupported("take", phrase`it looks up rows`);
      const at = element(index, place);
      const last = element(values, { ...place, [attrs.axis!]: size - 1 });
      let chosen = last;
      for (let i = size - 2; i >= 0; i--)
        chosen = where(at.eq(i), element(values, { ...place, [attrs.axis!]: i }), chosen);
      return chosen;
    },
    stopGradient: ({ args }, place) => element(args[0], place),
    computedAs: ({ args }, place) => element(args[1], place),
  };

  return element(root, {});
}

export function unsupported(what: Gap, why: Phrase): LossError {
  return new LossError("unsupported", phrase`${what} has no SQL: ${why}.`, {
    op: wordsOf(what),
    note: phrase`Evaluate the loss with a kernel instead (the command: --engine kernel).`,
  });
}
