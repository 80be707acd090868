import type { Expr } from "../../language/expr.ts";
export function formulaOf(_perSample: Expr, _wrt: readonly Expr[]): { value: string; gradient: Record<string, string> } {
  throw new Error("being written");
}
