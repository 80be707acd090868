// MathML of LaTeX: when the page is built for the catalogue, and in the page for a loss of one's own.

import type { SetFormula } from "virtual:formulas";
import katex from "katex";
import type { AnyLoss } from "lossc";

/** MathML of one formula, without its source. */
const mathMl = (latex: string): string =>
  katex
    .renderToString(latex, { output: "mathml", displayMode: true, throwOnError: true, strict: false })
    .replace(/<annotation[\s\S]*?<\/annotation>/g, "")
    .replace(/^<span class="katex">|<\/span>$/g, "");

export const typeset = ({ formula, name }: AnyLoss): SetFormula => ({
  name,
  value: mathMl(formula.value),
  gradient: Object.fromEntries(
    Object.entries(formula.gradient).map(([input, latex]) => [input, mathMl(latex)]),
  ),
});
