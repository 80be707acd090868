// What a function is written as, nodes and statements, and what is asked of them before they become bytes.

import type { Trait, ValueType } from "./instructions.ts";

/** A part of an expression. */
export interface Node {
  readonly type: ValueType;
  readonly args: readonly Node[];
  /** The bytes after the arguments: an instruction with its immediates. Of equal nodes it is the same list. */
  readonly bytes: readonly number[];
  readonly trait: Trait | undefined;

  // What is noted of nodes stands on them: tables of so many would take longer.
  /** The local that holds it: a variable's own, another's at the moment. */
  local: number | undefined;
  /** What equal nodes are found by: the latest that it is the first argument of, the one before with the same first argument, and
   * when it was first an argument. */
  user: Node | undefined;
  sibling: Node | undefined;
  place: number;
  /** How often its function uses it, once that is counted; of cheap ones it is not. A node stands in one function. */
  uses: number;
  /** The loop that was last looked through, and what of the node is the same in each of its iterations. */
  loop: object | undefined;
  fixed: Fixed;
}

/** All of a node, parts of it, or nothing that was not found yet. */
type Fixed = "all" | "parts" | "nothing";

/** A local that statements may set. */
export type Variable = Node & { readonly local: number };

export type Statement =
  | { readonly kind: "set"; readonly variable: Variable; readonly value: Node }
  | { readonly kind: "do"; readonly args: readonly Node[]; readonly bytes: readonly number[] }
  | {
      readonly kind: "loop";
      readonly body: readonly Statement[];
      readonly again: Node;
      /** Whether it holds no other. */
      readonly isInnermost: boolean;
    }
  | {
      readonly kind: "if";
      readonly condition: Node;
      readonly yes: readonly Statement[];
      readonly otherwise: readonly Statement[];
    };

/** Notes how often each node is an argument, or what a statement computes. */
export function countUses(statements: readonly Statement[], last?: Node): void {
  for (let i = 0; i < statements.length; i++) {
    const statement = statements[i];
    if (statement.kind === "set") use(statement.value);
    else if (statement.kind === "do") {
      for (let k = 0; k < statement.args.length; k++) use(statement.args[k]);
    } else if (statement.kind === "loop") {
      countUses(statement.body, statement.again);
    } else {
      use(statement.condition);
      countUses(statement.yes);
      countUses(statement.otherwise);
    }
  }
  if (last) use(last);
}

function use(node: Node): void {
  if (node.trait === "cheap" || node.uses++ > 0) return;
  const { args } = node;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    if (arg.uses > 0) arg.uses++;
    else if (arg.trait !== "cheap") use(arg);
  }
}

type LoopStatement = Statement & { kind: "loop" };

/** The largest parts of a loop that are the same in each iteration. Reading a number is not worth a local, and memory
 * may change. */
export function invariants(loop: LoopStatement): readonly Node[] {
  const roots: Node[] = [];
  readIn(loop.body, loop, roots);
  roots.push(loop.again);
  for (let i = 0; i < roots.length; i++) {
    const root = roots[i];
    if (root.trait !== "cheap" && root.loop !== loop) lookThrough(root, loop);
  }
  const found: Node[] = [];
  for (let i = 0; i < roots.length; i++) if (roots[i].trait !== "cheap") collect(roots[i], found);
  return found;
}

/** What statements compute from; what they set changes in the loop. */
function readIn(statements: readonly Statement[], loop: LoopStatement, roots: Node[]): void {
  for (let i = 0; i < statements.length; i++) {
    const statement = statements[i];
    if (statement.kind === "set") {
      statement.variable.loop = loop;
      roots.push(statement.value);
    } else if (statement.kind === "do") roots.push(...statement.args);
    else if (statement.kind === "if") {
      roots.push(statement.condition);
      readIn(statement.yes, loop, roots);
      readIn(statement.otherwise, loop, roots);
    }
  }
}

/** Notes what of a node is the same in each iteration: nothing that reads memory or is made of what changes. */
function lookThrough(node: Node, loop: LoopStatement): void {
  const { args } = node;
  let isFixed = node.trait !== "read";
  let holdsFixed = false;
  // Every argument is asked, for what varies in one may hold what is fixed in another.
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    if (arg.trait === "cheap") isFixed &&= arg.loop !== loop;
    else {
      if (arg.loop !== loop) lookThrough(arg, loop);
      isFixed &&= arg.fixed === "all";
      holdsFixed ||= arg.fixed !== "nothing";
    }
  }
  node.loop = loop;
  node.fixed = isFixed ? "all" : holdsFixed ? "parts" : "nothing";
}

/** Finds the largest fixed parts of a node, each once. */
function collect(node: Node, found: Node[]): void {
  const { args, fixed } = node;
  node.fixed = "nothing";
  if (fixed === "all") {
    if (args.length > 0) found.push(node);
  } else if (fixed === "parts")
    for (let i = 0; i < args.length; i++) {
      const arg = args[i];
      if (arg.trait !== "cheap" && arg.fixed !== "nothing") collect(arg, found);
    }
}
