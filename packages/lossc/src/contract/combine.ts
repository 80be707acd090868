// A weighted sum of losses, as one loss.

import { LossError } from "../errors.ts";
import { param } from "../language/expr.ts";
import type { Body } from "./body.ts";
import { bodyOf, lossOf } from "./define.ts";
import { commonInput, type Refinement, refinedInput, refinedPart, refinementOf } from "./refine.ts";
import type { FullInput } from "./spec.ts";
import type { AnyLoss, Definition, InputSpecs, LossInfo, ParamSpec, ParamSpecs } from "./types.ts";
import type { Part, Variant } from "./variant.ts";

export interface Summand {
  readonly loss: LossInfo;
  readonly factor: number;
  /** What the factor is called as a parameter, where not as its loss, and what it does. */
  readonly factorName?: string;
  readonly doc?: string;
}

/** What a combination is called, where it has a name of its own. */
export type About = { readonly name?: string } & Partial<
  Pick<Definition<InputSpecs, ParamSpecs>, "family" | "references" | "check">
>;

/** The sum of losses times their factors. Inputs of the same name are one input, over the finer of their axes: the
 * logits of a pixel-wise loss, `...`, are those of a loss per image, `n ...`. */
export function combineLosses(summands: readonly Summand[], about: About = {}): AnyLoss {
  if (summands.length === 0)
    throw new LossError("definition", "combine: give at least one loss and its factor.");
  const bodies = summands.map(({ loss }) => bodyOf(loss));
  const name =
    about.name ??
    summands.map(({ loss, factor }) => (factor === 1 ? loss.name : `${factor}*${loss.name}`)).join("+");
  const inputs = commonInputs(bodies);
  const refinements = bodies.map((body) => refinementsOf(body, inputs));
  const params: Record<string, ParamSpec> = {};
  const factorNames = summands.map(({ loss, factorName }) => factorName ?? loss.name);
  summands.forEach(({ loss, factor, doc }, i) => {
    params[factorNames[i]] = { default: factor, doc: doc ?? `The factor of ${loss.name}.` };
  });
  const isShared = (param: string) =>
    bodies.filter((body) => param in body.params).length > 1 || param in params;
  const nameOf = (body: Body) => (param: string) => (isShared(param) ? `${body.name}.${param}` : param);
  const names = bodies.map(
    (body) => new Map(Object.keys(body.params).map((param) => [param, nameOf(body)(param)])),
  );
  bodies.forEach((body, i) => {
    for (const [param, spec] of Object.entries(body.params)) params[names[i].get(param)!] = spec;
  });
  const body: Body = {
    name,
    inputs: [...inputs.values()],
    params,
    programs: new Map(),
    parts: (variant, named = (param) => param) =>
      bodies.flatMap((part, i) =>
        part
          .parts(variantOfPart(part, variant), (own) => named(names[i].get(own) ?? own))
          .map((summand) =>
            refinements[i].reduce((refined, one) => refinedPart(part.name, refined, one), summand),
          )
          .map(
            (summand): Part => ({
              ...summand,
              coefficient: param(named(factorNames[i])).mul(summand.coefficient),
            }),
          ),
      ),
  };
  return lossOf(body, { family: "combination", ...about });
}

/** Inputs of the same name are one: over the finer axes, of the stricter kind. */
function commonInputs(bodies: readonly Body[]): Map<string, FullInput> {
  const inputs = new Map<string, FullInput>();
  for (const spec of bodies.flatMap((body) => body.inputs)) {
    const other = inputs.get(spec.name);
    const common = other ? commonInput(other, spec) : spec;
    if (common === undefined) {
      throw new LossError(
        "definition",
        `combine: "${spec.name}" is ${other!.kind} (${other!.axes}) in one loss and ${spec.kind} (${spec.axes}) in another.`,
      );
    }
    inputs.set(spec.name, common);
  }
  for (const body of bodies) {
    for (const refinement of refinementsOf(body, inputs)) {
      for (const spec of body.inputs) {
        const common = inputs.get(spec.name)!;
        if (common.axes === spec.axes) inputs.set(spec.name, refinedInput(common, refinement));
      }
    }
  }
  return inputs;
}

/** The axes of a loss that its partners see as several. */
function refinementsOf(body: Body, inputs: ReadonlyMap<string, FullInput>): Refinement[] {
  const found = new Map<string, Refinement>();
  for (const { name, words } of body.inputs) {
    const refinement = refinementOf(words, inputs.get(name)!.words);
    if (refinement === undefined) continue;
    const { axis, into } = refinement;
    if (into.length > 1 || into[0].name !== axis) found.set(axis, refinement);
  }
  return [...found.values()];
}

/** The same call, as one summand sees it: without the inputs that are not its own. */
function variantOfPart(part: Body, variant: Variant): Variant {
  const own = new Set(part.inputs.map(({ name }) => name));
  return { ...variant, absent: variant.absent.filter((name) => own.has(name)) };
}
