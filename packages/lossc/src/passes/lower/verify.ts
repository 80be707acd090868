// Checks that a kernel is well formed: everything is defined before it is used and only where it is seen, every
// place names an open loop, results are defined once, and nothing of the size of the inputs is kept.

import { LossError } from "../../errors.ts";
import type { Buffer, Kernel, Loop, Place, Statement, Value } from "./ir.ts";

interface Scope {
  readonly open: readonly string[];
  readonly tiled: readonly string[];
  /** At the top, or in a loop that takes one tile after the other. */
  readonly isTop: boolean;
}

/** Whether some input has these axes and others. */
function isSmaller(axes: readonly string[], { buffers, axes: second }: Kernel): boolean {
  const real = (axis: string): string => (second[axis]?.length === 1 ? second[axis][0] : axis);
  return buffers.some(
    ({ role, axes: others }) =>
      role === "input" && others.length > axes.length && axes.every((axis) => others.includes(real(axis))),
  );
}

export function verifyKernel(kernel: Kernel): void {
  const defined = new Set<number>();
  /** The values that are known at the place that is looked at, and the same in the order of their definition. */
  const values = new Set<number>();
  const inOrder: number[] = [];
  const known = new Set(kernel.buffers);
  const fail = (what: string): never => {
    throw new LossError("definition", `the loop program is wrong: ${what}.`, { target: "lowering" });
  };
  const place = (buffer: Buffer, at: readonly Place[], open: readonly string[]) => {
    if (!known.has(buffer)) fail(`buffer ${buffer.name} is not listed`);
    if (at.length !== buffer.axes.length)
      fail(`${buffer.name} has ${buffer.axes.length} axes, not ${at.length}`);
    for (let i = 0; i < at.length; i++) {
      const spot = at[i];
      if (typeof spot === "object") use(spot);
      else if (typeof spot === "string" && !open.includes(spot))
        fail(`${buffer.name} is used at ${spot} outside of its loop`);
    }
  };
  const use = ({ id }: Value) => {
    if (!values.has(id)) fail(`value ${id} is used where it is not known`);
  };
  const define = ({ id }: Value) => {
    if (defined.has(id)) fail(`value ${id} is defined twice`);
    defined.add(id);
    values.add(id);
    inOrder.push(id);
  };
  const loop = (statement: Loop, scope: Scope): void => {
    const { axis, role, block, body, reductions } = statement;
    const isInTurn = role === "tiles";
    if (isInTurn && (!block || reductions.some(({ fold }) => fold !== "sum")))
      fail(`the loop over tiles of ${axis} has no tiles, or folds other than sums`);
    if (!scope.isTop && (isInTurn || role === "samples" || role === "serial"))
      fail(`a loop over ${axis} that is for the top stands inside of another`);
    if (role === "within" && !scope.tiled.includes(axis)) fail(`no tile of ${axis} is open`);
    if (role !== "within" && scope.open.includes(axis)) fail(`a loop over ${axis} in another`);
    const open = block ? scope.open : [...scope.open, axis];
    const tiled = block ? [...scope.tiled, axis] : scope.tiled;
    const outside = inOrder.length;
    list(body, { open, tiled, isTop: isInTurn });
    for (const { value } of reductions)
      if (!values.has(value.id)) fail(`value ${value.id} is folded where it is not known`);
    // What the body defines is not seen after it.
    while (inOrder.length > outside) values.delete(inOrder.pop()!);
    for (const { result } of reductions) define(result);
  };
  const list = (statements: readonly Statement[], scope: Scope): void => {
    for (let i = 0; i < statements.length; i++) {
      const statement = statements[i];
      if (statement.kind === "loop") {
        loop(statement, scope);
        continue;
      }
      if (statement.kind === "contract") {
        const open = [...scope.open, statement.rows, statement.columns, statement.over];
        for (const { buffer, at } of [statement.left, statement.right, statement.to]) place(buffer, at, open);
      }
      if (statement.kind === "row") {
        for (const buffer of [statement.row, statement.to, ...(statement.spare ? [statement.spare] : [])])
          if (!known.has(buffer)) fail(`buffer ${buffer.name} is not listed`);
      }
      if ("args" in statement) statement.args.forEach(use);
      if (statement.kind === "store" || statement.kind === "accumulate") use(statement.value);
      if ("at" in statement) {
        const { buffer, at } = statement;
        place(buffer, at, scope.open);
        for (let k = 0; buffer.tiled && k < at.length; k++) {
          const spot = at[k];
          if (
            typeof spot === "string" &&
            buffer.tiled.includes(buffer.axes[k]) &&
            !scope.tiled.includes(spot)
          )
            fail(`${buffer.name} holds a tile of ${spot}, of which none is open`);
        }
      }
      if (statement.kind === "index" && !scope.open.includes(statement.axis))
        fail(`no loop over ${statement.axis} is open`);
      if (statement.kind === "store" && statement.buffer.role === "input")
        fail(`input ${statement.buffer.name} is written`);
      if ("result" in statement) define(statement.result);
    }
  };
  for (const { name, role, axes, tiled = [] } of kernel.buffers) {
    if (role !== "scratch" && role !== "temporary") continue;
    const isRow = axes.filter((axis) => !tiled.includes(axis)).length <= 1;
    if (role === "scratch") {
      if (!isRow) fail(`${name} holds more than a row`);
      continue;
    }
    const isSmall = tiled.length > 0 ? isRow : axes.length <= 1 || isSmaller(axes, kernel);
    const grows = (statement: Statement) => statement.kind === "clear" && statement.buffer.name === name;
    if (!isSmall && !kernel.body.some(grows)) fail(`${name} is as large as the inputs`);
  }
  list(kernel.body, { open: [], tiled: [], isTop: true });
}
