// The two readings of `computedAs`. In: a definition's expression. Out: the one people read, or the one engines run.

import { remembering } from "../language/rewrite.ts";

/** The formula as a paper writes it. */
export const formulaForm = remembering({ computedAs: (_, formula) => formula });
/** The equal expression that keeps its digits. */
export const computedForm = remembering({ computedAs: (_, __, stable) => stable });
