// Case analysis. In: a tidied expression. Out: its values and the conditions they hold under, where that is
// clearer than truth values and min, max in one line.

import type { Expr } from "../../language/expr.ts";
import { constant } from "../../language/expr.ts";
import { type Op, opRow } from "../../language/ops.ts";
import { costOf, negate, valueOf } from "./polynomial.ts";
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
  op === "relu" || op === "min" || op === "max" || ((op === "eq" || op === "ne") && args.some((arg) => arg.op === "iota"));

export function casesOf(root: Expr, tidy: Tidy): readonly Case[] {
  const inline = [{ when: [], value: root }];
  const found = split(root, []);
  if (!found || found.length === 1 || found.length > most) return inline;
  const cases = merge(found, tidy);
  if (cases.length === 1) return cases;
  const must = decidable(root).some((node) => !optional(node));
  const total = cases.reduce((sum, { when, value }, i) => sum + costOf(value) + (i < cases.length - 1 ? when.reduce((s, c) => s + costOf(c), 0) : 0), 0);
  return must || total <= 1.3 * costOf(root) ? cases : inline;

  /** All cases, or nothing where there are too many. */
  function split(expr: Expr, when: readonly Expr[]): Case[] | undefined {
    const nodes = decidable(expr);
    const node = nodes.find((each) => !optional(each)) ?? nodes[0];
    if (!node || when.length >= most) return when.length >= most && node ? undefined : [{ when, value: expr }];
    const condition = tidy(deciding[node.op]!(node));
    const yes = split(tidy(assume(expr, condition, true, tidy)), [...when, condition]);
    const no = split(tidy(assume(expr, condition, false, tidy)), [...when, negate(condition)]);
    if (!yes || !no) return undefined;
    if (yes.length === 1 && no.length === 1 && isZero(yes[0].value.sub(no[0].value), tidy)) return [{ when, value: no[0].value }];
    return yes.length + no.length > most ? undefined : [...yes, ...no];
  }
}

const isZero = (expr: Expr, tidy: Tidy): boolean => valueOf(tidy(expr)) === 0;

/** Cases of equal value together; what most have, or else what has the longest condition, last as the otherwise. */
function merge(cases: readonly Case[], tidy: Tidy): readonly Case[] {
  const groups: Case[][] = [];
  for (const each of cases) {
    const group = groups.find(([first]) => isZero(each.value.sub(first.value), tidy));
    if (group) group.push(each);
    else groups.push([each]);
  }
  groups.sort((a, b) => a.length - b.length);
  const single = groups.length > 1 && groups[groups.length - 1].length > 1;
  return single ? groups.flat().slice(0, cases.length - groups[groups.length - 1].length + 1) : groups.flat();
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
    if (condition && node.axes.every((axis) => root.axes.includes(axis) && !bound.includes(axis))) found.push(node);
  };
  visit(root, []);
  return found;
}

/** Axes that mean something else inside a node than outside. */
function binds({ op, attrs }: Expr): readonly string[] {
  if (opRow(op).kind === "elementwise" || op === "iota" || op === "size") return [];
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
    const { key, sign } = tidy.difference(a, b);
    if (key !== known.key || op === "ne") return undefined;
    return equal ? 0 : sign * up;
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
    eq: (node, a, b) => (node === condition || node === negate(condition) ? constant(+(node.op === op)) : truth((sign) => sign === 0)(node, a, b)),
    ne: (node, a, b) => (node === condition || node === negate(condition) ? constant(+(node.op === op)) : truth((sign) => sign !== 0)(node, a, b)),
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
