// How long a loss's kernel takes beside those of its family, measured here and now.

import { type AnyLoss, catalogue } from "lossc";
import { loadKernels } from "lossc/later";
import { compiled } from "../../training/kernels.ts";

export interface Timed {
  readonly name: string;
  /** Value and gradient in float32 on one thread, nanoseconds per number. */
  readonly nanoseconds: number;
}

const NUMBERS = 2 ** 16;
const CLASSES = 8;
const ROUNDS = 7;
const PASSES = 16;

/** Losses of the same inputs, so that what is compared does the same job. */
function peers(loss: AnyLoss): AnyLoss[] {
  const form = (one: AnyLoss) =>
    JSON.stringify(Object.entries(one.inputs).map(([name, { axes, kind }]) => [name, axes, kind]));
  return [...catalogue.values()].filter((one) => form(one) === form(loss)).slice(0, 5);
}

/** The loss and up to five built-in ones, one after the other, so that the page can draw in between. */
export async function* time(loss: AnyLoss): AsyncGenerator<Timed> {
  await loadKernels();
  for (const one of [loss, ...peers(loss)]) {
    await new Promise((resolve) => setTimeout(resolve));
    yield { name: one.name, nanoseconds: measure(one) };
  }
}

/** The median of several runs. A run is several passes, for a browser's clock ticks in tenths of a millisecond. */
function measure(loss: AnyLoss): number {
  const isRow = ({ axes }: { axes: string }) => axes.endsWith(" c");
  const rows = Object.values(loss.inputs).some(isRow) ? NUMBERS / CLASSES : NUMBERS;
  const shape = Object.fromEntries(
    Object.entries(loss.inputs).map(([name, spec]) => [name, isRow(spec) ? [rows, CLASSES] : [rows]]),
  );
  const kernel = compiled(loss, { shape, threads: 1 });
  for (const [name, { kind }] of Object.entries(loss.inputs)) {
    const fill = fills[kind] ?? fills.float;
    kernel.inputs[name].forEach((_, i, array) => {
      array[i] = fill(i);
    });
  }
  const times = Array.from({ length: ROUNDS }, () => {
    const before = performance.now();
    for (let pass = 0; pass < PASSES; pass++) kernel.run();
    return (performance.now() - before) / PASSES;
  }).sort((a, b) => a - b);
  kernel.dispose();
  return (times[ROUNDS >> 1] * 1e6) / NUMBERS;
}

const fills: Readonly<Record<string, (i: number) => number>> = {
  float: (i) => Math.sin(i) * 3,
  classes: (i) => i % CLASSES,
  sign: (i) => (i % 2) * 2 - 1,
  binary: (i) => i % 2,
};
