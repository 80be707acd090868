// A definition, made whole: axes parsed, short forms written out, roles decided, mistakes named.

import { LossError } from "../errors.ts";
import { type AxisSpec, parseAxes } from "../language/axes.ts";
import type { FullInputSpec, InputSpec, InputSpecs, ParamSpec, ParamSpecs } from "./types.ts";

export interface FullInput extends FullInputSpec {
  readonly name: string;
  readonly words: readonly AxisSpec[];
}

/** Inputs with these names are given and not produced by a model, unless the definition says otherwise. */
const dataNames = new Set(["target", "labels", "same", "relevance"]);

export function fullInputs(loss: string, specs: InputSpecs): readonly FullInput[] {
  return Object.entries(specs).map(([name, short]) => {
    const spec: InputSpec = typeof short === "string" ? { axes: short } : short;
    const kind = spec.kind ?? "float";
    const role = spec.role ?? (kind === "float" && !dataNames.has(name) ? "model" : "data");
    if (kind === "classes" && spec.over === undefined) {
      throw new LossError("definition", `input "${name}" holds classes but does not say over which axis.`, {
        loss,
      });
    }
    const optional = spec.optional || spec.instead !== undefined ? { optional: true as const } : {};
    return { ...spec, ...optional, name, kind, role, words: parseAxes(spec.axes) };
  });
}

/** Whether the value reaches `expr` as itself and not as a symbol. */
export const isStatic = (spec: ParamSpec, value: unknown): boolean =>
  spec.static === true ||
  spec.choices !== undefined ||
  typeof spec.default === "boolean" ||
  (typeof value !== "number" && typeof value !== "object") ||
  value === null;

/** Throws where a parameter's value is outside what its row in the definition says. */
export function checkParam(loss: string, name: string, spec: ParamSpec, value: unknown): void {
  const fail = (expected: string) => {
    throw new LossError("bad-option", `"${name}" is ${show(value)}; it must be ${expected}.`, {
      loss,
      option: name,
    });
  };
  if (spec.choices) {
    if (!spec.choices.includes(value as string)) fail(oneOf(spec.choices));
    return;
  }
  if (typeof spec.default === "boolean") {
    if (typeof value !== "boolean") fail("true or false");
    return;
  }
  if (spec.or?.includes(value as string | null)) return;
  const vector = spec.axes !== undefined && typeof value === "object" && value !== null;
  const numbers = vector ? Array.from(value as ArrayLike<number>) : [value];
  const expected = rangeOf(spec) + (spec.or ? `, or ${oneOf(spec.or)}` : "");
  for (const number of numbers) {
    if (typeof number !== "number" || Number.isNaN(number) || !inRange(spec, number)) fail(expected);
  }
}

function inRange(spec: ParamSpec, value: number): boolean {
  return (
    (spec.above === undefined || value > spec.above) &&
    (spec.below === undefined || value < spec.below) &&
    (spec.min === undefined || value >= spec.min) &&
    (spec.max === undefined || value <= spec.max) &&
    (!spec.integer || Number.isInteger(value))
  );
}

/** The range in words: "a number > 0", "a whole number >= 1 and <= 8". */
export function rangeOf(spec: ParamSpec): string {
  const bounds = [
    spec.above !== undefined ? `> ${spec.above}` : "",
    spec.min !== undefined ? `>= ${spec.min}` : "",
    spec.below !== undefined ? `< ${spec.below}` : "",
    spec.max !== undefined ? `<= ${spec.max}` : "",
  ].filter((bound) => bound !== "");
  return `${spec.integer ? "a whole number" : "a number"}${bounds.length ? ` ${bounds.join(" and ")}` : ""}`;
}

const show = (value: unknown): string => (typeof value === "string" ? JSON.stringify(value) : String(value));
const oneOf = (words: readonly (string | null)[]): string => words.map(show).join(" or ");

export function checkParamSpecs(loss: string, params: ParamSpecs): void {
  for (const [name, spec] of Object.entries(params)) checkParam(loss, name, spec, spec.default);
}

/** Throws where a definition asks for an arithmetic that there is not, or that its shape has no use for. */
export function checkArithmetic(loss: string, arithmetic: unknown, inputs: readonly FullInput[]): void {
  if (arithmetic === undefined) return;
  if (arithmetic !== "float64") {
    const asked = `"arithmetic" is ${show(arithmetic)}; it must be "float64", or left out.`;
    throw new LossError("definition", asked, { loss });
  }
  const row = inputs.find(({ words }) => words.some(({ name }) => name !== "..." && name !== "n"));
  if (row) {
    throw new LossError(
      "definition",
      `"arithmetic" is for losses of single elements, and input "${row.name}" is over "${row.axes}".`,
      { loss, note: "Leave it out: sums over rows are taken in float64 anyway." },
    );
  }
}
