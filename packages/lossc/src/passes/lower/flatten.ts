// Two axes that always stand together are one. In: what is stored. Out: the same over the axis `n*...` in place of
// `n` and `...`, so that a loss of every element is one loop whatever axes it is declared with.

import { type Expr, input, rebuild, topological } from "../../language/expr.ts";
import type { Stored } from "./prepare.ts";

export interface Flattened {
  readonly stored: readonly Stored[];
  /** The axes that each new axis stands for. */
  readonly joined: Readonly<Record<string, readonly string[]>>;
}

export function flatten(stored: readonly Stored[]): Flattened {
  const roots = stored.map(({ value }) => value);
  const nodes = topological(roots);
  const lists = [
    ...nodes.filter(({ op }) => op === "input" || op === "param").map(({ axes }) => axes),
    ...stored.map(({ at }) => at),
  ];
  const pair = lists
    .flatMap((axes) => axes.slice(1).map((inner, i) => [axes[i], inner] as const))
    .find(
      ([outer, inner]) =>
        typeof outer === "string" && typeof inner === "string" && canJoin(outer, inner, lists, nodes),
    );
  if (!pair) return { stored, joined: {} };
  const [outer, inner] = pair as [string, string];
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

const isOf = ({ attrs }: Expr, outer: string, inner: string): boolean =>
  attrs.axis === outer || attrs.axis === inner;

/** Nothing runs along one without the other, and wherever one stands the other stands beside it. */
function canJoin(
  outer: string,
  inner: string,
  lists: readonly (readonly (string | number)[])[],
  nodes: readonly Expr[],
): boolean {
  const together = lists.every((axes) => {
    const [at, next] = [axes.indexOf(outer), axes.indexOf(inner)];
    return at < 0 ? next < 0 : next === at + 1;
  });
  const along = nodes.filter(
    (node) => node.op !== "size" && (isOf(node, outer, inner) || [outer, inner].includes(node.attrs.to!)),
  );
  const sums = along.filter((node) => node.op === "sum" && along.includes(node.args[0]));
  const paired = along.every((node) => {
    if (node.op !== "sum") return false;
    if (sums.includes(node)) return node.args[0].op === "sum" && node.args[0].attrs.axis !== node.attrs.axis;
    const users = nodes.filter(({ args }) => args.includes(node));
    return users.length > 0 && users.every((user) => sums.includes(user));
  });
  return together && paired;
}
