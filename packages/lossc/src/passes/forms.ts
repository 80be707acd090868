// The two readings of `computedAs`. In: a definition's expression. Out: the one people read, or the one engines run.

import { remembering } from "../language/expr.ts";

const choose = (which: 0 | 1) => remembering((node) => (node.op === "computedAs" ? node.args[which] : node));

/** The formula as a paper writes it. */
export const formulaForm = choose(0);
/** The equal expression that keeps its digits. */
export const computedForm = choose(1);
