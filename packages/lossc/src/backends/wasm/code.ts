// What a function is written as, nodes and statements, and what is asked of them before they become bytes.

import type { ValueType } from "./instructions.ts";

export interface Node {
  readonly type: ValueType;
  readonly args: readonly Node[];
  /** The bytes after the arguments: an instruction with its immediates. */
  readonly bytes: readonly number[];
  /** As cheap as reading a local: never kept in one. */
  readonly cheap?: true;
  /** Reads memory, or may trap: stays where it is. */
  readonly isRead?: true;
}

/** A local that statements may set. */
export interface Variable extends Node {
  readonly index: number;
}

export type Statement =
  | { readonly kind: "set"; readonly variable: Variable; readonly value: Node }
  | { readonly kind: "do"; readonly args: readonly Node[]; readonly bytes: readonly number[] }
  | { readonly kind: "loop"; readonly body: readonly Statement[]; readonly again: Node }
  | {
      readonly kind: "if";
      readonly condition: Node;
      readonly yes: readonly Statement[];
      readonly otherwise: readonly Statement[];
    };

/** How often each node is an argument. */
export function countUses(statements: readonly Statement[], uses: Map<Node, number>, last?: Node): void {
  const use = (node: Node): void => {
    const before = uses.get(node) ?? 0;
    uses.set(node, before + 1);
    if (before === 0) for (const arg of node.args) use(arg);
  };
  for (const statement of statements) {
    if (statement.kind === "set") use(statement.value);
    else if (statement.kind === "do") statement.args.forEach(use);
    else if (statement.kind === "loop") {
      countUses(statement.body, uses, statement.again);
    } else {
      use(statement.condition);
      countUses(statement.yes, uses);
      countUses(statement.otherwise, uses);
    }
  }
  if (last) use(last);
}

/** What statements set, and what they compute from. */
function walk(
  statements: readonly Statement[],
  visit: { readonly set: (variable: Variable) => void; readonly read: (node: Node) => void },
): void {
  for (const statement of statements) {
    if (statement.kind === "set") {
      visit.set(statement.variable);
      visit.read(statement.value);
    } else if (statement.kind === "do") statement.args.forEach(visit.read);
    else if (statement.kind === "loop") {
      walk(statement.body, visit);
      visit.read(statement.again);
    } else {
      visit.read(statement.condition);
      walk(statement.yes, visit);
      walk(statement.otherwise, visit);
    }
  }
}

/** Whether there is a loop among statements. */
export const holdsLoop = (statements: readonly Statement[]): boolean =>
  statements.some(
    (statement) =>
      statement.kind === "loop" ||
      (statement.kind === "if" && (holdsLoop(statement.yes) || holdsLoop(statement.otherwise))),
  );

/** The largest parts of a loop that are the same in each iteration. Reading a number is not worth a local, and memory
 * may change. */
export function invariants(loop: Statement & { kind: "loop" }): readonly Node[] {
  const changing = new Set<Node>();
  const roots: Node[] = [];
  walk([loop], { set: (variable) => changing.add(variable), read: (node) => roots.push(node) });
  const known = new Map<Node, boolean>();
  const isFixed = (node: Node): boolean => {
    let fixed = known.get(node);
    if (fixed === undefined) {
      // Every argument is asked, for what varies in one may hold what is fixed in another.
      const args = node.args.map(isFixed);
      fixed = !changing.has(node) && node.isRead !== true && args.every(Boolean);
      known.set(node, fixed);
    }
    return fixed;
  };
  roots.forEach(isFixed);
  const found = new Set<Node>();
  const seen = new Set<Node>();
  const collect = (node: Node): void => {
    if (seen.has(node)) return;
    seen.add(node);
    if (known.get(node)) {
      if (!node.cheap && node.args.length > 0) found.add(node);
    } else node.args.forEach(collect);
  };
  roots.forEach(collect);
  return [...found];
}
