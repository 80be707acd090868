// Checks that a kernel is well formed: everything is defined before it is used and only where it is seen, every
// place names an open loop, results are defined once, and nothing of the size of the inputs is kept.

import { LossError } from "../../errors.ts";
import type { Buffer, Kernel, Operand, Place, Statement, Value } from "./ir.ts";

interface Scope {
  readonly values: ReadonlySet<number>;
  readonly open: ReadonlySet<string>;
  readonly tiled: ReadonlySet<string>;
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
  const known = new Set(kernel.buffers);
  const fail = (what: string): never => {
    throw new LossError("definition", `the loop program is wrong: ${what}.`, { target: "lowering" });
  };
  const place = (buffer: Buffer, at: readonly Place[], scope: Scope) => {
    if (!known.has(buffer)) fail(`buffer ${buffer.name} is not listed`);
    if (at.length !== buffer.axes.length)
      fail(`${buffer.name} has ${buffer.axes.length} axes, not ${at.length}`);
    for (const spot of at) {
      if (typeof spot === "string" && !scope.open.has(spot))
        fail(`${buffer.name} is used at ${spot} outside of its loop`);
      if (typeof spot === "object") use(spot, scope);
    }
  };
  const use = ({ id }: Value, { values }: Scope) =>
    void (values.has(id) || fail(`value ${id} is used where it is not known`));
  const list = (statements: readonly Statement[], outer: Scope): ReadonlySet<number> => {
    const values = new Set(outer.values);
    const scope: Scope = { ...outer, values };
    const define = ({ id }: Value) => {
      if (defined.has(id)) fail(`value ${id} is defined twice`);
      defined.add(id);
      values.add(id);
    };
    for (const statement of statements) {
      if (statement.kind === "loop") {
        const isInTurn = statement.role === "tiles";
        if (isInTurn && (!statement.block || statement.reductions.some(({ fold }) => fold !== "sum")))
          fail(`the loop over tiles of ${statement.axis} has no tiles, or folds other than sums`);
        if (!scope.isTop && (isInTurn || statement.role === "samples" || statement.role === "serial"))
          fail(`a loop over ${statement.axis} that is for the top stands inside of another`);
        const open = statement.block ? scope.open : new Set([...scope.open, statement.axis]);
        if (statement.role === "within" && !scope.tiled.has(statement.axis))
          fail(`no tile of ${statement.axis} is open`);
        if (statement.role !== "within" && scope.open.has(statement.axis))
          fail(`a loop over ${statement.axis} in another`);
        const tiled = statement.block ? new Set([...scope.tiled, statement.axis]) : scope.tiled;
        const inside = list(statement.body, { values, open, tiled, isTop: isInTurn });
        for (const { value, result } of statement.reductions) {
          if (!inside.has(value.id)) fail(`value ${value.id} is folded where it is not known`);
          define(result);
        }
        continue;
      }
      if (statement.kind === "contract") {
        const open = new Set([...scope.open, statement.rows, statement.columns, statement.over]);
        const operand = ({ buffer, at }: Operand) => place(buffer, at, { ...scope, open });
        [statement.left, statement.right, statement.to].forEach(operand);
      }
      if (statement.kind === "row") {
        for (const buffer of [statement.row, statement.to, ...(statement.spare ? [statement.spare] : [])])
          if (!known.has(buffer)) fail(`buffer ${buffer.name} is not listed`);
      }
      if ("args" in statement) for (const arg of statement.args) use(arg, scope);
      if (statement.kind === "store" || statement.kind === "accumulate") use(statement.value, scope);
      if ("at" in statement) {
        const { buffer, at } = statement;
        place(buffer, at, scope);
        const outside = at.find(
          (spot, i) =>
            typeof spot === "string" && buffer.tiled?.includes(buffer.axes[i]) && !scope.tiled.has(spot),
        );
        if (outside) fail(`${buffer.name} holds a tile of ${outside}, of which none is open`);
      }
      if (statement.kind === "index" && !scope.open.has(statement.axis))
        fail(`no loop over ${statement.axis} is open`);
      if (statement.kind === "store" && statement.buffer.role === "input")
        fail(`input ${statement.buffer.name} is written`);
      if ("result" in statement) define(statement.result);
    }
    return values;
  };
  for (const { name, role, axes, tiled = [] } of kernel.buffers) {
    const isRow = axes.filter((axis) => !tiled.includes(axis)).length <= 1;
    if (role === "scratch" && !isRow) fail(`${name} holds more than a row`);
    const grows = kernel.body.some(
      (statement) => statement.kind === "clear" && statement.buffer.name === name,
    );
    const isSmall = tiled.length > 0 ? isRow : axes.length <= 1 || isSmaller(axes, kernel);
    if (role === "temporary" && !isSmall && !grows) fail(`${name} is as large as the inputs`);
  }
  list(kernel.body, { values: new Set(), open: new Set(), tiled: new Set(), isTop: true });
}
