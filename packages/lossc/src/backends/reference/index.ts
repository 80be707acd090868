// The reference engine: evaluates expressions node by node in float64. Slow, plain, the oracle for all others.

import { LossError } from "../../errors.ts";
import { type Expr, topological } from "../../language/expr.ts";
import { opRow } from "../../language/ops.ts";
import { phrase } from "../../phrase.ts";
import type { Bindings, Engine, Program } from "../backend.ts";
import { type Dense, layout, strideOver } from "./dense.ts";
import { elementwise, evaluators } from "./ops.ts";

export const reference: Engine = { name: "reference", run };

function run(
  program: Program,
  bindings: Bindings,
  into: Readonly<Record<string, { [index: number]: number; readonly length: number } | undefined>> = {},
): Record<string, ArrayLike<number>> {
  const outputs = Object.entries(program.outputs);
  const values = new Map<Expr, Dense>();
  for (const { node, spent } of stepsOf(program)) {
    const args = node.args.map((arg) => values.get(arg)!);
    values.set(node, evaluate(node, args, bindings));
    for (const arg of spent) values.delete(arg);
  }
  return Object.fromEntries(
    outputs.map(([name, { expr, axes }]) => [name, spread(values.get(expr)!, axes, bindings, into[name])]),
  );
}

/** A node, and the values that no later one needs: so a long graph does not hold every intermediate tensor. */
interface Step {
  readonly node: Expr;
  readonly spent: readonly Expr[];
}

/** A program is run often, and of a small batch sorting its graph would take longer than evaluating it. */
const known = new WeakMap<Program, readonly Step[]>();

function stepsOf(program: Program): readonly Step[] {
  let steps = known.get(program);
  if (!steps) {
    const results = Object.values(program.outputs).map(({ expr }) => expr);
    const nodes = topological(results);
    const last = new Map(nodes.flatMap((node) => node.args.map((arg) => [arg, node] as const)));
    steps = nodes.map((node) => ({
      node,
      spent: [...new Set(node.args)].filter((arg) => last.get(arg) === node && !results.includes(arg)),
    }));
    known.set(program, steps);
  }
  return steps;
}

function evaluate(node: Expr, args: readonly Dense[], bindings: Bindings): Dense {
  const row = opRow(node.op);
  try {
    if (row.kind === "elementwise") return elementwise(node, row, args, bindings.sizes);
    return evaluators[node.op]!(node, args, bindings);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const shape = node.axes.map((axis) => `${axis} = ${bindings.sizes.get(axis)}`).join(", ");
    throw new LossError("unsupported", phrase`an intermediate tensor (${shape}) does not fit into memory.`, {
      op: node.op,
      target: "reference",
      note: phrase`Evaluate smaller batches.`,
    });
  }
}

/** Lays a value out over the axes asked for, into the array given or a new one. */
function spread(
  value: Dense,
  axes: readonly string[],
  { sizes }: Bindings,
  into?: { [index: number]: number; readonly length: number },
): ArrayLike<number> {
  const shape = axes.map((axis) => sizes.get(axis)!);
  const { length, positions } = layout(shape);
  const result = into ?? new Float64Array(length);
  const strides = strideOver(value, axes);
  positions([strides], (i, [from]) => {
    result[i] = value.data[from];
  });
  return result;
}
