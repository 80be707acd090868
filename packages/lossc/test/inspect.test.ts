// The loop program of a loss, for people to read.

import { describe, expect, it } from "vitest";
import { catalogue, crossEntropy, huber } from "../src/index.ts";
import { loops } from "../src/inspect.ts";

describe("loops(…)", () => {
  it("of every loss of the catalogue are a program", () => {
    for (const loss of catalogue.values()) expect(loops(loss), loss.name).toMatch(/^for /m);
  });

  it("of huber are one loop that stores the gradient and folds the loss", () => {
    const text = loops(huber);
    expect(text.match(/^for /gm)).toHaveLength(1);
    expect(text).toMatch(/grad\.prediction\[\.\.\.\] = /);
    expect(text).toMatch(/^value = /m);
  });

  it("follow the options", () => {
    expect(loops(crossEntropy, { reduction: "none" })).toContain("perSample[n] = ");
    expect(loops(crossEntropy, { weight: [1] })).toContain("option.weight[n]");
    expect(() => loops(crossEntropy, { temperature: 2 })).toThrow(/temperature/);
  });
});
