// lossc/columns: which columns are which input, and which rows can be used.

import { describe, expect, it } from "vitest";
import {
  boxPrefixes,
  boxSides,
  boxSources,
  byTier,
  type Column,
  cellCheck,
  familyOf,
  namesOf,
  numberSources,
  numbersOf,
  rowPrefixes,
  rowSources,
  scalarNames,
  truthPrefixes,
  weightCheck,
} from "../src/columns/index.ts";
import { catalogue } from "../src/index.ts";

const columns = (...names: string[]): Column[] => names.map((name) => ({ name }));
const list = (name: string, lists: Column["lists"] = true): Column => ({ name, lists });
const named = (sources: readonly { readonly columns: readonly Column[] }[]) =>
  sources.map((source) => source.columns.map(({ name }) => name));

describe("columns by name", () => {
  it("one number per row, whatever the capitals, and no list", () => {
    const found = numberSources([...columns("Y_True", "yy"), list("y")], scalarNames.target.sure);
    expect(found).toEqual([{ kind: "number", columns: [{ name: "Y_True" }] }]);
  });

  it("a column per class, in the order of the numbers; names stay as they stand", () => {
    const found = rowSources(
      columns("logit_10", "logit_9", "Logits.dog", "logits.cat", "logit", "score_1"),
      rowPrefixes.logits.sure,
    );
    expect(found.map((source) => source.kind === "row" && source.classes)).toEqual([
      ["9", "10"],
      ["dog", "cat"],
    ]);
  });

  it("a single column of a family is none, and lists are taken whole, also where some rows hold another thing", () => {
    const given = [...columns("prob_0"), list("probs"), list("p", "some"), list("proba", false)];
    expect(rowSources(given, rowPrefixes.probabilities.sure)).toEqual([
      { kind: "list", columns: [list("probs")] },
      { kind: "list", columns: [list("p", "some")] },
    ]);
  });

  it.each([
    ["xyxy", ["pred_x1", "pred_y1", "pred_x2", "pred_y2"], ["pred"]],
    ["xyxy", ["P.xmin", "P.ymin", "P.xmax", "P.ymax"], ["p"]],
    ["xywh", ["pred_x", "pred_y", "pred_width", "pred_height"], ["pred"]],
    ["cxcywh", ["pred_cx", "pred_cy", "pred_w", "pred_h"], ["pred"]],
    ["xywh", ["x", "y", "w", "h"], [""]],
  ])("a box as %s: %s", (format, names, prefixes) => {
    const given = columns(...[...names].reverse(), "label");
    expect(named(boxSources(given, prefixes, format))).toEqual([names]);
    for (const other of Object.keys(boxSides).filter((one) => one !== format))
      expect(boxSources(given, prefixes, other)).toEqual([]);
  });

  it("a box as a list, by the prefix alone or with _box", () => {
    const given = [list("true"), list("gt_box"), list("boxes")];
    expect(named(boxSources(given, boxPrefixes.target.sure, "xyxy"))).toEqual([["true"], ["gt_box"]]);
  });

  it("names that are only perhaps right are taken where no sure one is there", () => {
    const find = (...names: string[]) =>
      byTier(scalarNames.probability, (tier) => numberSources(columns(...names), tier));
    expect(find("score", "p")).toMatchObject({ perhaps: false, sources: [{ columns: [{ name: "p" }] }] });
    expect(find("score")).toMatchObject({ perhaps: true, sources: [{ columns: [{ name: "score" }] }] });
    expect(byTier(truthPrefixes, () => [])).toEqual({ sources: [], perhaps: false });
  });

  it("columns that a person named are called by what they do not share", () => {
    const classes = (sorted: boolean, ...names: string[]) => {
      const source = familyOf(columns(...names), sorted);
      return source.kind === "row" && source.classes;
    };
    expect(classes(false, "logit_1", "logit_12")).toEqual(["1", "12"]);
    expect(classes(false, "cat", "cow")).toEqual(["cat", "cow"]);
    expect(classes(true, "z2", "z10", "z1")).toEqual(["1", "2", "10"]);
  });

  it("every input of the catalogue has names, and those are no one's twice within a tier", () => {
    for (const { inputs } of catalogue.values())
      for (const name of Object.keys(inputs)) {
        const { sure, perhaps = [] } = namesOf(name);
        expect(sure.length, name).toBeGreaterThan(0);
        expect(new Set([...sure, ...perhaps]).size, name).toBe(sure.length + perhaps.length);
      }
    expect(namesOf("sampleQuality").sure).toEqual(["samplequality", "sample_quality"]);
  });

  it("kinds of numbers are never taken for one another", () => {
    expect(numbersOf("logits", undefined, false)).toBe("logits");
    expect(numbersOf("prediction", undefined, true)).toBe("logits");
    expect(numbersOf("prediction", "box", true)).toBe("any");
    expect(numbersOf("prediction", "distribution", true)).toBe("probabilities");
    expect(numbersOf("logProbability", "logDistribution", true)).toBe("logProbabilities");
    expect(numbersOf("prediction", undefined, false)).toBe("any");
  });
});

describe("what numbers must be", () => {
  const of = (about: object, options = {}) =>
    cellCheck({ kind: "float", domain: undefined, numbers: "any", isRow: false, ...about }, options);
  it.each([
    ["finite", {}, {}, [0, -1e308], [Number.NaN, Number.POSITIVE_INFINITY]],
    ["number", { numbers: "logits" }, {}, [Number.NEGATIVE_INFINITY, 3], [Number.NaN]],
    [
      "rowLogits",
      { numbers: "logits", isRow: true },
      {},
      [Number.NEGATIVE_INFINITY],
      [Number.NaN, Number.POSITIVE_INFINITY],
    ],
    ["probability", { domain: "probability" }, {}, [0, 1], [-0.1, 1.1, Number.NaN]],
    ["positive", { domain: "positive" }, {}, [1e-300], [0, Number.POSITIVE_INFINITY]],
    ["nonNegative", { domain: "nonNegative" }, {}, [0], [-1, Number.NaN]],
    ["nonZero", { domain: "nonZero" }, {}, [-1], [0, Number.POSITIVE_INFINITY]],
    ["aboveMinusOne", { domain: "aboveMinusOne" }, {}, [-0.9], [-1]],
    ["logDistribution", { domain: "logDistribution" }, {}, [-3, Number.NEGATIVE_INFINITY], [0.1]],
    ["binary", { kind: "binary" }, { ignored: -100 }, [0, 0.3, 1, -100], [2, -1, Number.NaN]],
    ["sign", { kind: "sign" }, {}, [-1, 1], [0]],
    ["binarySign", { kind: "sign" }, { binary: true }, [0, 1], [-1]],
    ["index", { kind: "index" }, {}, [3], [1.5, Number.NaN]],
  ] as const)("%s", (rule, about, options, good, bad) => {
    const check = of(about, options);
    expect(check.rule).toBe(rule);
    for (const number of good) expect(check.find([number], 0, 1), `${number}`).toBeUndefined();
    for (const number of bad) expect(check.find([0, number], 1, 1), `${number}`).toEqual({ place: 0 });
  });

  it("probabilities of a row sum to 1, as far as float16 has them", () => {
    const check = of({ domain: "distribution", isRow: true });
    expect(check.find([9, 0.3, 0.7004], 1, 2)).toBeUndefined();
    expect(check.find([0.3, 0.6], 0, 2)).toEqual({ place: 0, sum: 0.3 + 0.6 });
    expect(check.find([0.3, Number.NaN], 0, 2)).toEqual({ place: 1 });
    expect(of({ kind: "classes" }).rule).toBe("distribution");
  });

  it.each([
    ["xyxy", "corners", [0, 0, 2, 2], [2, 0, 0, 2]],
    ["xywh", "size", [2, 0, 0, 2], [0, 0, -1, 2]],
    ["cxcywh", "size", [2, 0, 0, 2], [0, 0, 1, -2]],
  ] as const)("boxes as %s", (format, rule, good, bad) => {
    const check = of({ domain: "box", isRow: true }, { format });
    expect(check.rule).toBe(rule);
    expect(check.find(good, 0, 4)).toBeUndefined();
    expect(check.find(bad, 0, 4)).toEqual({ place: 0, all: bad });
    expect(check.find([0, 0, Number.NaN, 1], 0, 4)).toEqual({ place: 2 });
  });

  it("weights are finite and not negative", () => {
    expect(weightCheck.find([0, 2], 0, 2)).toBeUndefined();
    expect(weightCheck.find([1, -2], 0, 2)).toEqual({ place: 1 });
    expect(weightCheck.expected).toBe("a finite weight >= 0");
  });

  it("what it refuses, a call refuses or gives no number for", () => {
    for (const loss of catalogue.values()) {
      const names = Object.keys(loss.inputs).filter((name) => !loss.inputs[name].optional);
      if (names.some((name) => loss.inputs[name].axes !== "...")) continue;
      for (const bad of names) {
        const { kind, domain } = loss.inputs[bad];
        const told = typeof domain === "function" ? undefined : domain;
        const { find } = of({ kind, domain: told, numbers: numbersOf(bad, told, false) });
        for (const number of [Number.NaN, -3, 0, 1, 2]) {
          const inputs = Object.fromEntries(names.map((name) => [name, [name === bad ? number : 1]]));
          const isRefused = find([number], 0, 1) !== undefined;
          let value = 0;
          try {
            value = loss(inputs as never) as number;
          } catch {
            value = Number.NaN;
          }
          if (isRefused) expect(value, `${loss.name} ${bad} ${number}`).toBeNaN();
        }
      }
    }
  });
});
