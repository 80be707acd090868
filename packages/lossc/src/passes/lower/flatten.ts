// Two axes that always stand together are one. In: what is stored. Out: the same over the axis `n*...` in place of
// `n` and `...`, so that a loss of every element is one loop whatever axes it is declared with.

import { type Expr, input, nodesOf, rebuild } from "../../language/expr.ts";
import type { Stored } from "./prepare.ts";

export interface Flattened {
  readonly stored: readonly Stored[];
  /** The axes that each new axis stands for. */
  readonly joined: Readonly<Record<string, readonly string[]>>;
}

type Places = readonly (string | number)[];

export function flatten(stored: readonly Stored[]): Flattened {
  const roots = stored.map(({ value }) => value);
  const nodes = nodesOf(roots);
  const lists: Places[] = [];
  for (let i = 0; i < nodes.length; i++) {
    const { op, axes } = nodes[i];
    if (op === "input" || op === "param") lists.push(axes);
  }
  for (const { at } of stored) lists.push(at);
  const pair = pairIn(lists, nodes);
  if (!pair) return { stored, joined: {} };
  const [outer, inner] = pair;
  const name = `${outer}*${inner}`; // a space would look like two axes
  const join = <Place extends string | number>(axes: readonly Place[]): (Place | string)[] =>
    axes.filter((axis) => axis !== inner).map((axis) => (axis === outer ? name : axis));
  const values = rebuild(roots, (expr) => {
    if (expr.op === "input") return input(expr.attrs.name!, join(expr.axes), expr.type);
    const [arg] = expr.args;
    const both = expr.op === "sum" && isOf(expr, outer, inner) && arg.op === "sum" && isOf(arg, outer, inner);
    return both ? arg.args[0].sum(name) : expr;
  });
  const again = flatten(stored.map((one, i) => ({ ...one, value: values[i], at: join(one.at) })));
  return { stored: again.stored, joined: { [name]: [outer, inner], ...again.joined } };
}

/** The first two that stand beside each other and can be joined. */
function pairIn(lists: readonly Places[], nodes: readonly Expr[]): readonly [string, string] | undefined {
  const tried: string[] = [];
  for (const axes of lists) {
    for (let i = 1; i < axes.length; i++) {
      const outer = axes[i - 1];
      const inner = axes[i];
      if (typeof outer !== "string" || typeof inner !== "string" || tried.includes(`${outer} ${inner}`))
        continue;
      if (standTogether(outer, inner, lists) && runTogether(outer, inner, nodes)) return [outer, inner];
      tried.push(`${outer} ${inner}`);
    }
  }
  return undefined;
}

const isOf = ({ attrs }: Expr, outer: string, inner: string): boolean =>
  attrs.axis === outer || attrs.axis === inner;

/** Wherever one stands the other stands beside it. */
function standTogether(outer: string, inner: string, lists: readonly Places[]): boolean {
  for (let i = 0; i < lists.length; i++) {
    const at = lists[i].indexOf(outer);
    const next = lists[i].indexOf(inner);
    if (at < 0 ? next >= 0 : next !== at + 1) return false;
  }
  return true;
}

/** Nothing runs along one without the other. */
function runTogether(outer: string, inner: string, nodes: readonly Expr[]): boolean {
  const along: Expr[] = [];
  for (let i = 0; i < nodes.length; i++) {
    const { op, attrs } = nodes[i];
    if (op === "size" || !(isOf(nodes[i], outer, inner) || attrs.to === outer || attrs.to === inner))
      continue;
    if (op !== "sum") return false;
    along.push(nodes[i]);
  }
  const sums = along.filter(({ args }) => along.includes(args[0]));
  return along.every((node) => {
    if (sums.includes(node)) return node.args[0].attrs.axis !== node.attrs.axis;
    const users = nodes.filter(({ args }) => args.includes(node));
    return users.length > 0 && users.every((user) => sums.includes(user));
  });
}
