// Losses as text: what is read means what it says, and what cannot be read is an error at its place.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LossError } from "../../src/errors.ts";
import { catalogue, defineLoss, huber, wordsOf } from "../../src/index.ts";
import { input, param } from "../../src/language/expr.ts";
import { build, type Expr, opNames, opRow, parse, typescriptOf, words } from "../../src/language/index.ts";

const names = {
  prediction: input("prediction", ["..."]),
  target: input("target", ["..."]),
  delta: param("delta"),
  z: input("z", ["n", "c"]),
};
const read = (text: string): string => String(build(parse(text), { names, axes: ["c"] }));
const same = (text: string, expr: Expr) => expect(build(parse(text), { names, axes: ["c"] })).toBe(expr);
const { prediction, target, delta, z } = names;

describe("what is read", () => {
  it.each([
    ["prediction - target * 2", prediction.sub(target.mul(2))],
    ["(prediction - target) * 2", prediction.sub(target).mul(2)],
    ["prediction - target - 1", prediction.sub(target).sub(1)],
    ["prediction / target / 2", prediction.div(target).div(2)],
    ["prediction ^ target ^ 3", prediction.pow(target.pow(3))],
    ["-prediction^2", prediction.square().neg()],
    ["2 ^ -prediction", build(parse("2"), { names }).pow(prediction.neg())],
    ["prediction * -target", prediction.mul(target.neg())],
    ["prediction ** 2", prediction.square()],
    [
      "prediction < target and not (target >= 0) or delta == 1",
      prediction.lt(target).and(target.ge(0).not()).or(delta.eq(1)),
    ],
    [
      "prediction < 1 && target != 0 || !(delta > 2)",
      prediction.lt(1).and(target.ne(0)).or(delta.gt(2).not()),
    ],
    ["1e-3 + .5 + 2.", build(parse("0.001 + 0.5 + 2"), { names })],
    ["prediction − target · 2 ≤ 1", prediction.sub(target.mul(2)).le(1)],
    ["sum(exp(z))", z.exp().sum("c")],
    ["sum(exp(z), c)", z.exp().sum("c")],
    ["max(z)", z.reduceMax("c")],
    ["max(z, c)", z.reduceMax("c")],
    ["max(z, 0)", z.max(0)],
    ["max(prediction, target, delta)", prediction.max(target.max(delta))],
    ["ln(prediction) + pi", prediction.log().add(Math.PI)],
    ["where(abs(prediction) < delta, 0, 1)", prediction.abs().lt(delta).where(0, 1)],
    ["r = prediction - target; r^2 # squared\n", prediction.sub(target).square()],
  ])("%s", (text, expr) => same(text, expr));

  it("lines that are numbers are parameters with a default", () => {
    const { params, parts } = parse("delta = 1.5\nlow = -2\nr = prediction - target\nr * delta + low");
    expect(params.map(({ name, default: value }) => [name, value])).toEqual([
      ["delta", 1.5],
      ["low", -2],
    ]);
    expect(parts.map(({ name }) => name)).toEqual(["r"]);
  });

  it("every elementwise operation of the language is a word", () => {
    for (const op of opNames.filter((name) => opRow(name).kind === "elementwise"))
      expect(words.has(op), op).toBe(true);
  });

  it("a loss written as text has the numbers of the one in the catalogue", () => {
    const script = parse("r = abs(prediction - target)\nwhere(r < delta, r^2 / 2, delta * (r - delta / 2))");
    const written = defineLoss({
      name: "written",
      family: "regression",
      inputs: { prediction: "...", target: "..." },
      params: { delta: { default: 1, doc: "" } },
      expr: (given) => build(script, { names: given }),
    });
    const inputs = { prediction: [1, 5, 3, 0.5], target: [4, 1, 0, 0.4] };
    for (const options of [{}, { delta: 2 }]) {
      expect(written(inputs, options)).toBeCloseTo(huber(inputs, options), 14);
      expect([...written.valueAndGrad(inputs, options).grads.prediction.data]).toEqual([
        ...huber.valueAndGrad(inputs, options).grads.prediction.data,
      ]);
    }
  });
});

describe("what cannot be read", () => {
  const marks = (text: string): string => {
    try {
      read(text);
    } catch (error) {
      expect(error).toBeInstanceOf(LossError);
      const { code, span, message, phrases } = error as LossError;
      expect(code).toBe("syntax");
      // What other languages say is what this one says.
      expect(`${wordsOf(phrases!.message)} ${wordsOf(phrases!.remedy)}`.trim()).toBe(message);
      return `${text.slice(...span!)}| ${message}`;
    }
    return "read";
  };
  it.each([
    ["predicton - target", 'predicton| There is no "predicton". Did you mean "prediction"?'],
    ["prediction - ", "| the end stands where a number, a name or a call should."],
    ["(prediction - target", '| the end stands where ")" should close what "(" opens.'],
    ["prediction target", 'target| "target" stands where the line should go on with a sign or end.'],
    ["prediction @ target", '@| "@" is not part of the language.'],
    ["absolute(prediction)", 'absolute| There is no function "absolute".'],
    ["abs prediction", 'prediction| "prediction" stands where the line should go on with a sign or end.'],
    ["abs + 1", 'abs| "abs" is called with parentheses: abs(…).'],
    [
      "clamp(prediction, 0)",
      'clamp(prediction, 0)| "clamp" takes a value, a value, a value, not 2 arguments.',
    ],
    [
      "where(prediction, 1, 2)",
      "where(prediction, 1, 2)| where takes a bool as argument 1, not a float. Compare first: x.gt(0).",
    ],
    ["0 < prediction < 1", "<| Comparisons do not chain. Write: a < b and b < c."],
    ["sum(z, d)", "d| An axis should stand here. There are: c."],
    [
      "prediction\ntarget",
      "prediction| Only the last line is the loss; lines before it give names. Write: name = …",
    ],
    ["r = 1 + prediction", "| There is no loss: the last line is its expression."],
    ["r = prediction + 0\nr = target + 0\nr", 'r| "r" is given twice.'],
    ["target = prediction + 1\ntarget", 'target| "target" has a meaning already.'],
    ["", "| There is no loss: the last line is its expression."],
    ["sum(z, c, c)", 'sum(z, c, c)| "sum" takes a value, an axis, not 3 arguments.'],
    ["pow(z)", 'pow(z)| "pow" takes a value, a value, not 1 argument.'],
    ["geometric(z, 1, 2, 3)", '"geometric" takes a value, a value, a value, not 4 arguments.'],
  ])("%s", (text, expected) => expect(marks(text)).toContain(expected));

  it("is never more than an error, however it is nested or named", () => {
    expect(marks(`${"(".repeat(5000)}1`)).toContain("nested too deeply");
    for (const word of ["constructor", "__proto__", "toString", "hasOwnProperty"]) {
      expect(marks(`${word}(1)`)).toContain(`There is no function "${word}"`);
      expect(marks(`${word} + 1`)).toContain(`There is no "${word}"`);
    }
  });
});

it("whatever is left out or put in, a mistake has its place and its sentence in phrases", () => {
  const whole =
    "delta = 1\nr = prediction - target\nwhere(abs(r) < delta, r^2 / 2, max(z) * oneHot(target) - unit(z))";
  const spots = fc.nat(whole.length);
  const pieces = fc.constantFrom(
    "",
    "(",
    ")",
    ",",
    "=",
    "\n",
    "<",
    "^",
    "not ",
    "@",
    "sum(",
    "c",
    "zz",
    "1 = ",
    "unit ",
  );
  const change = fc.tuple(spots, fc.nat(6), pieces);
  let wrong = 0;
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
      const text = changes.reduce(
        (now, [at, length, piece]) => now.slice(0, at) + piece + now.slice(at + length),
        whole,
      );
      try {
        read(text);
      } catch (error) {
        const { code, span, message, phrases } = error as LossError;
        wrong += 1;
        expect(code).toBe("syntax");
        expect(span).toBeDefined();
        expect(`${wordsOf(phrases!.message)} ${wordsOf(phrases!.remedy)}`.trim()).toBe(message);
      }
    }),
    { numRuns: 2000 },
  );
  expect(wrong).toBeGreaterThan(1000);
});

describe("as TypeScript", () => {
  it.each([
    [
      "max(0, 1 - target * prediction)",
      "return constant(0).max(constant(1).sub(target.mul(prediction)));",
      ["constant"],
    ],
    ["r = prediction - target\nsum(z) + r^2", 'return z.sum("c").add(r.square());', []],
    ["oneHot(target) + pi", 'return oneHot(target, "c").add(Math.PI);', ["oneHot"]],
    ["where(prediction < 2, 0, ln(target))", "return prediction.lt(2).where(0, target.log());", []],
  ])("%s", (text, last, imports) => {
    const written = typescriptOf(parse(text), { names, axes: ["c"] });
    expect(written.lines.at(-1)).toBe(last);
    expect(written.imports).toEqual(imports);
  });

  it("no word of the language is also a loss", () => {
    expect([...words.keys()].filter((word) => catalogue.has(word))).toEqual([]);
  });
});
