// Formulas: every loss's value and gradient as a paper would print them, kept in latex.expected.json to be read.
// `UPDATE=1 npx vitest run latex` writes that file anew.

import { readFileSync, writeFileSync } from "node:fs";
import katex from "katex";
import { afterAll, describe, expect, it } from "vitest";
import { type Case, casesOf } from "../src/backends/latex/cases.ts";
import { formulaOf, latex } from "../src/backends/latex/index.ts";
import { Page } from "../src/backends/latex/page.ts";
import { probabilities, readable } from "../src/backends/latex/readable.ts";
import { tidier } from "../src/backends/latex/tidy.ts";
import {
  constant,
  type Expr,
  input,
  iota,
  param,
  rebuild,
  topological,
  where,
} from "../src/language/expr.ts";
import { gradient } from "../src/passes/index.ts";
import { evaluate } from "./evaluate.ts";
import { losses } from "./vectors.ts";

const x = input("logits", ["..."]);
const y = input("target", ["..."]);
const error = input("prediction", ["..."]).sub(y);
const score = input("score", ["..."]);
const logits = input("logits", ["n", "c"]);
const label = input("target", ["n"], "int");
const labels = input("labels", ["n"], "int");
const features = input("features", ["n", "d"]);
const weights = input("weights", ["c", "d"]);
const embeddings = input("embeddings", ["n", "d"]);
const [first, second] = [input("first", ["n", "d"]), input("second", ["n", "d"])];
const probability = input("probability", ["..."]);
const share = error.div(param("c")).square();
const logProbability = logits.logSoftmax("c").take(label, "c");
const entropyOf = (logProbabilities: Expr) => logProbabilities.logSoftmax("c").take(labels, "c").neg();
const cosine = features.unit("d").contract(weights.unit("d"), "d");

/** Losses that the catalogue does not hold, for the forms that only they have. */
const written: Record<string, readonly [loss: Expr, by: readonly Expr[]]> = (() => {
  const by = [input("prediction", ["..."])];
  const variance = input("variance", ["..."]);
  const distance = first.sub(second).norm("d");
  const overlap = probability.mul(y).sum("...");
  const distribution = input("target", ["n", "c"]);
  const scores = input("scores", ["n", "c"]);
  const relevance = input("relevance", ["n", "c"]);
  const others = where(iota("c").eq(label), Number.NEGATIVE_INFINITY, logits).max("c");
  const penalized = input("weights", ["..."]);
  const similarity = embeddings.unit("d").contract(embeddings.unit("d").rename("n", "m"), "d");
  const own = where(iota("n").eq(iota("m")), Number.NEGATIVE_INFINITY, similarity.div(param("temperature")));
  const row = input("prediction", ["n"]).sub(input("target", ["n"]));
  const spread = row.sub(row.median("n")).abs().median("n").mul(1.4826).stopGradient();
  const inside = row.div(spread).div(param("c")).square().min(1);
  return {
    pseudoHuber: [
      param("delta")
        .square()
        .mul(error.div(param("delta")).square().add(1).sqrt().sub(1)),
      by,
    ],
    logCosh: [error.add(error.mul(-2).softplus()).sub(Math.LN2), by],
    cauchy: [share.mul(0.5).log1p(), by],
    gemanMcClure: [share.mul(2).div(share.add(4)), by],
    welsch: [share.mul(-0.5).expm1().neg(), by],
    quantile: [param("q").mul(error.neg()).max(param("q").sub(1).mul(error.neg())), by],
    epsilonInsensitive: [error.abs().sub(param("epsilon")).relu(), by],
    gaussianNll: [variance.log().add(error.square().div(variance)).mul(0.5), [...by, variance]],
    "tukeyBiweight, scale mad": [
      constant(1).sub(constant(1).sub(inside).pow(3)).mul(param("c").square().div(6)),
      [input("prediction", ["n"])],
    ],
    logistic: [y.mul(score).neg().softplus(), [score]],
    squaredHinge: [param("margin").sub(y.mul(score)).relu().square(), [score]],
    zeroOne: [where(y.mul(score).le(0), 1, 0), [score]],
    asymmetric: [
      y
        .mul(x.neg().sigmoid().pow(param("gammaPos")))
        .mul(x.neg().softplus())
        .sub(
          constant(1)
            .sub(y)
            .mul(x.sigmoid().pow(param("gammaNeg")))
            .mul(x.neg().sigmoid().log()),
        ),
      [x],
    ],
    crammerSinger: [param("margin").add(others).sub(logits.take(label, "c")).relu(), [logits]],
    "crossEntropy, soft target": [distribution.weigh(logits.logSoftmax("c")).sum("c").neg(), [logits]],
    poly: [logProbability.neg().add(param("epsilon").mul(constant(1).sub(logProbability.exp()))), [logits]],
    generalizedCrossEntropy: [
      constant(1)
        .sub(logProbability.exp().pow(param("q")))
        .div(param("q")),
      [logits],
    ],
    entropy: [logits.softmax("c").mul(logits.logSoftmax("c")).sum("c").neg(), [logits]],
    contrastive: [
      where(
        input("same", ["n"]).ne(0),
        distance.square().mul(0.5),
        param("margin").sub(distance).relu().square().mul(0.5),
      ),
      [first, second],
    ],
    rankNet: [
      where(
        relevance.gt(relevance.rename("c", "c'")),
        param("sigma")
          .mul(scores.sub(scores.rename("c", "c'")))
          .neg()
          .softplus(),
        0,
      )
        .sum("c'")
        .sum("c"),
      [scores],
    ],
    ntXent: [
      own.logSumExp("m").sub(own.rename("m", "k").take(input("pair", ["n"], "int"), "k")),
      [embeddings],
    ],
    cosFace: [
      entropyOf(param("scale").mul(where(iota("c").eq(labels), cosine.sub(param("margin")), cosine))),
      [features, weights],
    ],
    elasticNet: [
      param("lambda").mul(
        param("l1Ratio")
          .mul(penalized.abs().sum("..."))
          .add(constant(1).sub(param("l1Ratio")).mul(0.5).mul(penalized.square().sum("..."))),
      ),
      [penalized],
    ],
    dice: [
      constant(1).sub(
        overlap
          .mul(2)
          .add(param("smooth"))
          .div(probability.sum("...").add(y.sum("...")).add(param("smooth"))),
      ),
      [probability],
    ],
  };
})();

interface Formulas {
  readonly value: string;
  readonly gradient: Readonly<Record<string, string>>;
}
const file = new URL("./latex.expected.json", import.meta.url);
const update = process.env.UPDATE === "1";
const expected: Record<string, Formulas> = update ? {} : JSON.parse(readFileSync(file, "utf8"));
afterAll(() => {
  if (update) writeFileSync(file, `${JSON.stringify(expected, null, 2)}\n`);
});

const named = [
  ...losses.map((loss) => [loss.name, () => loss.formula as Formulas] as const),
  ...Object.entries(written).map(([name, [loss, by]]) => [`(${name})`, () => formulaOf(loss, by)] as const),
];

describe.each(named)("%s", (name, formula) => {
  it("reads as it was approved", () => {
    if (update) expected[name] = formula();
    expect(formula()).toEqual(expected[name]);
  });

  it("is LaTeX that KaTeX accepts", () => {
    const { value, gradient } = formula();
    for (const text of [value, ...Object.values(gradient)]) {
      expect(() =>
        katex.renderToString(text, { displayMode: true, throwOnError: true, strict: "error" }),
      ).not.toThrow();
    }
  });
});

it("no formula is expected that no loss has", () => {
  expect(Object.keys(expected).sort()).toEqual(named.map(([name]) => name).sort());
});

describe("latex(…)", () => {
  const a = input("a", ["..."]);
  const b = input("b", ["..."]);

  it.each<readonly [string, Expr, string]>([
    ["keeps an error together", error.square().mul(3), "3 (\\hat{y} - y)^2"],
    ["collects like terms", a.add(b).sub(a).add(b), "2 b"],
    ["multiplies out where that is shorter", a.mul(b.add(1)).sub(a.mul(b)), "a"],
    ["takes out what is common", a.mul(b).sub(a.square()), "a (b - a)"],
    [
      "writes fractions of numbers small and others large",
      a.mul(0.5).add(a.div(b)),
      "\\tfrac12 a + \\frac{a}{b}",
    ],
    ["writes multiples of π", a.mul(4 / Math.PI ** 2), "\\tfrac{4}{\\pi^2} a"],
    ["merges powers", a.pow(param("gamma").sub(1)).mul(a), "a^{\\gamma}"],
    ["knows |a|² and sign(a)|a|", a.abs().square().add(a.sign().mul(a.abs())), "a^2 + a"],
    ["writes exponentials of sums in one", a.exp().mul(b.exp()), "e^{a + b}"],
    ["undoes what only serves accuracy", a.expm1().add(1).log().sub(b.log1p()), "a - \\log(1 + b)"],
    [
      "sums what is not excluded",
      where(iota("c").eq(label), 0, logits.exp()).sum("c"),
      "\\sum_{j \\ne y} e^{z_j}",
    ],
    ["looks up inside", logits.mul(2).exp().take(label, "c"), "e^{2 z_y}"],
    [
      "writes norms and inner products",
      features.square().sum("d").add(features.mul(embeddings).sum("d")),
      "\\lVert x \\rVert^2 + \\langle u, x \\rangle",
    ],
    ["names parameters by their words", param("marginPositive").add(param("gammaNeg")), "m_+ + \\gamma_-"],
    ["writes other names upright", param("clip"), "\\mathrm{clip}"],
    ["takes the smaller where it is known which", a.min(a.add(1)).add(b.max(b)), "a + b"],
    ["drops what never cuts", a.max(1).min(a), "a"],
  ])("%s", (_, expr, text) => {
    expect(latex(expr)).toBe(text);
  });

  it("takes symbols for names", () => {
    expect(latex(a.div(param("scale")), { symbols: { a: "\\xi", scale: "\\tau" } })).toBe(
      "\\frac{\\xi}{\\tau}",
    );
  });
});

describe("what is printed has the value of what was written", () => {
  const usual: Record<string, number> = {
    n: 4,
    m: 4,
    k: 4,
    c: 3,
    "c'": 3,
    d: 2,
    "4": 4,
    "...": 3,
    "n...": 3,
    bins: 5,
    p: 4,
    place: 4,
  };
  const seedOf = (name: string) => [...name].reduce((seed, letter) => seed + letter.charCodeAt(0) / 7, 0);
  /** Numbers for every leaf, away from kinks and inside every domain. */
  const valuesOf = (expr: Expr): number[] => {
    const inputs: Record<string, number[]> = {};
    const params: Record<string, number> = {};
    const sizes = { ...usual };
    const first = new Set(topological([expr]).flatMap(({ op, axes }) => (op === "input" ? axes : [])));
    for (const { op, attrs } of topological([expr])) {
      // A second name of an axis; the first is that of an input, or of its second name.
      if (op === "rename" && !first.has(attrs.to!)) sizes[attrs.to!] = sizes[attrs.axis!];
    }
    for (const { op, attrs, axes, type } of topological([expr])) {
      const length = axes.reduce((product, axis) => product * sizes[axis], 1);
      const noise = (i: number) =>
        Math.abs(Math.sin(12.9898 * (i + 1) + seedOf(attrs.name!)) * 43758.5453) % 1;
      if (op === "param") params[attrs.name!] = sizes[attrs.name!] ?? 0.3 + noise(0) / 2;
      if (op === "input") {
        inputs[attrs.name!] = Array.from({ length }, (_, i) =>
          type === "int"
            ? i % 3
            : axes.includes("4")
              ? noise(i) + (i % 4 > 1 ? 0.8 : 0)
              : 0.1 + 0.8 * noise(i),
        );
      }
    }
    return evaluate(expr, { sizes, inputs, params }, true);
  };
  const chosen = (cases: readonly Case[]): Expr =>
    cases.reduceRight((rest, { when, value }, i) => {
      return i === cases.length - 1
        ? value
        : where(
            when.reduce((p, q) => p.and(q)),
            value,
            rest,
          );
    }, constant(0));

  const everyLoss = [
    ...losses.map((loss) => [loss.name, loss.expr] as const),
    ...Object.entries(written).map(([name, [expr]]) => [name, expr] as const),
  ];
  const totalOf = (expr: Expr) => expr.axes.reduce((sum, axis) => sum.sum(axis), expr);
  const inputsOf = (expr: Expr) =>
    topological([expr]).filter(({ op, type }) => op === "input" && type === "float");
  const isLength = ({ op, args }: Expr): boolean => op === "norm" || (op === "mul" && args.some(isLength));
  /** Iverson's bracket is 0 before what it excludes, be that infinite or meaningless: [x > 0] log x. And x/‖x‖ is 0 at
   * 0, as everywhere in the language. */
  const asRead = (printed: Expr): Expr => {
    const isTruth = ({ op, args, type }: Expr): boolean =>
      type === "bool" || ((op === "mul" || op === "weigh" || op === "neg") && args.some(isTruth));
    return rebuild([printed], (node) => {
      const [a, b] = node.args;
      if (node.op === "mul" && node.args.some(isTruth)) return a.weigh(b);
      if (node.op !== "div") return node;
      if (isTruth(a)) return a.weigh(constant(1).div(b));
      return isLength(b) ? where(a.eq(0).and(b.eq(0)), 0, node) : node;
    })[0];
  };
  const expectSame = (actual: Expr, wanted: Expr) => {
    const spread = wanted.mul(0); // so that both are laid out alike
    const [numbers, others] = [valuesOf(spread.add(asRead(actual))), valuesOf(spread.add(wanted))];
    for (const [i, value] of numbers.entries()) {
      if (Math.abs(value - others[i]) <= 1e-9 * Math.abs(others[i])) continue;
      expect(value).toBeCloseTo(others[i], 9);
    }
  };

  it.each(everyLoss)("%s and its gradient, by cases", (_, expr) => {
    const plain = readable(expr);
    expectSame(plain, expr);
    for (const each of [plain, ...gradient(totalOf(plain), inputsOf(plain))]) {
      const tidy = tidier();
      const meanings = new Map<Expr, Expr>();
      const name = (meaning: Expr) => {
        const leaf = input(`part ${meanings.size}`, meaning.axes);
        meanings.set(leaf, meaning);
        return leaf;
      };
      const cases = casesOf(probabilities(each, tidy, name), tidy);
      const [printed] = rebuild([chosen(cases)], (node) => meanings.get(node) ?? node);
      expectSame(printed, each);
    }
  });

  it.each(everyLoss)("the gradient of %s through its named parts", (_, expr) => {
    const page = new Page([expr]);
    page.value("", expr);
    const plain = readable(expr);
    const inputs = inputsOf(plain);
    const wanted = gradient(totalOf(plain), inputs);
    for (const [i, leaf] of inputs.entries()) {
      let [slope, before]: (Expr | undefined)[] = [page.slopeBy(leaf), undefined];
      while (slope !== before) {
        before = slope;
        [slope] = rebuild(
          [slope!],
          (node) => page.meanings.get(node) ?? (node.op === "stopGradient" ? node.args[0] : node),
        );
      }
      expectSame(slope!, wanted[i]);
    }
  });
});
