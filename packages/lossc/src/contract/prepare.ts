// Finds or builds the program of a call: one for every form that calls of a loss take.

import type { Bound } from "./bind.ts";
import type { Body, Prepared } from "./body.ts";
import type { Settings } from "./options.ts";
import { buildProgram } from "./program.ts";
import { isStatic } from "./spec.ts";
import type { Part, Request, Variant } from "./variant.ts";

/** Programs kept per loss; a use of more variants than this is rare, and rebuilding one takes a millisecond. */
const MOST_PROGRAMS = 64;

/** What of a call shapes its expressions. */
export function variantOf(
  { inputs, params }: Body,
  bound: Pick<Bound, "forms"> & { readonly inputs: ReadonlyMap<string, unknown> },
  settings: Settings,
): Variant {
  const entries = Object.entries(params);
  const value = (name: string) => settings.params[name];
  const posWeight = settings.posWeight;
  return {
    statics: Object.fromEntries(
      entries.filter(([name, spec]) => isStatic(spec, value(name))).map(([name]) => [name, value(name)]),
    ),
    vectors: entries
      .filter(([name]) => typeof value(name) === "object" && value(name) !== null)
      .map(([name]) => name),
    forms: bound.forms,
    absent: inputs.filter(({ name }) => !bound.inputs.has(name)).map(({ name }) => name),
    given: {
      weight: settings.weight !== undefined,
      mask: settings.mask !== undefined,
      classWeight: settings.classWeight !== undefined,
      ignoreIndex: settings.ignoreIndex !== undefined,
      labelSmoothing: (settings.labelSmoothing ?? 0) !== 0,
      ...(posWeight !== undefined && { posWeight: typeof posWeight === "number" ? "number" : "tensor" }),
      binaryEncoding: settings.encoding === "binary",
    },
  };
}

/** The program of a variant and a request. */
export function prepare(body: Body, variant: Variant, request: Request): Prepared {
  return keptProgram(body, [variant, request], () => {
    const parts = body.parts(variant);
    return {
      program: buildProgram(body.name, parts, body.inputs, variant, request),
      sampleAxes: sampleAxesOf(parts),
    };
  });
}

/** The axes that weights and masks run over: those of the first summand that has samples. */
export const sampleAxesOf = (parts: readonly Part[]): readonly string[] =>
  parts.find(({ loss }) => loss.axes.length > 0)?.loss.axes ?? [];

/** The program under this key, built once and kept with the loss. */
export function keptProgram(body: Body, form: unknown, build: () => Prepared): Prepared {
  const key = JSON.stringify(form, (_, value) => (typeof value === "number" ? String(value) : value));
  let prepared = body.programs.get(key);
  if (!prepared) {
    prepared = build();
    if (body.programs.size >= MOST_PROGRAMS) body.programs.delete(body.programs.keys().next().value!);
    body.programs.set(key, prepared);
  }
  return prepared;
}
