// A loss as the analysis sees it: evaluated along a direction, with first and second derivatives, in float64.

import type { LineRequest, LineResult, Subject } from "../analysis/subject.ts";
import { reference } from "../backends/reference/index.ts";
import { LossError } from "../errors.ts";
import { topological } from "../language/expr.ts";
import type { Body } from "./body.ts";
import { readOptions, type Settings } from "./options.ts";
import { prepare, variantOf } from "./prepare.ts";
import { type PreparedCall, prepareCall } from "./run.ts";
import { optionLeaf } from "./variant.ts";

/** Options that shape a call and have no place in what is said of a loss. */
const ofCalls = [
  "reduction",
  "meanOver",
  "weight",
  "mask",
  "wrt",
  "upstream",
  "out",
  "perSample",
  "axis",
  "engine",
  "dtype",
];

export function subjectOf(body: Body): Subject {
  return {
    name: body.name,
    inputs: body.inputs,
    params: body.params,
    evaluate: (request) => evaluate(body, request),
  };
}

function evaluate(
  body: Body,
  { inputs, directions, options, of, upstream, second }: LineRequest,
): LineResult {
  const misplaced = ofCalls.find((name) => name in options && !(name in body.params));
  if (misplaced !== undefined)
    throw new LossError("bad-option", `"${misplaced}" is an option of calls, not of curves and cards.`, {
      loss: body.name,
      option: misplaced,
    });
  const settings = readOptions(
    body.name,
    body.inputs,
    body.params,
    {
      ...options,
      ...(of === "samples" && { reduction: "none", ...(upstream && { upstream }) }),
      dtype: "float64",
      validate: false,
    },
    true,
  );
  const wrt = Object.keys(directions);
  const prepared = (along: boolean) =>
    prepareCall(body, inputs, settings, wrt, (variant, request) =>
      prepare(body, variant, along ? { ...request, along } : request),
    );
  const twice = second ? twiceDifferentiated(body, settings, prepared) : undefined;
  const { program, bindings } = twice ?? prepared(false);
  const leaves = new Map<string, ArrayLike<number>>(bindings.inputs);
  if (twice)
    for (const [name, direction] of Object.entries(directions)) leaves.set(optionLeaf.along(name), direction);
  const outputs = reference.run(program, { ...bindings, inputs: leaves });
  // The mean of nothing is 0, and so are its slopes.
  const empty = of === "whole" && outputs.count[0] === 0;
  const slopes = (prefix: string) => {
    const found = wrt.map((name) => [name, outputs[`${prefix}.${name}`]] as const);
    return Object.fromEntries(
      found.map(([name, data]) => [name, empty ? new Float64Array(data.length) : data]),
    );
  };
  return {
    values: of === "samples" ? outputs.perSample : empty ? [0] : outputs.value,
    gradients: slopes("grad"),
    ...(twice && { second: slopes("second") }),
  };
}

/** Programs in which something is held constant, and those without. */
const holding = new WeakMap<object, boolean>();

/** The call with second derivatives. Nothing where an op of the gradient has no derivative, or where something is held
 * constant: then the gradient is no derivative of the loss, and its own slope would mean nothing. */
function twiceDifferentiated(
  body: Body,
  settings: Settings,
  prepared: (along: boolean) => PreparedCall,
): PreparedCall | undefined {
  try {
    const twice = prepared(true);
    let held = holding.get(twice.program);
    if (held === undefined) {
      const parts = body.parts(variantOf(body, twice.bound, settings));
      held = topological(parts.map(({ loss }) => loss)).some(({ op }) => op === "stopGradient");
      holding.set(twice.program, held);
    }
    return held ? undefined : twice;
  } catch (error) {
    if (error instanceof LossError && error.code === "definition") return undefined;
    throw error;
  }
}
