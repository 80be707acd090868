// Lowering: a program's expressions become the loop program that every kernel printer prints.

import type { Program } from "../../backends/backend.ts";
import { type Expr, topological } from "../../language/expr.ts";
import type { Buffer, BufferRole, Kernel, Value } from "./ir.ts";
import { accessOf } from "./moves.ts";
import { scopeOf, type Workshop } from "./nest.ts";
import { loopOrder } from "./order.ts";
import type { Store } from "./plan.ts";
import type { Patched } from "./patch.ts";
import { prepare } from "./prepare.ts";

export function lower(program: Program): Kernel {
  const { stored, joined } = prepare(program);
  const { buffers, shop, outputs } = workshop(program, stored);
  const stores = stored.map(({ output, value, at }): Store => ({ value, buffer: outputs.get(output)!, at, accumulate: false }));
  const { statements } = scopeOf({ values: [], stores }, { open: [] }, { values: new Map(), buffers: new Map() }, shop);
  const aliases = Object.fromEntries([...program.aliases].map(([alias, axis]) => [alias, [axis]]));
  return { buffers, body: statements, axes: { ...aliases, ...joined } };
}

function workshop(program: Program, stored: readonly Patched[]) {
  const roots = stored.flatMap(({ value, at }) => [value, ...at.filter((spot) => typeof spot === "object")]);
  const nodes = topological(roots);
  const order = loopOrder(roots, program.aliases);
  const buffers: Buffer[] = [];
  const leaves = new Map<string, Buffer>();
  const outputs = new Map<string, Buffer>();
  let values = 0;
  const add = (buffer: Buffer): Buffer => {
    buffers.push(buffer);
    return buffer;
  };
  for (const [name, { axes }] of Object.entries(program.outputs)) {
    // An output stands in one piece, or in one for each place of its axes of fixed size.
    const whole = stored.find(({ output, at }) => output === name && at.every((place) => typeof place === "string"));
    outputs.set(name, add({ name, role: "output", type: "float", axes: (whole?.at as string[] | undefined) ?? axes }));
  }
  // m of n, and c′ of c: what an axis is when its size is meant
  const real = (axis: string): string => {
    const base = program.aliases.get(axis);
    return base !== undefined && order.indexOf(base) < order.indexOf(axis) ? base : axis;
  };
  const inputs = nodes.filter(({ op }) => op === "input").map(({ axes }) => axes.map(real));
  const taken = new Set<Buffer>();
  const shop: Workshop = {
    value: ({ type }): Value => ({ id: values++, type }),
    buffer: (role: BufferRole, { type }, axes, tile) => {
      const tiled = tile !== undefined && axes.includes(tile) ? { tiled: [tile] } : {};
      return add({ name: `${role}${buffers.length}`, role, type, axes, ...tiled });
    },
    leaf: ({ op, attrs, axes, type }) => {
      const name = attrs.name!;
      const known = leaves.get(name);
      if (known) return known;
      const buffer = add({ name, role: op === "param" ? "param" : "input", type, axes });
      leaves.set(name, buffer);
      return buffer;
    },
    inPlace: (spread) => {
      const output = stored.find(({ output, value }) => {
        const { axes } = outputs.get(output)!;
        const fits = [...spread.axes].map(real).sort().join() === [...axes].sort().join();
        return fits && !taken.has(outputs.get(output)!) && readsInPlace(value, spread, axes);
      });
      if (!output) return undefined;
      const buffer = outputs.get(output.output)!;
      taken.add(buffer);
      return { buffer, axes: buffer.axes.map((axis) => spread.axes.find((own) => real(own) === axis)!) };
    },
    sorted: (axes) => [...axes].sort((a, b) => order.indexOf(a) - order.indexOf(b)),
    smallerThanInputs: (axes) => {
      const own = axes.map(real);
      return inputs.some((others) => others.length > own.length && own.every((axis) => others.includes(axis)));
    },
  };
  /** Whether `spread` reaches no output but this one, and each element only the element at its place. */
  function readsInPlace(value: Expr, spread: Expr, axes: readonly string[]): boolean {
    if (!topological([value]).includes(spread)) return false;
    if (roots.some((root) => root !== value && topological([root]).includes(spread))) return false;
    return nodes.every((node) => {
      const { base, spots } = accessOf(node);
      return base !== spread || node === spread || [...spots].every(([axis, spot]) => spot === real(axis) && axes.includes(spot));
    });
  }
  return { buffers, shop, outputs };
}

export type { Kernel } from "./ir.ts";
