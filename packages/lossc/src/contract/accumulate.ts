// `accumulate`: a loss over data that come in batches, from several workers if need be. Whatever the batches are and in
// whatever order they are merged, the result is that of all samples at once.

import { LossError } from "../errors.ts";
import { bodyOf } from "./define.ts";
import { chooseEngine, engineOfAnySize } from "./engines.ts";
import { ExactSum, type SumState } from "./exact-sum.ts";
import { readOptions, type Settings } from "./options.ts";
import { notesIn } from "./result.ts";
import { prepareCall } from "./run.ts";
import { type Accumulated, addBatch, reduced, type Sums, samplesProgram } from "./sample-sums.ts";
import type { AnyLoss, InputSpecs, Inputs, Loss, Options, ParamSpecs, TensorInput } from "./types.ts";

/** What may differ from batch to batch; everything else is said once, to `accumulate`. */
export interface BatchOptions {
  readonly weight?: TensorInput;
  readonly mask?: TensorInput;
  readonly posWeight?: TensorInput;
}

/** What an accumulator has seen, to be sent as JSON and merged elsewhere. */
export interface AccumulatorState {
  readonly loss: string;
  /** The options that the losses were computed with: sums of different options do not add up. */
  readonly options: string;
  /** One for each summand of the loss. */
  readonly parts: readonly {
    readonly factor: number;
    readonly penalty: boolean;
    readonly loss: SumState;
    readonly weight: SumState;
    readonly count: number;
  }[];
  readonly batches: number;
  readonly notes: readonly string[];
}

export interface Accumulator<Given = Readonly<Record<string, TensorInput | undefined>>> {
  /** Adds a batch. Throws what a call of the loss throws; nothing is added then. */
  update(inputs: Given, options?: BatchOptions): this;
  /** Adds all that another accumulator of the same loss and options has seen, or its state from elsewhere. */
  merge(other: AccumulatorState | { toJSON(): AccumulatorState }): this;
  compute(): Accumulated;
  toJSON(): AccumulatorState;
}

const batchOptions = ["weight", "mask", "posWeight"];

/** A running loss: `update` with batches, `merge` with others (or their JSON), `compute` the value of the whole.
 *
 * Any split of the data, merged in any order, gives the same bits: samples are added without rounding, and in float64
 * unless `dtype` says otherwise. A penalty among the parts of a combination counts as in one call; where its weights
 * changed between batches, as its mean over the samples.
 *
 * Options are the loss's own, with `reduction` "mean" or "sum"; `weight` and `mask` go with each batch. Throws
 * `unsupported` where the loss of a sample depends on its batch: samples that meet (triplets, a median over the batch),
 * `classWeight: "balanced"`, running state. */
export function accumulate<const I extends InputSpecs, const P extends ParamSpecs>(
  loss: Loss<I, P>,
  options?: Options<I, P>,
): Accumulator<Inputs<I>>;
export function accumulate(loss: AnyLoss, options?: Readonly<Record<string, unknown>>): Accumulator;
export function accumulate(loss: object, options: Readonly<Record<string, unknown>> = {}): Accumulator {
  const body = bodyOf(loss);
  const given = { dtype: "float64", ...options };
  const settings = readOptions(body.name, body.inputs, body.params, given, false);
  refuseOptions(body.name, options, settings);
  const signature = signatureOf(settings);
  const sums: Sums[] = [];
  const notes = new Set<string>();
  let batches = 0;
  const sumsOf = (i: number, about: Pick<Sums, "factor" | "penalty">): Sums => {
    sums[i] ??= { ...about, loss: new ExactSum(), weight: new ExactSum(), count: 0 };
    return sums[i];
  };

  const accumulator: Accumulator = {
    update(inputs, batch = {}) {
      const wrong = Object.keys(batch).find((name) => !batchOptions.includes(name));
      if (wrong !== undefined) {
        throw new LossError("unknown-option", `"${wrong}" is no option of a batch.`, {
          loss: body.name,
          option: wrong,
          note: `A batch has ${batchOptions.join(", ")}; give all else to accumulate.`,
        });
      }
      const own = readOptions(body.name, body.inputs, body.params, { ...given, ...batch }, false);
      const call = prepareCall(body, inputs, own, [], (variant) => samplesProgram(body, variant));
      const engine =
        own.engine === "auto"
          ? engineOfAnySize(call.program)
          : chooseEngine(body.name, own.engine, call.program, call.bindings);
      const values = engine.run(call.program, call.bindings, {}, { precision: call.dtype });
      for (const note of notesIn(values)) notes.add(note);
      addBatch(call, values, sumsOf);
      batches += 1;
      return accumulator;
    },
    merge(other) {
      const state = "toJSON" in other ? other.toJSON() : other;
      if (state.loss !== body.name || state.options !== signature) {
        const mine = state.loss === body.name ? `the options ${signature}` : `"${body.name}"`;
        const theirs = state.loss === body.name ? `the options ${state.options}` : `"${state.loss}"`;
        throw new LossError("bad-input", `this accumulates ${mine}; what is merged accumulated ${theirs}.`, {
          loss: body.name,
        });
      }
      state.parts.forEach((part, i) => {
        const into = sumsOf(i, part);
        into.loss.merge(part.loss);
        into.weight.merge(part.weight);
        into.count += part.count;
      });
      for (const note of state.notes) notes.add(note);
      batches += state.batches;
      return accumulator;
    },
    compute: () => reduced(body, settings, sums, notes, batches),
    toJSON: () => ({
      loss: body.name,
      options: signature,
      parts: sums.map((part) => ({
        factor: part.factor,
        penalty: part.penalty,
        loss: part.loss.toJSON(),
        weight: part.weight.toJSON(),
        count: part.count,
      })),
      batches,
      notes: [...notes].sort(),
    }),
  };
  return accumulator;
}

/** What a call of `accumulate` must not say. */
function refuseOptions(loss: string, options: Readonly<Record<string, unknown>>, settings: Settings): void {
  const refuse = (option: string, why: string, note: string) => {
    throw new LossError("unsupported", `accumulate: ${why}`, { loss, option, note });
  };
  if (settings.reduction === "none")
    refuse("reduction", "there is no value of each sample to keep.", 'Take reduction "mean" or "sum".');
  if (settings.classWeight === "balanced")
    refuse(
      "classWeight",
      "balanced weights of a batch are not those of all the data.",
      "Give the weights: classWeights.balanced(labels, classes) of all labels.",
    );
  for (const option of ["weight", "mask"] as const) {
    if (options[option] !== undefined)
      refuse(option, `"${option}" belongs to a batch.`, `Give it to update(inputs, { ${option} }).`);
  }
}

/** The options that change what is added up, in one form. */
function signatureOf(settings: Settings): string {
  const { params, classWeight, ignoreIndex, labelSmoothing, posWeight, dtype } = settings;
  const said = { ...params, classWeight, ignoreIndex, labelSmoothing, posWeight, dtype };
  return JSON.stringify(said, (_, value) =>
    typeof value === "number"
      ? String(value)
      : ArrayBuffer.isView(value)
        ? Array.from(value as Float64Array)
        : value,
  );
}
