// What a function is written as, nodes and statements, and what is asked of them before they become bytes.

import type { ValueType } from "./instructions.ts";

export interface Node {
  readonly type: ValueType;
  readonly args: readonly Node[];
  /** The bytes after the arguments: an instruction with its immediates. Equal ones are mostly the same list. */
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
  /** The function being encoded, and how often it uses the node; of cheap ones neither is noted. */
  by: object | undefined;
  uses: number;
  /** The loop that is looked through, whether the node is the same in each of its iterations or holds such a one, and whether
   * it was asked. */
  loop: object | undefined;
  isFixed: boolean;
  holdsFixed: boolean;
  isCollected: boolean;
}

/** All nodes have one form: kernels are made of thousands, and are read fastest so. */
export const node = (
  type: ValueType,
  args: readonly Node[],
  bytes: readonly number[],
  trait: Trait | undefined,
  local: number | undefined,
): Node => ({
  type,
  args,
  bytes,
  trait,
  local,
  user: undefined,
  sibling: undefined,
  place: 0,
  by: undefined,
  uses: 0,
  loop: undefined,
  isFixed: false,
  holdsFixed: false,
  isCollected: false,
});

/** `cheap`: as cheap as reading a local, never kept in one. `read`: reads memory, or may trap, and stays where it is. */
export type Trait = "cheap" | "read";

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

/** Notes how often each node is an argument in `by`. */
export function countUses(statements: readonly Statement[], by: object, last?: Node): void {
  for (let i = 0; i < statements.length; i++) {
    const statement = statements[i];
    if (statement.kind === "set") use(statement.value, by);
    else if (statement.kind === "do") {
      for (let k = 0; k < statement.args.length; k++) use(statement.args[k], by);
    } else if (statement.kind === "loop") {
      countUses(statement.body, by, statement.again);
    } else {
      use(statement.condition, by);
      countUses(statement.yes, by);
      countUses(statement.otherwise, by);
    }
  }
  if (last) use(last, by);
}

function use(node: Node, by: object): void {
  if (node.by === by) node.uses++;
  else if (node.trait !== "cheap") {
    node.by = by;
    node.uses = 1;
    const { args } = node;
    for (let i = 0; i < args.length; i++) {
      const arg = args[i];
      if (arg.by === by) arg.uses++;
      else if (arg.trait !== "cheap") use(arg, by);
    }
  }
}

type LoopStatement = Statement & { kind: "loop" };

/** The largest parts of a loop that are the same in each iteration. Reading a number is not worth a local, and memory
 * may change. */
export function invariants(loop: LoopStatement): readonly Node[] {
  const roots: Node[] = [];
  readIn(loop.body, loop, roots);
  roots.push(loop.again);
  const found: Node[] = [];
  for (let i = 0; i < roots.length; i++) {
    const root = roots[i];
    if (root.trait === "cheap") continue;
    if (root.loop !== loop) lookThrough(root, loop);
    if (!root.isCollected) collect(root, found);
  }
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

/** Notes whether a node is the same in each iteration: not if it reads memory or is made of what changes. */
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
      isFixed &&= arg.isFixed;
      holdsFixed ||= arg.isFixed || arg.holdsFixed;
    }
  }
  node.loop = loop;
  node.isFixed = isFixed;
  node.holdsFixed = holdsFixed;
  node.isCollected = false;
}

function collect(node: Node, found: Node[]): void {
  node.isCollected = true;
  const { args } = node;
  if (node.isFixed) {
    if (args.length > 0) found.push(node);
  } else if (node.holdsFixed)
    for (let i = 0; i < args.length; i++) {
      const arg = args[i];
      if (arg.trait !== "cheap" && !arg.isCollected && (arg.isFixed || arg.holdsFixed)) collect(arg, found);
    }
}
