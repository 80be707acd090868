// The language: what `import … from "lossc/language"` gives to people who write losses, passes or backends.

export { parseAxes } from "./axes.ts";
export { constant, Expr, iota, type Operand, oneHot, rebuild, size, topological, where } from "./expr.ts";
export { printProgram } from "./listing.ts";
export { type Op, opNames, opRow, ops } from "./ops.ts";
export {
  build,
  type Line,
  type Meaning,
  parse,
  type Script,
  type Span,
  type Tree,
  typescriptOf,
  type Written,
  words,
} from "./parse/index.ts";
export { print } from "./print.ts";
export type { BinaryTarget, ClassTarget, SideWeights, Truth } from "./targets.ts";
export { verify } from "./verify.ts";
