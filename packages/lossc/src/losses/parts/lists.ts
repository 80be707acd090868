// Lists of documents (axis c) with scores and relevance: which exist, which pairs have an order, who stands where.

import { type Expr, iota, where } from "../../language/expr.ts";

/** What every loss over lists takes. `mask` says which documents exist; without it all do. */
export const listInputs = {
  scores: "n c",
  relevance: "n c",
  mask: { axes: "n c", role: "data", optional: true },
} as const;

/** The same lists along k, for documents to meet one another. */
export const other = (values: Expr): Expr => values.rename("c", "k");

export interface Lists {
  /** Which documents exist. */
  readonly present: Expr;
  /** Pairs (c, k) of documents that exist, the first more relevant. */
  readonly ordered: Expr;
  /** Whether a list has such a pair. */
  readonly counted: Expr;
}

export function listsOf(relevance: Expr, mask: Expr | undefined): Lists {
  const present = mask ? mask.ne(0) : iota("c").ge(0);
  const ordered = relevance.gt(other(relevance)).and(present).and(other(present));
  return { present, ordered, counted: ordered.any("k").any("c") };
}

/** Whether k stands before c when `values` fall; equals keep their order. */
export const before = (values: Expr): Expr =>
  other(values)
    .gt(values)
    .or(
      other(values)
        .eq(values)
        .and(iota("k").lt(iota("c"))),
    );

/** 1 for the largest of the documents that exist, 2 for the next … */
export const rankOf = (values: Expr, present: Expr): Expr =>
  before(values).and(other(present)).count("k").add(1);

/** Values of documents that exist, −∞ of others; a list that does not count is left as it is, which no one sees. */
export const ofPresent = (values: Expr, { present, counted }: Lists): Expr =>
  where(present.or(counted.not()), values, Number.NEGATIVE_INFINITY);
