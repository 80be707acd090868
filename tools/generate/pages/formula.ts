// The formulas of a page: the loss of one sample, its gradients, and what the letters stand for.

import { corners, symbolsOf } from "../../../packages/lossc/src/backends/latex/symbols.ts";
import type { AnyLoss } from "../../../packages/lossc/src/index.ts";
import { topological } from "../../../packages/lossc/src/language/expr.ts";
import { code, inlineMath, math } from "./markdown.ts";

export type Formula = AnyLoss["formula"];

export function formulaSection(loss: AnyLoss, formula: Formula): string {
  const gradients = Object.entries(formula.gradient).map(
    ([input, latex]) => `The gradient by ${code(input)}:\n\n${math(latex)}`,
  );
  return [`The loss of one sample:\n\n${math(formula.value)}`, letters(loss, formula), ...gradients].join(
    "\n\n",
  );
}

/** "Here $y$ is `target`, and …": letters that are not the names themselves, in the order of inputs and parameters. */
function letters(loss: AnyLoss, formula: Formula): string {
  const leaves = topological([loss.expr]).filter(({ op }) => op === "input" || op === "param");
  const symbols = symbolsOf(leaves);
  const written = [formula.value, ...Object.values(formula.gradient)].join(" ");
  const told = [...Object.keys(loss.inputs), ...Object.keys(loss.params)].flatMap((name) => {
    const symbol = symbols.get(name);
    if (symbol === undefined || symbol === name) return [];
    if (loss.inputs[name]?.axes.endsWith("4"))
      return [`${boxCorners(symbol)} are the corners of ${code(name)}`];
    return hasSymbol(written, symbol) ? [`${inlineMath(symbol)} is ${code(name)}`] : [];
  });
  return told.length === 0 ? "" : `Here ${told.join(", ")}.`;
}

/** Whether a formula has the letter, and not only a command or a name that begins with it. */
const hasSymbol = (latex: string, symbol: string): boolean =>
  /^[a-zA-Z]$/.test(symbol)
    ? new RegExp(`(?<![\\\\a-zA-Z])${symbol}(?![a-zA-Z])`).test(
        latex.replace(/\\(?:text|mathrm)\{[^}]*\}/g, ""),
      )
    : latex.includes(symbol);

/** A box is written by its corners, those of what has a hat with hats. */
const boxCorners = (symbol: string): string =>
  inlineMath(
    corners
      .map((corner) => (symbol.includes("\\hat") ? `\\hat{${corner[0]}}${corner.slice(1)}` : corner))
      .join(", "),
  );
