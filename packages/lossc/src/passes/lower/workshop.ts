// What all scopes of one kernel share: its values' numbers, its buffers, the order of its loops.

import { type Expr, nodesOf } from "../../language/expr.ts";
import { areAmong } from "./analysis.ts";
import type { Buffer, BufferRole, Value } from "./ir.ts";
import { accessOf } from "./moves.ts";
import type { LoopOrder } from "./order.ts";
import type { Patched } from "./patch.ts";
import type { Lowerable } from "./prepare.ts";

/** A buffer that holds something computed before, with the expression's names for its axes. */
export interface InBuffer {
  readonly buffer: Buffer;
  readonly axes: readonly string[];
}

export interface Workshop {
  readonly buffers: readonly Buffer[];
  readonly outputs: ReadonlyMap<string, Buffer>;
  readonly value: (like: Expr) => Value;
  /** A new buffer, of one tile along those of its axes that `tiles` names. */
  readonly buffer: (
    role: BufferRole,
    like: Expr,
    axes: readonly string[],
    tiles: readonly (string | undefined)[],
  ) => Buffer;
  /** The buffer of an input, or of a parameter with axes. */
  readonly leaf: (expr: Expr) => Buffer;
  /** An output's buffer where the sums of `spread` may grow in place. */
  readonly inPlace: (spread: Expr) => InBuffer | undefined;
  readonly sorted: LoopOrder["sorted"];
  /** Whether the top may keep a buffer over these axes. */
  readonly smallerThanInputs: (axes: readonly string[]) => boolean;
}

/** Whether `part` is in `whole`; what is made before a part is not made of it. */
function isMadeOf(whole: Expr, part: Expr): boolean {
  const seen = new Set<Expr>();
  const visit = (expr: Expr): boolean =>
    expr === part ||
    (expr.id > part.id && !seen.has(expr) && seen.add(expr) !== undefined && expr.args.some(visit));
  return visit(whole);
}

export function workshop(
  outputs: Lowerable["outputs"],
  stored: readonly Patched[],
  roots: readonly Expr[],
  { sorted, real }: LoopOrder,
): Workshop {
  const buffers: Buffer[] = [];
  const add = (buffer: Buffer): Buffer => {
    buffers.push(buffer);
    return buffer;
  };
  const outputBuffers = new Map<string, Buffer>();
  for (const [name, { axes }] of Object.entries(outputs)) {
    // Stored in one piece, it has the axes of the loops; else in one piece for each place of its fixed axes.
    const whole = stored.find(
      ({ output, at }) => output === name && at.every((spot) => typeof spot === "string"),
    );
    outputBuffers.set(
      name,
      add({ name, role: "output", type: "float", axes: (whole?.at as string[] | undefined) ?? axes }),
    );
  }
  const leaves = new Map<string, Buffer>();
  const leaf: Workshop["leaf"] = ({ op, attrs, axes, type }) => {
    const name = attrs.name!;
    const buffer = leaves.get(name) ?? add({ name, role: op === "param" ? "param" : "input", type, axes });
    leaves.set(name, buffer);
    return buffer;
  };
  let values = 0;

  const nodes = nodesOf(roots);
  /** The lists of axes that inputs have. */
  const inputs: (readonly string[])[] = [];
  for (let i = 0; i < nodes.length; i++) {
    const { op, axes } = nodes[i];
    if (op === "input" && !inputs.includes(axes)) inputs.push(axes);
  }
  const smallerThanInputs: Workshop["smallerThanInputs"] = (axes) => {
    const own = axes.map(real);
    return inputs.some((others) => others.length > own.length && areAmong(own, others));
  };
  const taken = new Set<Buffer>();
  const inPlace = (spread: Expr): InBuffer | undefined => {
    const own = spread.axes.map(real).sort().join();
    for (const { output, value } of stored) {
      const buffer = outputBuffers.get(output)!;
      if (taken.has(buffer) || own !== [...buffer.axes].sort().join() || !readsInPlace(value, spread))
        continue;
      taken.add(buffer);
      return { buffer, axes: buffer.axes.map((axis) => spread.axes.find((name) => real(name) === axis)!) };
    }
    return undefined;
  };
  /** Whether `spread` reaches no output but this one, and each element only the element at its place. */
  const readsInPlace = (value: Expr, spread: Expr): boolean => {
    const users = roots.filter((root) => isMadeOf(root, spread));
    const accesses = nodes.filter((node) => node !== spread && accessOf(node).base === spread);
    return (
      users.length === 1 &&
      users[0] === value &&
      accesses.every((node) => [...accessOf(node).spots].every(([axis, spot]) => spot === real(axis)))
    );
  };
  return {
    buffers,
    outputs: outputBuffers,
    value: ({ type }) => ({ id: values++, type }),
    buffer: (role, { type }, axes, tiles) => {
      const name = `${role}${buffers.length}`;
      const tiled = axes.filter((axis) => tiles.includes(axis));
      return add(tiled.length > 0 ? { name, role, type, axes, tiled } : { name, role, type, axes });
    },
    leaf,
    inPlace,
    sorted,
    smallerThanInputs,
  };
}
