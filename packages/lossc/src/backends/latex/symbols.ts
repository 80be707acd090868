// What names are called in print: inputs, parameters, axes.

import type { Expr } from "../../language/expr.ts";
import type { Op } from "../../language/ops.ts";

const greek =
  "alpha beta gamma delta epsilon zeta eta theta kappa lambda mu nu xi pi rho sigma tau phi chi psi omega".split(
    " ",
  );

/** Each name's symbol and what to take where that is taken; the order is the order of factors in a product. */
const table: Readonly<Record<string, string>> = {
  target: "y t",
  labels: "y t",
  same: "y t",
  prediction: "\\hat{y} f",
  logits: "z x",
  score: "s f",
  scores: "s f",
  probability: "p q",
  embeddings: "x u",
  features: "x u",
  first: "x u",
  second: "x' v",
  anchor: "a",
  positive: "p",
  negative: "n",
  weights: "W w",
  centers: "c \\mu",
  variance: "v",
  logVariance: "\\omega",
  relevance: "y t",
  bias: "b",
  margin: "m",
  scale: "s \\varsigma",
  base: "b",
  smooth: "s",
  bins: "B",
  momentum: "\\mu",
  temperature: "\\tau",
  l1Ratio: "\\rho",
  posWeight: "w",
  crossEntropy: "w \\omega",
  classCounts: "n",
  logProbability: "\\log{p}",
  lowerNorm: "l_a",
  upperNorm: "u_a",
  lowerMargin: "l_m",
  upperMargin: "u_m",
};

/** Rank of a leaf among the factors of a product: parameters, then inputs in the order of the table. */
export function leafRank({ op, attrs }: Expr): number {
  if (attrs.name!.startsWith("#")) return 3; // a named part
  return op === "input" ? 1 + (Object.keys(table).indexOf(attrs.name!) + 1) / 100 : 0;
}

const signs: Readonly<Record<string, string>> = { pos: "+", positive: "+", neg: "-", negative: "-" };

/** The symbols a leaf would like, best first. */
function wishes({ attrs, axes }: Expr): string[] {
  const name = attrs.name!.replace(/^option\./, "");
  const own = Object.hasOwn(table, name) ? table[name].split(" ") : [];
  if (name === "logits" && axes.length < 2) own.reverse();
  // gammaPos is γ with the index +, m1 is m with the index 1.
  const [head, ...rest] = name.split(/(?=[A-Z])|(?<=[a-z])(?=[0-9])/);
  const first = greek.includes(head) ? `\\${head}` : head.length === 1 ? head : table[head]?.split(" ")[0];
  const index = rest.map(
    (word) => signs[word.toLowerCase()] ?? (word.length > 1 ? `\\mathrm{${word.toLowerCase()}}` : word),
  );
  if (first && index.length)
    own.push(`${first}_${index.join("").length > 1 ? `{${index.join("")}}` : index.join("")}`);
  else if (first && !own.length) own.push(first);
  return [...own, `\\mathrm{${name}}`];
}

/** Gives every leaf a symbol of its own; one-letter names have the first choice, then parameters. */
export function symbolsOf(
  leaves: readonly Expr[],
  given: Readonly<Record<string, string>> = {},
): Map<string, string> {
  const symbols = new Map(Object.entries(given));
  const urgency = ({ op, attrs }: Expr) => (attrs.name!.length === 1 ? 0 : op === "param" ? 1 : 2);
  for (const leaf of [...leaves].sort((a, b) => urgency(a) - urgency(b))) {
    const taken = new Set(symbols.values());
    const name = leaf.attrs.name!;
    if (!symbols.has(name))
      symbols.set(name, wishes(leaf).find((symbol) => !taken.has(symbol)) ?? `\\mathrm{${name}}`);
  }
  return symbols;
}

/** Letters that run along an axis, best first. */
const letters: Readonly<Record<string, string>> = { n: "i", m: "k", d: "l", c: "jkl", "c'": "klj" };
export function letterOf(axis: string, taken: ReadonlySet<string>): string {
  return [...(letters[axis] ?? "i"), ..."jklqrhi"].find((letter) => !taken.has(letter)) ?? axis;
}

/** How long an axis is. */
export const sizeOf = (axis: string): string => (/^[a-z]/.test(axis) ? axis[0].toUpperCase() : "N");

/** An axis that holds one vector: ‖x‖ and ⟨x, w⟩ need no index. */
export const isVector = (axis: string): boolean => axis === "d" || axis === "w" || axis.includes("...");

/** An axis that runs over samples: not shown unless a formula runs over it. */
export const isSample = (axis: string): boolean => axis === "n" || axis === "w" || axis.includes("...");

/** What an input over four numbers holds: the corners of a box. */
export const corners = ["x_1", "y_1", "x_2", "y_2"];

/** The order of indices: samples first. */
export const indexRank = (axis: string): number => (axis === "m" ? 1 : isSample(axis) ? 0 : 2);

const fits: { readonly [K in Op]?: string } = {
  softmax: "p",
  sigmoid: "p",
  norm: "d",
  where: "\\varphi \\psi",
  argmax: "k^\\star l^\\star",
  argmin: "l^\\star k^\\star",
};

/** A letter for a part of a formula. */
export function nameFor({ op, args: [a, b], axes }: Expr, taken: ReadonlySet<string>): string {
  const isCosine = op === "div" && (a.op === "contract" || (a.op === "take" && a.args[0].op === "contract"));
  const isError = op === "sub" && a.op === "input" && b.op === "input";
  const isRow = op === "where" && !axes.every(isSample);
  const fit = isCosine ? "\\cos\\theta" : isError ? "r" : isRow ? "" : (fits[op] ?? "");
  const letters = `${fit} u v w a b h g q A B C D E F G H K L M P Q R S T`.split(" ");
  return letters.find((letter) => letter && !taken.has(letter)) ?? `v_${taken.size}`;
}
