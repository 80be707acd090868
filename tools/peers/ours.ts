// lossc's answers to the questions the peers are asked, by the same bars.

import { readFileSync } from "node:fs";
import { catalogue } from "../../packages/lossc/src/index.ts";
import { flat, type Nested, type Precision } from "../accuracy/measure.ts";

export interface Question {
  readonly loss: string;
  readonly inputs: Readonly<Record<string, Nested>>;
  readonly options: Readonly<Record<string, unknown>>;
}
export interface Answered extends Question {
  readonly value: number;
  readonly grads: Readonly<Record<string, Nested>>;
}

const words = new Map([
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
  ["NaN", Number.NaN],
]);

export const readJson = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(name, import.meta.url), "utf8"), (_, item) => words.get(item) ?? item);

const shapeOf = (nested: Nested): number[] =>
  typeof nested === "number" ? [] : [nested.length, ...shapeOf(nested[0])];

/** Whether float32 holds all of it. */
export const isSingle = ({ inputs }: Question): boolean =>
  Object.values(inputs)
    .flatMap(flat)
    .every((x) => Object.is(Math.fround(x), x));

/** The loss of the one sample and its gradients; in float32 by a kernel. */
export function answerOf({ loss: name, inputs, options }: Question, precision: Precision) {
  const loss = catalogue.get(name)!;
  const given = Object.fromEntries(
    Object.entries(inputs).map(([input, nested]) => {
      const isLabel = loss.inputs[input].kind === "classes" && shapeOf(nested).length === 1;
      const kind = isLabel ? Int32Array : precision === "float32" ? Float32Array : Float64Array;
      return [input, { data: kind.from(flat(nested)), shape: shapeOf(nested) }];
    }),
  );
  const engine = precision === "float32" ? "wasm" : "auto";
  return loss.valueAndGrad(given, {
    ...options,
    reduction: "sum",
    dtype: precision,
    engine,
    validate: false,
  });
}

/** One number of an answer: "value", or "d/dlogits[0, 2]". */
export function numberOf(answer: ReturnType<typeof answerOf>, of: string): number {
  if (of === "value") return answer.value;
  const [, input, place] = /^d\/d(\w+)\[(.*)\]$/.exec(of)!;
  const { data, shape } = answer.grads[input];
  const at = place.split(", ").map(Number);
  return data[at.reduce((index, each, axis) => index * shape[axis] + each, 0)];
}

const bars = {
  float64: { wrong: 1e-8, zero: 1e-12, smallest: 5e-316, largest: Number.MAX_VALUE },
  float32: { wrong: 1e-3, zero: 1e-5, smallest: 1.5e-37, largest: (2 - 2 ** -23) * 2 ** 127 },
} as const;

/** As in search.py: NaN or Infinity where there is a number, a number where there is none, or a relative error past the bar. */
export function isWrong(got: number, truth: number, precision: Precision): boolean {
  const { wrong, zero, smallest, largest } = bars[precision];
  if (Number.isNaN(truth) || (Math.abs(truth) > largest / 2 && Math.abs(got) === Number.POSITIVE_INFINITY))
    return false;
  if (Number.isNaN(got) || Number.isFinite(got) !== Number.isFinite(truth)) return true;
  if (!Number.isFinite(truth)) return got !== truth;
  if (truth === 0 || Math.abs(truth) < smallest) return Math.abs(got) > zero;
  return Math.abs(got - truth) / Math.abs(truth) > wrong;
}

/** What is wrong with our own answers. */
export function ourMistakes(questions: readonly Answered[]): string[] {
  const found: string[] = [];
  for (const question of questions) {
    for (const precision of ["float64", "float32"] as const) {
      if (precision === "float32" && !isSingle(question)) continue;
      const answer = answerOf(question, precision);
      const about = `${question.loss} ${JSON.stringify(question.inputs)} ${JSON.stringify(question.options)} in ${precision}`;
      if (isWrong(answer.value, question.value, precision))
        found.push(`${about}: value ${answer.value}, not ${question.value}`);
      for (const [input, truth] of Object.entries(question.grads)) {
        flat(truth).forEach((x, i) => {
          const got = answer.grads[input].data[i];
          if (isWrong(got, x, precision)) found.push(`${about}: d/d${input} [${i}] is ${got}, not ${x}`);
        });
      }
    }
  }
  return found;
}
