// Expressions: immutable, interned nodes of the language, and the methods that build them.

import { LossError } from "../errors.ts";
import { type Phrase, phrase } from "../phrase.ts";
import { unionAxes, withoutAxis } from "./axes.ts";
import { keyOf, leaves, made, placeOf } from "./interned.ts";
import {
  type AxisOp,
  type BinaryOp,
  type Op,
  type OpRow,
  opNames,
  opRow,
  rowOf,
  type UnaryOp,
  type ValueType,
} from "./ops.ts";
import { print } from "./print.ts";

export interface Attributes {
  readonly name?: string;
  readonly value?: number;
  readonly axis?: string;
  readonly to?: string;
  readonly index?: number;
}

/** What may stand where an expression is expected. */
export type Operand = Expr | number;

type UnaryMethods = { [K in UnaryOp]: () => Expr };
type BinaryMethods = { [K in Exclude<BinaryOp, "min" | "max">]: (other: Operand) => Expr };
type AxisMethods = { [K in AxisOp]: (axis: string) => Expr };

/** The methods with the name of an op: `x.exp()`, `x.add(1)`, `x.logSumExp("c")`. */
export interface Expr extends UnaryMethods, BinaryMethods, AxisMethods {}

// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the methods are put on the prototype from the ops table below
export class Expr {
  // Only declared: the constructor sets them all.
  declare readonly op: Op;
  /** The op's: how it treats axes. */
  declare readonly kind: OpRow["kind"];
  declare readonly args: readonly Expr[];
  declare readonly axes: readonly string[];
  declare readonly type: ValueType;
  declare readonly attrs: Attributes;
  /** Grows in the order of creation, so every argument's id is smaller. */
  declare readonly id: number;

  /** Only `make` and `leaf` call this: nodes are interned. What it is given is its own from here on. */
  constructor(
    op: Op,
    args: readonly Expr[],
    attrs: Attributes,
    axes: readonly string[],
    type: ValueType,
    id: number,
  ) {
    this.op = op;
    this.kind = rowOf.get(op)!.kind;
    this.args = Object.freeze(args);
    this.attrs = Object.freeze(attrs);
    this.axes = Object.freeze(axes);
    this.type = type;
    this.id = id;
    Object.freeze(this);
  }

  /** The smaller of two, elementwise; or the smallest along an axis. */
  min(other: Operand | string): Expr {
    return typeof other === "string" ? this.reduceMin(other) : make("min", [this, toExpr(other)]);
  }
  /** The larger of two, elementwise; or the largest along an axis. */
  max(other: Operand | string): Expr {
    return typeof other === "string" ? this.reduceMax(other) : make("max", [this, toExpr(other)]);
  }
  clamp(low: Operand, high: Operand): Expr {
    return this.max(low).min(high);
  }
  /** `this` where true, `otherwise` where false. */
  where(then: Operand, otherwise: Operand): Expr {
    return where(this, then, otherwise);
  }
  /** this · log(other), and 0 where this is 0. */
  xlogy(other: Operand): Expr {
    return this.weigh(toExpr(other).log());
  }
  mean(axis: string): Expr {
    return this.sum(axis).div(size(axis));
  }
  /** How many are true along an axis. */
  count(axis: string): Expr {
    return this.sum(axis);
  }
  any(axis: string): Expr {
    return this.sum(axis).gt(0);
  }
  quantile(q: Operand, axis: string): Expr {
    return make("quantile", [this, toExpr(q)], { axis });
  }
  median(axis: string): Expr {
    return this.quantile(0.5, axis);
  }
  /** Unit length along `axis`; a zero vector stays zero, with gradient 0. */
  unit(axis: string): Expr {
    const length = this.norm(axis);
    const formula = this.div(where(length.gt(0), length, Number.POSITIVE_INFINITY));
    return formula.computedAs(make("unit", [this], { axis }));
  }
  contract(other: Expr, axis: string): Expr {
    return make("contract", [this, other], { axis });
  }
  /** The element along `axis` that an integer expression names. */
  take(index: Expr, axis: string): Expr {
    return make("take", [this, index], { axis });
  }
  /** Along the axis `to`: the elements of `axis` as `x.order(axis)` of some `x` puts them. */
  inOrder(order: Expr, axis: string, to: string): Expr {
    return this.take(order.rename(axis, to), axis);
  }
  /** Sums along `axis` into the bins of a new axis `to`; `index` names each element's bin. */
  segmentSum(index: Expr, axis: string, to: string): Expr {
    return make("segmentSum", [this, index], { axis, to });
  }
  /** The element `index` of a small axis. */
  at(axis: string, index: number): Expr {
    return this.axes.includes(axis) ? make("at", [this], { axis, index }) : this;
  }
  /** All elements along an axis whose size is its name: `const [x1, y1, x2, y2] = boxes.unstack("4")`. */
  unstack(axis: string): Expr[] {
    return Array.from({ length: Number(axis) }, (_, index) => this.at(axis, index));
  }
  rename(axis: string, to: string): Expr {
    return make("rename", [this], { axis, to });
  }
  stopGradient(): Expr {
    return make("stopGradient", [this]);
  }
  /** This, computed by an equal expression that keeps its digits: formulas show this, engines evaluate `stable`. */
  computedAs(stable: Expr): Expr {
    return make("computedAs", [this, stable]);
  }
  toString(): string {
    return print(this);
  }
}

for (const op of opNames) {
  const { kind, arity } = opRow(op);
  const own = Object.hasOwn(Expr.prototype, op);
  if (own || (kind !== "elementwise" && kind !== "reduce" && kind !== "row")) continue;
  const method =
    kind !== "elementwise"
      ? function (this: Expr, axis: string) {
          return make(op, [this], { axis });
        }
      : arity === 1
        ? function (this: Expr) {
            return make(op, [this]);
          }
        : function (this: Expr, other: Operand) {
            return make(op, [this, toExpr(other)]);
          };
  Object.defineProperty(Expr.prototype, op, { value: method });
}

const numbers = new Map<number, Expr>();
export function constant(value: number): Expr {
  if (Object.is(value, -0)) return make("constant", [], { value }); // a map takes it for 0
  let node = numbers.get(value);
  if (!node) {
    node = make("constant", [], { value });
    numbers.set(value, node);
  }
  return node;
}
export const toExpr = (operand: Operand): Expr => (typeof operand === "number" ? constant(operand) : operand);
/** How long an axis is, as a number the expression can use. */
export const size = (axis: string): Expr => make("size", [], { axis });
/** 0, 1, 2 … along an axis. */
export const iota = (axis: string): Expr => make("iota", [], { axis });
/** 1 at the place along `axis` that an integer expression names, else 0. */
export const oneHot = (index: Operand, axis: string): Expr => iota(axis).eq(index);
export const where = (condition: Expr, then: Operand, otherwise: Operand): Expr =>
  make("where", [condition, toExpr(then), toExpr(otherwise)]);
export const input = (name: string, axes: readonly string[], type: ValueType = "float"): Expr =>
  leaf("input", { name }, axes, type);
export const param = (name: string, axes: readonly string[] = []): Expr =>
  leaf("param", { name }, axes, "float");

/** All axes of several, in order of first appearance. */
function axesOfAll(args: readonly Expr[]): readonly string[] {
  let all = args[0].axes;
  for (let i = 1; i < args.length; i++) {
    const { axes } = args[i];
    if (axes !== all && axes.length > 0) all = unionAxes(all, axes);
  }
  return all;
}

type AxesRule = (args: readonly Expr[], attrs: Attributes) => readonly string[];
/** What axes a node has, from its arguments': one row for each way an op can treat them. */
const axesRules: Record<string, AxesRule> = {
  elementwise: axesOfAll,
  reduce: (args, { axis }) => withoutAxis(axesOfAll(args), axis!),
  row: ([arg], { axis }) => (arg.axes.includes(axis!) ? arg.axes : [...arg.axes, axis!]),
  constant: () => [],
  size: () => [],
  iota: (_, { axis }) => [axis!],
  take: ([values, index], { axis }) => unionAxes(withoutAxis(values.axes, axis!), index.axes),
  segmentSum: ([values, index], { axis, to }) =>
    unionAxes(withoutAxis(unionAxes(values.axes, index.axes), axis!), [to!]),
  at: ([arg], { axis }) => withoutAxis(arg.axes, axis!),
  rename: ([arg], { axis, to }) => arg.axes.map((name) => (name === axis ? to! : name)),
  stopGradient: ([arg]) => arg.axes,
  computedAs: ([, stable]) => stable.axes,
};

const axesRuleOf = new Map<Op, AxesRule>(
  opNames.map((op) => [op, axesRules[op] ?? axesRules[opRow(op).kind]]),
);

/** The axes `op` gives for these arguments; the one place that knows, for building and for `verify`. */
export const axesOf = (op: Op, args: readonly Expr[], attrs: Attributes): readonly string[] =>
  axesRuleOf.get(op)!(args, attrs);

/** The type `op` gives: the row's, but operations that only move elements keep their argument's. */
export const typeOf = (op: Op, { kind, type }: OpRow, args: readonly Expr[]): ValueType =>
  kind === "shape" && op !== "segmentSum" ? args[0].type : type;

/** Builds a node, or gives the one that is there: two with the same op, arguments and attributes are the same object, so
 * common subexpressions are shared by building them. Throws where the arguments do not fit the op. The lists it is given
 * become the node's. */
export function make(op: Op, args: readonly Expr[], attrs: Attributes = none): Expr {
  if (args.length === 0 && opRow(op).arity === 0)
    return leaf(op, attrs, axesOf(op, args, attrs), opRow(op).type);
  const place = placeOf(op, args, attrs);
  if (typeof place !== "number") return place;
  const row = rowOf.get(op)!;
  if (args.length !== row.arity || "takes" in row || op === "rename") checkArguments(op, row, args, attrs);
  const type = row.kind === "shape" ? typeOf(op, row, args) : row.type;
  const node = new Expr(op, args, attrs, axesRuleOf.get(op)!(args, attrs), type, nodes++);
  made.set(place, node);
  return node;
}
/** How many there are. */
let nodes = 0;

/** A node without arguments; inputs and parameters say their axes and type themselves. */
function leaf(op: Op, attrs: Attributes, axes: readonly string[], type: ValueType): Expr {
  const key = keyOf(op, attrs, axes, type);
  let node = leaves.get(key);
  if (!node) {
    node = new Expr(op, noArgs, attrs, Object.isFrozen(axes) ? axes : [...axes], type, nodes++);
    leaves.set(key, node);
  }
  return node;
}

const noArgs: readonly Expr[] = [];
const none: Attributes = Object.freeze({});

const typeWords: Readonly<Record<ValueType, Phrase>> = {
  float: phrase`float`,
  int: phrase`int`,
  bool: phrase`bool`,
};

function checkArguments(op: Op, row: OpRow, args: readonly Expr[], attrs: Attributes): void {
  if (args.length !== row.arity) {
    throw new LossError("definition", phrase`${op} takes ${row.arity} arguments, not ${args.length}.`, {
      op,
    });
  }
  const takes = row.kind === "elementwise" ? row.takes : undefined;
  for (let i = 0; takes && i < takes.length; i++) {
    const wanted = takes[i];
    const arg = args[i];
    if (wanted !== "any" && arg.type !== wanted) {
      const [right, given] = [typeWords[wanted], typeWords[arg.type]];
      const message = phrase`${op} takes a ${right} as argument ${i + 1}, not a ${given}.`;
      const note = wanted === "bool" ? phrase`Compare first: x.gt(0).` : phrase``;
      throw new LossError("definition", message, { op, note });
    }
  }
  if (op === "rename" && args[0].axes.includes(attrs.to!) && attrs.axis !== attrs.to) {
    throw new LossError("definition", phrase`rename: the expression has an axis "${attrs.to!}" already.`, {
      op,
    });
  }
}

// What walks share, as none runs inside of another. A stack of their own: a sum of thousands of terms is thousands deep.
const open: Expr[] = [];
const next: number[] = [];
const found: Expr[] = [];
/** For each node, by its id, the last walk that came by. */
const seen: number[] = [];
let walks = 0;

/** Every node the roots are made of, arguments before their users, in the order they are written: not by id, for that
 * depends on what else was built before, and with it the order of sums and their last bits. What is in `known` is left out,
 * with all that only it is made of. */
export function topological(
  roots: Iterable<Expr>,
  known?: { readonly has: (expr: Expr) => boolean },
): Expr[] {
  const walk = ++walks;
  while (seen.length < nodes) seen.push(0);
  let count = 0;
  for (const root of roots) {
    if (seen[root.id] === walk) continue;
    seen[root.id] = walk;
    if (known?.has(root)) continue;
    open.push(root);
    next.push(0);
    while (open.length > 0) {
      const top = open.length - 1;
      const { args } = open[top];
      const i = next[top]++;
      if (i === args.length) {
        found[count++] = open.pop()!;
        next.pop();
        continue;
      }
      const arg = args[i];
      if (seen[arg.id] === walk) continue;
      seen[arg.id] = walk;
      if (known?.has(arg)) continue;
      if (arg.args.length === 0) found[count++] = arg;
      else {
        open.push(arg);
        next.push(0);
      }
    }
  }
  return found.slice(0, count);
}

let latest: readonly Expr[] = [];
let latestNodes: readonly Expr[] = [];
/** The same, for passes: many find nothing to do, and the next one is asked about the same roots. */
export function nodesOf(roots: readonly Expr[]): readonly Expr[] {
  let same = roots.length === latest.length;
  for (let i = 0; same && i < roots.length; i++) same = roots[i] === latest[i];
  if (!same) {
    latestNodes = topological(roots);
    latest = [...roots];
  }
  return latestNodes;
}

/** A node made of what its arguments became. */
export function renewed(expr: Expr, changed: ReadonlyMap<Expr, Expr>): Expr {
  const { args } = expr;
  let renewed: Expr[] | undefined;
  for (let i = 0; i < args.length; i++) {
    const arg = changed.get(args[i]);
    if (arg === undefined || arg === args[i]) continue;
    renewed ??= [...args];
    renewed[i] = arg;
  }
  return renewed ? make(expr.op, renewed, expr.attrs) : expr;
}

/** Rebuilds a graph bottom-up: `change` sees each node with its new arguments and may give another. `done`: what is
 * rebuilt already, and is added to. */
export function rebuild(
  roots: readonly Expr[],
  change: (expr: Expr) => Expr,
  done = new Map<Expr, Expr>(),
): Expr[] {
  for (const expr of topological(roots, done)) done.set(expr, change(renewed(expr, done)));
  return roots.map((root) => done.get(root)!);
}
