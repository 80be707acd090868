// Choosing by problem: the reasons are of the cards, and so is the order.

import { describe, expect, it } from "vitest";
import { catalogue, choose, defineLoss, huber, mse, problems } from "../../src/index.ts";

const names = (problem: string) => choose(problem).map(({ loss }) => loss);
const reason = (problem: string, loss: string) => choose(problem).find((one) => one.loss === loss)!;

describe("choose", () => {
  it("knows losses for every problem, with a reason for each", () => {
    expect(new Set(problems.map(({ name }) => name)).size).toBe(problems.length);
    for (const { name, title, advice } of problems) {
      const found = choose(name);
      expect(found.length, name).toBeGreaterThan(0);
      expect(title.length * advice.length, name).toBeGreaterThan(0);
      for (const { loss, because, but } of found) {
        expect(catalogue.has(loss), loss).toBe(true);
        expect([because, ...but].join(" "), `${name}: ${loss}`).not.toMatch(/undefined|NaN/);
        expect(because.length, `${name}: ${loss}`).toBeGreaterThan(8);
      }
    }
  }, 60_000);
  it("for outliers: what is convex first, then what forgets them; never what they pull without bound", () => {
    const found = names("outliers");
    expect(found).not.toContain("mse");
    expect(found.indexOf("huber")).toBeLessThan(found.indexOf("mae"));
    expect(found.indexOf("mae")).toBeLessThan(found.indexOf("tukeyBiweight"));
    expect(reason("outliers", "tukeyBiweight").because).toContain("1.341");
    expect(reason("outliers", "tukeyBiweight").but.join()).toContain("not convex");
    expect(reason("outliers", "huber").because).toContain("1 from |r| = 1 on");
    expect(reason("outliers", "huber").but).toEqual([]);
  });
  it("for boxes that may not meet: what pulls from afar first, overlap alone last", () => {
    const found = names("boxes");
    expect(found.indexOf("giou")).toBeLessThan(found.indexOf("iou"));
    expect(reason("boxes", "iou").because).toContain("up to a shift of 1;");
  });
  it("for calibrated probabilities: exactly the losses whose card says proper", () => {
    const proper = [...catalogue.values()]
      .filter((loss) => loss.properties().proper?.holds)
      .map(({ name }) => name);
    expect(names("calibrated").sort()).toEqual(proper.sort());
  }, 60_000);
  it("for wrong labels: bounded losses, and what they cost", () => {
    expect(names("labelNoise").sort()).toEqual(["generalizedCrossEntropy", "multiclassRamp", "ramp"]);
    expect(reason("labelNoise", "generalizedCrossEntropy").because).toContain("1.429 at most");
  });
  it("for imbalance: what restrains easy samples, by how much, and that its probabilities are off", () => {
    // (1 − p)^γ(1 − p + γ p (−log p)) at 0.9 and 0.1, γ = 2: Lin et al. 2017, appendix B.
    const slope = (p: number) => (1 - p) ** 2 * (1 - p - 2 * p * Math.log(p));
    expect(reason("imbalance", "binaryFocal").because).toContain(
      String(Number((slope(0.9) / slope(0.1)).toPrecision(4))),
    );
    expect(reason("imbalance", "binaryFocal").but.join()).toContain("probabilities are off");
    expect(reason("imbalance", "ldam").because).toContain("`classCounts`");
  });
  it("chooses among losses of your own", () => {
    const own = defineLoss({
      name: "own",
      family: "regression",
      inputs: { prediction: "...", target: "..." },
      expr: ({ prediction, target }) => prediction.sub(target).tanh().square(),
    });
    expect(choose("outliers", [own, mse, huber]).map(({ loss }) => loss)).toEqual(["huber", "own"]);
  });
  it("says which problem was meant", () => {
    expect(() => choose("outlier")).toThrow(
      'choose: there is no problem "outlier". Did you mean "outliers"?',
    );
  });
});
