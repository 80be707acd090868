// What a peer written in JavaScript does: it answers one case after the other. A line in, JSON with the case and where its
// inputs lie; a line out, JSON with the median of its times in milliseconds, the value and its peak of memory in MiB.
// The gradient goes into a file, for the asker to compare.

import { readFileSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { medianOf, memory } from "../measure.ts";

const arrays = { Float32Array, Int32Array };

interface Given {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array;
}
interface Result {
  readonly value: number;
  readonly gradient: Float32Array;
}
/** A loss for its inputs: `run` computes and waits for the end, `read` gives the result too. */
interface Kernel {
  run(): unknown;
  read(): Result | Promise<Result>;
  dispose(): void;
}
type Request = {
  readonly loss: string;
  readonly gradient: string;
  readonly inputs: readonly { name: string; type: keyof typeof arrays; shape: number[]; file: string }[];
};

/** Answers with the kernels that `make` gives for a loss and its inputs. */
export function serve(make: (loss: string, inputs: Record<string, Given>) => Kernel): void {
  createInterface({ input: process.stdin }).on("line", async (line) => {
    const { loss, inputs, gradient } = JSON.parse(line) as Request;
    try {
      const given = Object.fromEntries(
        inputs.map(({ name, type, shape, file }) => {
          const bytes = readFileSync(file);
          return [
            name,
            { shape, data: new arrays[type](bytes.buffer, bytes.byteOffset, bytes.byteLength / 4) },
          ];
        }),
      );
      const peak = memory();
      const kernel = make(loss, given);
      const first = await kernel.read();
      writeFileSync(gradient, first.gradient);
      const ms = await medianOf(kernel.run);
      const MiB = peak();
      kernel.dispose();
      console.log(JSON.stringify({ ms, value: first.value, MiB }));
    } catch (error) {
      console.log(JSON.stringify({ error: String(error).split("\n")[0].slice(0, 120) }));
    }
  });
}
