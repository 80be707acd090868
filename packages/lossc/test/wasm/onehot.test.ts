// What is chosen at one place of a row, wherever the place is and whatever the row's length: the label's own margin does not
// count, nor does a label that is none.

import { expect, it } from "vitest";
import { multiclassHinge } from "../../src/index.ts";

type Engine = "wasm" | "reference";

it.each(["float32", "float64"] as const)("is the reference's in %s, for rows of 1 to 70 numbers", (dtype) => {
  for (let length = 1; length <= 70; length++) {
    const logits = Array.from({ length }, () => Array.from({ length }, (_, i) => Math.sin(i * 7)));
    const target = logits.map((_, place) => place);
    const [got, want] = (["wasm", "reference"] as const).map((engine: Engine) =>
      multiclassHinge.valueAndGrad({ logits, target }, { engine, dtype, reduction: "sum" }),
    );
    expect(Math.abs(got.value - want.value), `rows of ${length}`).toBeLessThan(1e-6 * length * length);
    for (const [i, slope] of want.grads.logits.data.entries())
      expect(Math.abs(got.grads.logits.data[i] - slope), `rows of ${length}`).toBeLessThan(1e-6);
  }
});
