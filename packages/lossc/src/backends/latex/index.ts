// The LaTeX backend: an expression, or a loss with its gradient, as formulas that a paper could print.

import type { Expr } from "../../language/expr.ts";
import { Page } from "./page.ts";

/** LaTeX of one expression; `symbols` says what inputs and parameters are called. */
export function latex(
  expr: Expr,
  { symbols }: { readonly symbols?: Readonly<Record<string, string>> } = {},
): string {
  return new Page([expr], symbols).value("", expr);
}

/** LaTeX of the loss of one sample, and of its gradient by each of the inputs `wrt`. */
export function formulaOf(
  perSample: Expr,
  wrt: readonly Expr[],
): { value: string; gradient: Record<string, string> } {
  const page = new Page([perSample, ...wrt]);
  const value = page.value("\\ell", perSample);
  const gradient = wrt.map((input) => [input.attrs.name!, page.gradient(input)]);
  return { value, gradient: Object.fromEntries(gradient) };
}
