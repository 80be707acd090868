// The reference engine: evaluates expressions node by node in float64. Slow, plain, the oracle for all others.

import { LossError } from "../../errors.ts";
import { type Expr, topological } from "../../language/expr.ts";
import { opRow } from "../../language/ops.ts";
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
  const nodes = topological(outputs.map(([, output]) => output.expr));
  // A value is dropped after its last use, so that a long graph does not hold every intermediate tensor.
  const usesLeft = new Map<Expr, number>();
  for (const node of nodes) for (const arg of node.args) usesLeft.set(arg, (usesLeft.get(arg) ?? 0) + 1);
  for (const [, { expr }] of outputs) usesLeft.set(expr, Number.POSITIVE_INFINITY);
  const values = new Map<Expr, Dense>();
  for (const node of nodes) {
    const args = node.args.map((arg) => values.get(arg)!);
    values.set(node, evaluate(node, args, bindings));
    for (const arg of node.args) {
      const left = usesLeft.get(arg)! - 1;
      usesLeft.set(arg, left);
      if (left === 0) values.delete(arg);
    }
  }
  return Object.fromEntries(
    outputs.map(([name, { expr, axes }]) => [name, spread(values.get(expr)!, axes, bindings, into[name])]),
  );
}

function evaluate(node: Expr, args: readonly Dense[], bindings: Bindings): Dense {
  const row = opRow(node.op);
  try {
    if (row.kind === "elementwise") return elementwise(node, row, args, bindings.sizes);
    return evaluators[node.op]!(node, args, bindings);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const shape = node.axes.map((axis) => `${axis} = ${bindings.sizes.get(axis)}`).join(", ");
    throw new LossError("unsupported", `an intermediate tensor (${shape}) does not fit into memory.`, {
      op: node.op,
      target: "reference",
      note: "Evaluate smaller batches.",
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
