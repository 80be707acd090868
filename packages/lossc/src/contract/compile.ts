// `compile`: a loss for one set of shapes, as a kernel for training loops. Its arrays belong to the engine: written
// to and read in place, nothing is copied, and a run makes no garbage.

import type { CompiledProgram, Engine } from "../backends/backend.ts";
import { listingOf, obstacleTo } from "../backends/kernels/index.ts";
import { LossError } from "../errors.ts";
import { printProgram } from "../language/listing.ts";
import { bodyOf } from "./define.ts";
import { chooseEngine } from "./engines.ts";
import { readOptions } from "./options.ts";
import { differentiated, type PreparedCall, prepareCall } from "./run.ts";
import type { FloatArray, Tensor } from "./types.ts";

export interface CompileSettings {
  /** The shape of every input, by name. */
  readonly shape: Readonly<Record<string, readonly number[]>>;
  /** The options of `valueAndGrad`; `weight`, `mask` and `upstream` give their first values. */
  readonly options?: Readonly<Record<string, unknown>>;
  readonly engine?: string;
  /** Default float32. */
  readonly dtype?: "float32" | "float64";
  /** How many threads at most; default what the machine has. */
  readonly threads?: number;
}

/** The same object after every run. */
export interface KernelResult {
  readonly value: number;
  readonly weightSum: number;
  readonly count: number;
}

export interface LossKernel {
  /** To be filled before a run, row-major; labels are numbers too. Values are not validated. */
  readonly inputs: Readonly<Record<string, FloatArray>>;
  /** Filled by a run, in the shape of their inputs. */
  readonly grads: Readonly<Record<string, Tensor>>;
  readonly perSample?: Tensor;
  readonly engine: string;
  /** The loops it runs, as a text to read; where it has none, the expressions that the reference engine walks. */
  readonly listing: string;
  /** Bytes of memory it has taken: its arrays, and what the engine needs beside them. */
  readonly bytes: number;
  /** Computes from `inputs`; arrays given are copied into them first. */
  run(inputs?: Readonly<Record<string, ArrayLike<number>>>): KernelResult;
  /** Gives the memory back; the kernel can run no more. */
  dispose(): void;
}

/** Compiles a loss for inputs of the shapes given. */
export function compile(loss: object, given: CompileSettings): LossKernel {
  const body = bodyOf(loss);
  const { shape, dtype = "float32", engine: engineName = "wasm" } = given;
  const options = { ...given.options, dtype, validate: false };
  const settings = readOptions(body.name, body.inputs, body.params, options, true);
  if (settings.axis !== -1) {
    throw new LossError("unsupported", "a kernel wants the class axis last.", {
      loss: body.name,
      option: "axis",
    });
  }
  const isLabel = (name: string) => body.inputs.some((spec) => spec.name === name && spec.kind === "index");
  const dummies = Object.fromEntries(
    Object.entries(shape).map(([name, dims]) => {
      const length = dims.reduce((a, b) => a * b, 1);
      return [name, { data: isLabel(name) ? new Int32Array(length) : new Float32Array(length), shape: dims }];
    }),
  );
  const wrt = differentiated(body, dummies, settings);
  const call = prepareCall(body, dummies, settings, wrt);
  const engine = chooseEngine(body.name, engineName, call.program, call.bindings);
  const run = { precision: dtype, threads: given.threads };
  const kernel =
    engine.compile?.(call.program, call.bindings, run) ?? withoutCompiler(call, engine, given.threads);
  const inputs = Object.fromEntries(
    Object.entries(kernel.inputs).map(([name, array]) => [name.replace(/^option\./, ""), array]),
  );
  const tensorOf = (name: string, dims: readonly number[]): Tensor => ({
    data: kernel.outputs[name],
    shape: dims,
  });
  const grads = Object.fromEntries(
    wrt.map((name) => [name, tensorOf(`grad.${name}`, call.bound.shapes.get(name)!)]),
  );
  const result = { value: 0, weightSum: 0, count: 0 };
  const names = Object.keys(inputs);
  return {
    inputs,
    grads,
    ...(kernel.outputs.perSample && { perSample: tensorOf("perSample", call.sampleShape) }),
    engine: engine.name,
    get listing() {
      if (obstacleTo(call.program) === undefined) return listingOf(call.program);
      const outputs = Object.entries(call.program.outputs).map(([name, { expr }]) => [name, expr]);
      return printProgram(Object.fromEntries(outputs));
    },
    bytes: kernel.bytes,
    run(arrays) {
      if (arrays) {
        for (const name of names) {
          const array = arrays[name];
          if (array !== undefined && array !== inputs[name]) inputs[name].set(array);
        }
      }
      kernel.run();
      result.count = kernel.outputs.count[0];
      result.weightSum = kernel.outputs.weightSum[0];
      const empty = result.count === 0;
      result.value = empty ? (settings.onEmpty === "nan" ? Number.NaN : 0) : kernel.outputs.value[0];
      // 0 / 0 in a mean over nothing: what does not count has gradient 0.
      if (empty) for (const name of wrt) kernel.outputs[`grad.${name}`].fill(0);
      return result;
    },
    dispose: () => kernel.dispose(),
  };
}

/** The same for an engine that keeps nothing. */
function withoutCompiler(
  { program, bindings, dtype }: PreparedCall,
  engine: Engine,
  threads: number | undefined,
): CompiledProgram {
  const make = (length: number) =>
    dtype === "float32" ? new Float32Array(length) : new Float64Array(length);
  const inputs = Object.fromEntries([...bindings.inputs].map(([name, { length }]) => [name, make(length)]));
  for (const [name, data] of bindings.inputs) inputs[name].set(data);
  const outputs = Object.fromEntries(
    Object.entries(program.outputs).map(([name, { axes }]) => {
      const length = axes.reduce((all, axis) => all * bindings.sizes.get(axis)!, 1);
      return [name, axes.length === 0 ? new Float64Array(1) : make(length)];
    }),
  );
  const own = { ...bindings, inputs: new Map(Object.entries(inputs)) };
  let disposed = false;
  const sizes = [...Object.values(inputs), ...Object.values(outputs)].map(({ byteLength }) => byteLength);
  return {
    inputs,
    outputs,
    bytes: sizes.reduce((sum, bytes) => sum + bytes, 0),
    run() {
      if (disposed)
        throw new LossError("unsupported", "this kernel was disposed of.", { target: engine.name });
      engine.run(program, own, outputs, { precision: dtype, threads });
    },
    dispose() {
      disposed = true;
    },
  };
}
