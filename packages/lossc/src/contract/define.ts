// `defineLoss`: from a definition to the loss people call.

import { cardOf } from "../analysis/card/index.ts";
import type { CardOptions } from "../analysis/types.ts";
import { formulaOf } from "../backends/latex/index.ts";
import { LossError } from "../errors.ts";
import type { Expr } from "../language/expr.ts";
import { verify } from "../language/verify.ts";
import { simplify } from "../passes/index.ts";
import type { Body } from "./body.ts";
import { optionNames } from "./options.ts";
import { inputLeaf, partOf } from "./program.ts";
import { call, callWithGradient } from "./run.ts";
import { sumOfParts } from "./samples.ts";
import { checkArithmetic, checkParamSpecs, type FullInput, fullInputs, isStatic } from "./spec.ts";
import { subjectOf } from "./subject.ts";
import type { AnyLoss, Definition, Formula, InputSpecs, Loss, ParamSpecs } from "./types.ts";
import type { Variant } from "./variant.ts";

/** The body behind every loss object, for `combine` and for engines. */
const bodies = new WeakMap<object, Body>();

export function bodyOf(loss: object): Body {
  const body = bodies.get(loss);
  if (!body) throw new LossError("definition", "this is not a loss made by defineLoss or combine.");
  return body;
}

/** Makes a loss from one definition: inputs by named axes, parameters by range and default, and `expr`, the loss
 * of one sample. Throws a `definition` error where the definition does not hold together. */
export function defineLoss<const I extends InputSpecs, const P extends ParamSpecs = Record<never, never>>(
  definition: Definition<I, P>,
): Loss<I, P> {
  const { name, params = {} as P } = definition;
  if (!/^[a-z][A-Za-z0-9]*$/.test(name)) {
    throw new LossError("definition", `"${name}" is no name for a loss: write camelCase letters and digits.`);
  }
  const inputs = fullInputs(name, definition.inputs);
  checkParamSpecs(name, params);
  checkArithmetic(name, definition.arithmetic, inputs);
  const general = definition as unknown as Definition<InputSpecs, ParamSpecs>;
  const body: Body = {
    name,
    inputs,
    params,
    parts: (variant, named) => [partOf(general, inputs, params, variant, named)],
    valid: definition.valid,
    programs: new Map(),
  };
  return lossOf(body, definition) as unknown as Loss<I, P>;
}

/** The call object around a body. */
export function lossOf(
  body: Body,
  about: Pick<Definition<InputSpecs, ParamSpecs>, "family" | "references" | "check">,
): AnyLoss {
  const loss = ((inputs: never, options?: never) => call(body, inputs, options)) as unknown as AnyLoss;
  const lazily = <T>(make: () => T) => {
    let made: { value: T } | undefined;
    const get = () => {
      made ??= { value: make() };
      return made.value;
    };
    return { get, enumerable: true };
  };
  const card = lazily(() => cardOf(subjectOf(body)));
  const fixed = (value: unknown) => ({ value, enumerable: true });
  Object.defineProperties(loss, {
    name: fixed(body.name),
    family: fixed(about.family),
    inputs: fixed(Object.fromEntries(body.inputs.map(({ words: _, ...spec }) => [spec.name, spec]))),
    params: fixed(body.params),
    references: fixed(about.references ?? []),
    check: fixed(about.check),
    options: lazily(() => optionNames(body.inputs, body.params)),
    expr: lazily(() => printable(sumOfParts(body.parts(defaultVariant(body))))),
    formula: lazily(() => formula(body)),
    properties: fixed((options?: CardOptions) => (options ? cardOf(subjectOf(body), options) : card.get())),
    valueAndGrad: fixed((inputs: never, options?: never) => callWithGradient(body, inputs, options)),
  });
  bodies.set(loss, body);
  return loss;
}

/** The plain call: every parameter a symbol or its default, labels as indices, no common option. */
function defaultVariant({ inputs, params }: Body): Variant {
  return {
    statics: Object.fromEntries(
      Object.entries(params)
        .filter(([, spec]) => isStatic(spec, spec.default))
        .map(([name, spec]) => [name, spec.default]),
    ),
    vectors: [],
    forms: {},
    absent: inputs.filter(({ optional }) => optional).map(({ name }) => name),
    given: {},
  };
}

/** As people read it: without signs and factors that cancel. */
function printable(expr: Expr): Expr {
  verify([expr]);
  return simplify([expr])[0];
}

function formula(body: Body): Formula {
  const variant = defaultVariant(body);
  const wrt = body.inputs.filter(({ role, optional }: FullInput) => role === "model" && !optional);
  return formulaOf(
    sumOfParts(body.parts(variant)),
    wrt.map((spec) => inputLeaf(spec, variant)),
  );
}
