// Prints a program as a listing: shared parts get names, so each is written once.

import { type Expr, topological } from "./expr.ts";
import { print } from "./print.ts";

/** One line per part that is used more than once or is an output: `%1 [n c] = …`. */
export function printProgram(outputs: Readonly<Record<string, Expr>>): string {
  const uses = new Map<Expr, number>();
  const nodes = topological(Object.values(outputs));
  for (const node of nodes) for (const arg of node.args) uses.set(arg, (uses.get(arg) ?? 0) + 1);
  const names = new Map<Expr, string>();
  const lines: string[] = [];
  for (const node of nodes) {
    if ((uses.get(node) ?? 0) < 2 || node.args.length === 0) continue;
    lines.push(`%${names.size + 1} [${node.axes.join(" ")}] = ${print(node, names)}`);
    names.set(node, `%${names.size + 1}`);
  }
  for (const [name, expr] of Object.entries(outputs)) {
    lines.push(`${name} [${expr.axes.join(" ")}] = ${print(expr, names)}`);
  }
  return lines.join("\n");
}
