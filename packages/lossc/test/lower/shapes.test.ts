// Losses that are not in the catalogue lower as well: contrastive, ranking, histogram, nested rows.

import { expect, it } from "vitest";
import { defineLoss } from "../../src/index.ts";
import { iota, where } from "../../src/language/expr.ts";
import { lower, printKernel, verifyKernel } from "../../src/passes/lower/index.ts";
import { difference } from "../vectors.ts";
import { interpret } from "./interpret.ts";
import { labels, positive, table } from "./numbers.ts";
import { requestOf } from "./request.ts";

function lowered(run: () => unknown) {
  const { program, bindings, answer } = requestOf(run);
  const kernel = lower(program);
  verifyKernel(kernel);
  const results = interpret(kernel, bindings);
  const faults = Object.entries(answer)
    .map(([output, expected]) => [output, difference(results[output], Array.from(expected), 1e-9)])
    .filter(([, fault]) => fault !== undefined);
  return { faults, listing: printKernel(kernel), kernel };
}
const engine = { engine: "reference" } as const;

it("a supervised contrastive loss streams over tiles: no row of a row", () => {
  const supervised = defineLoss({
    name: "supervisedContrastive",
    family: "metric",
    inputs: { embeddings: "n d", labels: { axes: "n", kind: "index" } },
    params: { temperature: { default: 0.5, above: 0, doc: "How sharp." } },
    references: ["Khosla et al. 2020"],
    expr({ embeddings, labels, temperature }) {
      const unit = embeddings.unit("d");
      const similarity = unit.contract(unit.rename("n", "m"), "d").div(temperature);
      const other = iota("n").ne(iota("m"));
      const same = labels.eq(labels.rename("n", "m")).and(other);
      const logits = where(other, similarity, Number.NEGATIVE_INFINITY);
      const logProbability = logits.logSoftmax("m");
      const mean = where(same, logProbability, 0)
        .sum("m")
        .div(where(same, 1, 0).sum("m").max(1));
      return mean.neg();
    },
  });
  const { faults, listing } = lowered(() =>
    supervised.valueAndGrad({ embeddings: table(1, 70, 5), labels: labels(70, 4) } as never, engine as never),
  );
  expect(faults).toEqual([]);
  // One pass for what each row needs of itself, one for the pulls of both sides: each sample writes its own gradient.
  expect(listing.match(/product\(/g)).toHaveLength(3);
  expect(listing).not.toContain("serial");
});

it("a loss of all pairs of a row's classes is one loop in another", () => {
  const ranking = defineLoss({
    name: "pairwiseRanking",
    family: "ranking",
    inputs: { logits: "n c", relevance: { axes: "n c", role: "data" } },
    params: {},
    references: ["Burges et al. 2005"],
    expr({ logits, relevance }) {
      const better = relevance.gt(relevance.rename("c", "k"));
      return where(better, logits.rename("c", "k").sub(logits).softplus(), 0).sum("k").sum("c");
    },
  });
  const { faults, kernel } = lowered(() =>
    ranking.valueAndGrad({ logits: table(1, 4, 7), relevance: positive(2, 4, 7) } as never, engine as never),
  );
  expect(faults).toEqual([]);
  expect(kernel.buffers.filter(({ role }) => role === "temporary")).toEqual([]);
});
