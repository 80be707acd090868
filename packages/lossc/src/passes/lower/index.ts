// Lowering: a program's expressions become the loop program that every kernel printer prints.

import type { Op } from "../../language/ops.ts";
import type { Kernel } from "./ir.ts";
import { scopeOf } from "./nest.ts";
import { loopOrder } from "./order.ts";
import type { Store } from "./plan.ts";
import { type Lowerable, prepare } from "./prepare.ts";
import { workshop } from "./workshop.ts";

/** Sorted rows and their running sums are not lowered yet: engines that run kernels leave such programs to the reference. */
export const notLowered: ReadonlySet<Op> = new Set<Op>(["order", "cumsum"]);

/** The kernel of a program: the same for all sizes. Its outputs are buffers of the program's names. */
export function lower(program: Lowerable): Kernel {
  const { stored, joined } = prepare(program);
  const roots = stored.flatMap(({ value, at }) => [value, ...at.filter((spot) => typeof spot === "object")]);
  const order = loopOrder(roots, program.aliases);
  const shop = workshop(program.outputs, stored, roots, order);
  const stores = stored.map(
    ({ output, value, at }): Store => ({ value, buffer: shop.outputs.get(output)!, at, accumulate: false }),
  );
  const nothing = { values: new Map(), buffers: new Map() };
  const { statements } = scopeOf({ values: [], stores }, { open: [] }, nothing, shop);
  const seconds = [...program.aliases.keys()].filter((axis) => order.real(axis) !== axis);
  const axes = { ...Object.fromEntries(seconds.map((axis) => [axis, [order.real(axis)]])), ...joined };
  return { buffers: shop.buffers, body: statements, axes };
}

export type { Kernel } from "./ir.ts";
export type { Lowerable } from "./prepare.ts";
export { printKernel } from "./print.ts";
export { verifyKernel } from "./verify.ts";
