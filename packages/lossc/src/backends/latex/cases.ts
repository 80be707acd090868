// Case analysis. In: a tidied expression. Out: its values and the conditions they hold under, where that is
// clearer than truth values and min, max in one line.

import type { Expr } from "../../language/expr.ts";
import { constant, topological } from "../../language/expr.ts";
import type { Op } from "../../language/ops.ts";
import { costOf, negate, numberOf } from "./nodes.ts";
import { remake, type Tidy } from "./tidy.ts";

/** A value and what must hold for it: all of `when`; the last case of a list holds otherwise. */
export interface Case {
  readonly when: readonly Expr[];
  readonly value: Expr;
}

const most = 4;

/** The condition that decides a node, if it is one that cases can decide. */
const deciding: { readonly [K in Op]?: (node: Expr) => Expr } = {
  lt: (node) => node,
  le: (node) => node,
  gt: (node) => node,
  ge: (node) => node,
  eq: (node) => node,
  ne: (node) => node,
  relu: ({ args: [a] }) => a.gt(0),
  min: ({ args: [a, b] }) => a.le(b),
  max: ({ args: [a, b] }) => a.ge(b),
};

/** [j = y] reads well in a line; so do max(0, x) and min(a, b). */
const optional = ({ op, args }: Expr): boolean =>
  op === "relu" || op === "min" || op === "max" || args.some((arg) => arg.type === "int");

export function casesOf(root: Expr, tidy: Tidy): readonly Case[] {
  const chain = chainOf(root);
  if (chain) return chain;
  const inline = [{ when: [], value: root }];
  const nodes = decidable(root);
  const must = nodes.some((node) => !optional(node));
  let best: readonly Case[] = inline;
  const stays =
    root.type === "bool" ||
    topological([root]).some(
      ({ op, args: [, a, b] }) =>
        op === "where" && ![a, b].some((each) => Math.abs(numberOf(each)) === Infinity),
    );
  let least = stays ? Number.POSITIVE_INFINITY : patience(nodes) * costOf(root);
  for (const chosen of must ? [() => true, (node: Expr) => !optional(node)] : [() => true]) {
    const found = split(root, [], chosen);
    if (!found) continue;
    const cases = merge(found, tidy);
    const cost = cases.reduce(
      (sum, { when, value }) => sum + [value, ...when].reduce((all, each) => all + costOf(each), 0),
      0,
    );
    const said = cost - cases[cases.length - 1].when.reduce((sum, each) => sum + costOf(each), 0);
    if (said <= least) [best, least] = [cases, said];
  }
  return best.length === 1 ? [{ when: [], value: best[0].value }] : best;

  /** All cases of the chosen conditions, or nothing where there are too many. */
  function split(expr: Expr, when: readonly Expr[], chosen: (node: Expr) => boolean): Case[] | undefined {
    const open = decidable(expr).filter(chosen);
    if (open.length > 2 * most) return undefined;
    const node = open.find((each) => !optional(each)) ?? open[0];
    if (!node) return [{ when, value: expr }];
    if (when.length >= most) return undefined;
    const condition = tidy(deciding[node.op]!(node));
    const yes = split(tidy(assume(expr, condition, true, tidy)), [...when, condition], chosen);
    const no = yes && split(tidy(assume(expr, condition, false, tidy)), [...when, negate(condition)], chosen);
    if (!no) return undefined;
    if (yes.length === 1 && no.length === 1 && isZero(yes[0].value.sub(no[0].value), tidy)) {
      return [{ when, value: no[0].value }];
    }
    return yes.length + no.length > most + 1 ? undefined : [...yes, ...no];
  }
}

/** Values some of which are infinite, as they were written: one choice after the other. */
function chainOf(root: Expr): readonly Case[] | undefined {
  const rows: Case[] = [];
  let rest = root;
  for (; rest.op === "where"; rest = rest.args[2])
    rows.push({ when: both(rest.args[0]), value: rest.args[1] });
  rows.push({ when: [], value: rest });
  const isPlain = ({ value }: Case) => topological([value]).every(({ op }) => op !== "where");
  const isInfinite = ({ value }: Case) => Math.abs(numberOf(value)) === Number.POSITIVE_INFINITY;
  return rows.length > 1 && rows.every(isPlain) && rows.some(isInfinite) ? rows : undefined;
}
const both = (condition: Expr): readonly Expr[] =>
  condition.op === "and" ? condition.args.flatMap(both) : [condition];

const isZero = (expr: Expr, tidy: Tidy): boolean => numberOf(tidy(expr)) === 0;

/** Cases of equal value together: 0, or else what was found last, is what holds otherwise. */
function merge(all: readonly Case[], tidy: Tidy): readonly Case[] {
  const meant = all.filter(({ value }) => value.op !== "constant" || !Number.isNaN(numberOf(value)));
  const cases = meant.length ? meant : all; // 0/0 is no case
  const same = (a: Case, b: Case) => isZero(a.value.sub(b.value), tidy);
  const last = cases.find(({ value }) => numberOf(value) === 0) ?? cases[cases.length - 1];
  const rows = cases.filter((each) => !same(each, last));
  // A and B, or not A and B, is B.
  for (let i = 0; i < rows.length; i++) {
    for (let j = i + 1; j < rows.length; j++) {
      if (!same(rows[i], rows[j])) continue;
      const [a, b] = [rows[i].when, rows[j].when];
      const open = a.filter((each) => !b.includes(each));
      if (a.length !== b.length || open.length !== 1 || !b.includes(negate(open[0]))) continue;
      rows[i] = { ...rows[i], when: a.filter((each) => each !== open[0]) };
      rows.splice(j--, 1);
    }
  }
  return [...rows, last];
}

/** How much longer cases may be: [j = y] and max(0, x) read well in a line, min(a, b) within more does not; with
 * three conditions and more, cases must be worth it. */
function patience(nodes: readonly Expr[]): number {
  const conditions = nodes.filter((node) => !optional(node));
  if (conditions.filter((node, i) => !conditions.slice(i).includes(negate(node))).length > 2) return 0.8;
  return nodes.some(({ type }) => type === "bool") ? 1.25 : nodes.some(({ op }) => op === "relu") ? 1.4 : 1.7;
}

/** Nodes that a condition over the root's own axes decides, innermost first. */
function decidable(root: Expr): Expr[] {
  const seen = new Set<Expr>();
  const found: Expr[] = [];
  const visit = (node: Expr, bound: readonly string[]) => {
    if (seen.has(node)) return;
    seen.add(node);
    const inside = binds(node);
    for (const arg of node.args) visit(arg, inside.length ? [...bound, ...inside] : bound);
    const condition = deciding[node.op];
    if (condition && node.axes.every((axis) => root.axes.includes(axis) && !bound.includes(axis)))
      found.push(node);
  };
  visit(root, []);
  return found;
}

/** Axes that mean something else inside a node than outside. */
function binds({ op, kind, attrs }: Expr): readonly string[] {
  if (kind === "elementwise" || op === "iota" || op === "size") return [];
  return [attrs.axis, attrs.to].filter((axis) => axis !== undefined);
}

/** An expression where a condition is known to hold or not. */
function assume(root: Expr, condition: Expr, holds: boolean, tidy: Tidy): Expr {
  const known = tidy.difference(condition.args[0], condition.args[1]);
  const op = holds ? condition.op : negate(condition).op;
  const equal = op === "eq";
  const up = op === "gt" || op === "ge" ? known.sign : -known.sign; // the sign of known.key
  /** The sign of a − b: 0 where they are equal, nothing where it is not known. */
  const signOf = (a: Expr, b: Expr): number | undefined => {
    const { key, sign, rest } = tidy.difference(a, b);
    if (key !== known.key || key === "" || op === "ne") return undefined;
    const beyond = rest - known.rest; // known + beyond is what is asked
    if (equal) return sign * Math.sign(beyond);
    return beyond * up >= 0 ? sign * up : undefined;
  };
  const zero = constant(0);
  const decide: { readonly [K in Op]?: (node: Expr, a: Expr, b: Expr) => Expr | undefined } = {
    relu: (_, a) => choose(signOf(a, zero), a, zero),
    min: (_, a, b) => choose(signOf(a, b), b, a),
    max: (_, a, b) => choose(signOf(a, b), a, b),
    abs: (_, a) => choose(signOf(a, zero), a, a.neg()),
    sign: (_, a) => choose(signOf(a, zero), constant(1), constant(-1)),
    lt: truth((sign) => sign < 0),
    le: truth((sign) => sign <= 0),
    gt: truth((sign) => sign > 0),
    ge: truth((sign) => sign >= 0),
    eq: (node, a, b) =>
      node === condition || node === negate(condition)
        ? constant(+(node.op === op))
        : truth((sign) => sign === 0)(node, a, b),
    ne: (node, a, b) =>
      node === condition || node === negate(condition)
        ? constant(+(node.op === op))
        : truth((sign) => sign !== 0)(node, a, b),
  };
  function truth(test: (sign: number) => boolean) {
    return (_: Expr, a: Expr, b: Expr) => {
      const sign = signOf(a, b);
      return sign === undefined ? undefined : constant(+test(sign));
    };
  }
  const done = new Map<Expr, Expr>();
  const change = (node: Expr): Expr => {
    let result = done.get(node);
    if (!result) {
      const local = binds(node).some((axis) => condition.axes.includes(axis));
      const args = local ? node.args : node.args.map(change);
      result = decide[node.op]?.(node, args[0], args[1]) ?? (local ? node : remake(node, args));
      done.set(node, result);
    }
    return result;
  };
  return change(root);
}

const choose = (sign: number | undefined, positive: Expr, negative: Expr): Expr | undefined =>
  sign === undefined ? undefined : sign >= 0 ? positive : negative;
