// Checks that a graph is well formed: every node's arity, types and axes are what its op says.

import { LossError } from "../errors.ts";
import { type Gap, phrase } from "../phrase.ts";
import { axesOf, type Expr, topological, typeOf } from "./expr.ts";
import { opRow } from "./ops.ts";
import { print } from "./print.ts";

/** Throws a `definition` error that names the node and, where given, the pass that made it. */
export function verify(roots: readonly Expr[], pass: Gap = phrase`definition`): void {
  for (const expr of topological(roots)) {
    const wrong = fault(expr);
    if (wrong) {
      throw new LossError("definition", phrase`after ${pass}: ${wrong} in ${print(expr)}`, { op: expr.op });
    }
  }
}

/** What is wrong with a node. Building one refuses all but the last, so only that is ever told to people. */
function fault(expr: Expr): Gap | undefined {
  const { op, args, attrs } = expr;
  const row = opRow(op);
  if (args.length !== row.arity) return `${op} has ${args.length} arguments, not ${row.arity}`;
  if (args.some((arg) => arg.id >= expr.id)) return `${op} comes before its argument`;
  if ((row.kind === "reduce" || row.kind === "row") && attrs.axis === undefined) return `${op} names no axis`;
  if (op === "input" || op === "param") return attrs.name ? undefined : `${op} has no name`;
  const axes = axesOf(op, args, attrs);
  if (axes.join() !== expr.axes.join()) return `${op} has axes [${expr.axes}], not [${axes}]`;
  const type = typeOf(op, row, args);
  if (expr.type !== type) return `${op} has type ${expr.type}, not ${type}`;
  if (row.kind === "elementwise" && row.takes) {
    const i = args.findIndex((arg, k) => (row.takes![k] ?? "any") !== "any" && arg.type !== row.takes![k]);
    if (i >= 0) return `${op} takes a ${row.takes[i]} as argument ${i + 1}, not a ${args[i].type}`;
  }
  if ((op === "take" || op === "segmentSum") && args[1].type === "bool")
    return phrase`${op} is indexed by a truth value`;
  return undefined;
}
