// What a function is written as, nodes and statements, and what is asked of them before they become bytes.

import type { ValueType } from "./instructions.ts";

/** All nodes have one form: kernels are made of thousands, and are read fastest so. */
export class Node {
  readonly type: ValueType;
  readonly args: readonly Node[];
  /** The bytes after the arguments: an instruction with its immediates. */
  readonly bytes: readonly number[];
  readonly trait: Trait | undefined;
  /** The local that a variable is. */
  readonly index: number | undefined;

  // What is noted of nodes stands on them: tables of so many would take longer.
  /** What equal nodes are found by: the nodes it is the first argument of, and when it was first an argument. */
  users: Node[] | undefined = undefined;
  place = 0;
  /** The function being encoded, how often it uses the node, and the local that holds it at the moment. */
  by: object | undefined = undefined;
  uses = 0;
  kept: number | undefined = undefined;
  /** The loop that is looked through, whether the node is the same in each of its iterations, and whether it was asked. */
  loop: object | undefined = undefined;
  isFixed = false;
  isCollected = false;

  constructor(
    type: ValueType,
    args: readonly Node[],
    bytes: readonly number[],
    trait?: Trait,
    index?: number,
  ) {
    this.type = type;
    this.args = args;
    this.bytes = bytes;
    this.trait = trait;
    this.index = index;
  }
}

/** `cheap`: as cheap as reading a local, never kept in one. `read`: reads memory, or may trap, and stays where it is. */
export type Trait = "cheap" | "read";

/** A local that statements may set. */
export type Variable = Node & { readonly index: number };

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

/** Notes how often each node is an argument in `by`. */
export function countUses(statements: readonly Statement[], by: object, last?: Node): void {
  const use = (node: Node): void => {
    if (node.by === by) node.uses++;
    else {
      node.by = by;
      node.uses = 1;
      node.kept = undefined;
      for (const arg of node.args) use(arg);
    }
  };
  for (const statement of statements) {
    if (statement.kind === "set") use(statement.value);
    else if (statement.kind === "do") statement.args.forEach(use);
    else if (statement.kind === "loop") {
      countUses(statement.body, by, statement.again);
    } else {
      use(statement.condition);
      countUses(statement.yes, by);
      countUses(statement.otherwise, by);
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
  const isFixed = (node: Node): boolean => {
    if (node.loop !== loop) {
      node.loop = loop;
      node.isCollected = false;
      node.isFixed = !changing.has(node) && node.trait !== "read";
      // Every argument is asked, for what varies in one may hold what is fixed in another.
      for (const arg of node.args) if (!isFixed(arg)) node.isFixed = false;
    }
    return node.isFixed;
  };
  for (const root of roots) isFixed(root);
  const found: Node[] = [];
  const collect = (node: Node): void => {
    if (node.isCollected) return;
    node.isCollected = true;
    if (!node.isFixed) for (const arg of node.args) collect(arg);
    else if (node.trait !== "cheap" && node.args.length > 0) found.push(node);
  };
  for (const root of roots) collect(root);
  return found;
}
