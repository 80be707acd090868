// Reads the inputs of a call: names, what can be differentiated, precision, per-sample numbers, checks of values.

import { LossError, suggestion } from "../errors.ts";
import type { Bound } from "./bind.ts";
import type { Body } from "./body.ts";
import { checkValues, checkWeight } from "./checks.ts";
import type { Settings } from "./options.ts";
import type { FullInput } from "./spec.ts";
import { type Given, read } from "./tensors.ts";
import type { TensorInput } from "./types.ts";

export type RawInputs = Readonly<Record<string, TensorInput | undefined>>;

export function checkInputNames({ name: loss, inputs: specs }: Body, inputs: RawInputs): void {
  if (inputs === null || typeof inputs !== "object") {
    throw new LossError(
      "missing-input",
      `it takes an object of inputs: ${specs.map(({ name }) => name).join(", ")}.`,
      { loss },
    );
  }
  const known = specs.map(({ name }) => name);
  for (const name of Object.keys(inputs)) {
    if (!known.includes(name)) {
      throw new LossError("unknown-input", `there is no input "${name}".`, {
        loss,
        input: name,
        note: suggestion(name, known),
      });
    }
  }
  for (const spec of specs) {
    const other = specs.find(({ instead }) => instead === spec.name)?.name;
    const replaced = other !== undefined && inputs[other] !== undefined;
    if (inputs[spec.name] === undefined && !spec.optional && !replaced) {
      throw new LossError("missing-input", `the input "${spec.name}" (${spec.axes}) is missing.`, {
        loss,
        input: spec.name,
        note: other === undefined ? "" : `Give it, or "${other}" in its place.`,
      });
    }
    if (inputs[spec.name] !== undefined && replaced) {
      throw new LossError("bad-input", `"${spec.name}" and "${other}" are both given; give one of them.`, {
        loss,
        input: other,
      });
    }
  }
}

export function checkDifferentiable(
  { name: loss, inputs }: Body,
  bound: Bound,
  wrt: readonly string[],
): void {
  for (const name of wrt) {
    const spec = inputs.find((candidate) => candidate.name === name);
    if (!spec) {
      throw new LossError("unknown-input", `"wrt" names "${name}", which is no input.`, {
        loss,
        input: name,
        note: suggestion(
          name,
          inputs.map((input) => input.name),
        ),
      });
    }
    if (!bound.inputs.has(name))
      throw new LossError("missing-input", `"wrt" names "${name}", which was not given.`, {
        loss,
        input: name,
      });
    if (spec.kind === "index" || bound.forms[name] === "index") {
      throw new LossError("not-differentiable", `"${name}" holds labels, which have no gradient.`, {
        loss,
        input: name,
        note: spec.kind === "classes" ? "Give probabilities per class to differentiate by them." : "",
      });
    }
  }
}

export function readPerSample(
  loss: string,
  name: string,
  raw: TensorInput,
  shape: readonly number[],
  axes: readonly string[],
): Given {
  if (axes.length === 0)
    throw new LossError("bad-option", `"${name}" is given, but a penalty has no samples.`, {
      loss,
      option: name,
    });
  const given = read(raw, loss, name);
  if (given.shape.join() !== shape.join()) {
    throw new LossError(
      "shape-mismatch",
      `"${name}" has shape [${given.shape.join(", ")}] but the losses have shape [${shape.join(", ")}]; they must match.`,
      { loss, option: name },
    );
  }
  return given;
}

export function scalar(loss: string, name: string, given: Given): number {
  if (given.data.length === 1 && given.shape.length === 0) return given.data[0];
  throw new LossError("bad-option", `"${name}" has shape [${given.shape.join(", ")}]; it must be a number.`, {
    loss,
    option: name,
    note: 'One per sample needs reduction: "none".',
  });
}

/** float32 where every floating input is; labels and integers have no say. */
export function precisionOf({ inputs }: Body, bound: Bound): "float32" | "float64" {
  const floats = inputs.filter(({ kind, name }) => kind !== "index" && bound.forms[name] !== "index");
  const stored = floats
    .flatMap(({ name }) => bound.inputs.get(name)?.storage ?? [])
    .filter((storage) => storage !== "integer");
  return stored.length > 0 && stored.every((storage) => storage === "float32") ? "float32" : "float64";
}

export function checkInputs(
  { name: loss, inputs }: Body,
  bound: Bound,
  settings: Settings,
  sampleShape: readonly number[],
  mask?: Given,
  weight?: Given,
): void {
  if (weight)
    checkWeight(weight.data, { loss, input: "weight", shape: sampleShape, counts: () => true, params: {} });
  for (const spec of inputs) checkInput(loss, spec, bound, settings, sampleShape, mask);
}

/** Throws at the first value of one input that must not be, of the samples that count. */
export function checkInput(
  loss: string,
  spec: FullInput,
  bound: Bound,
  settings: Settings,
  sampleShape: readonly number[],
  mask?: Given,
): void {
  const given = bound.inputs.get(spec.name);
  if (!given) return;
  // A mask speaks of samples; it excuses the inputs that have one row for each.
  const samples = sampleShape.reduce((a, b) => a * b, 1);
  const rows = given.data.length / samples;
  const excused = mask && Number.isInteger(rows) && (rows === 1 || rows === given.shape.at(-1));
  const classes = bound.axes.get(spec.over ?? "")?.dims[0];
  checkValues(spec, given, bound.forms[spec.name], classes, settings.encoding, {
    loss,
    input: spec.name,
    shape: given.shape,
    counts: excused ? (sample) => mask.data[sample] !== 0 : () => true,
    params: settings.params,
    ignoreIndex: settings.ignoreIndex,
  });
}
