// Lowering: a program's expressions become the loop program that every kernel printer prints.

import { LossError } from "../../errors.ts";
import { nodesOf } from "../../language/expr.ts";
import { fixedSize } from "./expand.ts";
import type { Kernel } from "./ir.ts";
import { Known } from "./known.ts";
import { scopeOf } from "./nest.ts";
import { loopOrder } from "./order.ts";
import { storing } from "./plan.ts";
import { type Lowerable, prepare } from "./prepare.ts";
import { reuseOutputRows } from "./reuse.ts";
import { verifyKernel } from "./verify.ts";
import { workshop } from "./workshop.ts";

interface Attempt {
  readonly kernel?: Kernel;
  readonly why?: string;
}

const attempts = new WeakMap<Lowerable, Attempt>();

function attempt(program: Lowerable): Attempt {
  let known = attempts.get(program);
  if (!known) {
    known = tryToLower(program);
    attempts.set(program, known);
  }
  return known;
}

/** Why a program has no kernel, as an end of a sentence; nothing where it has one. Engines that run kernels leave such a
 * program to the reference. */
export const obstacleTo = (program: Lowerable): string | undefined => attempt(program).why;

/** The verified kernel of a program, lowered once. */
export const kernelOf = (program: Lowerable): Kernel => attempt(program).kernel ?? lower(program);

function tryToLower(program: Lowerable): Attempt {
  const nodes = nodesOf(Object.values(program.outputs).map(({ expr }) => expr));
  const fixed = nodes.find(({ kind, attrs }) => kind === "row" && fixedSize(attrs.axis!));
  if (fixed) return { why: `"${fixed.op}" along an axis of fixed size has no kernel` };
  try {
    const kernel = lower(program);
    verifyKernel(kernel);
    return { kernel };
  } catch (error) {
    // A lowering that would read beyond its tile, or keep what is as large as the inputs, is not run.
    if (error instanceof LossError) return { why: error.message.replace(/\.$/, "") };
    throw error;
  }
}

/** The kernel of a program: the same for all sizes. Its outputs are buffers of the program's names. */
export function lower(program: Lowerable): Kernel {
  const { stored, joined } = prepare(program);
  const roots = stored.flatMap(({ value, at }) => [value, ...at.filter((spot) => typeof spot === "object")]);
  const order = loopOrder(roots, program.aliases);
  const shop = workshop(program.outputs, stored, roots, order);
  const stores = stored.map(({ output, value, at }) => storing(value, shop.outputs.get(output)!, at));
  const { statements } = scopeOf({ values: [], stores }, { open: [] }, new Known(), shop);
  const seconds = [...program.aliases.keys()].filter((axis) => order.real(axis) !== axis);
  const axes = { ...Object.fromEntries(seconds.map((axis) => [axis, [order.real(axis)]])), ...joined };
  const { arithmetic } = program;
  const kernel = { ...(arithmetic && { arithmetic }), buffers: shop.buffers, body: statements, axes };
  return reuseOutputRows(kernel);
}

export type { Kernel } from "./ir.ts";
export type { Lowerable } from "./prepare.ts";
export { printKernel } from "./print.ts";
export { verifyKernel } from "./verify.ts";
