// The first room's own parts: the property card as the library measures it, its marks in the chart, and the SQL panel.

import { catalogue, viewsOf } from "lossc";
import { sqlOf } from "lossc/sql";
import type { Locator } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import { picks, writePicks } from "../src/state/fields.ts";
import en from "../src/strings/en.json" with { type: "json" };
import { shown } from "../src/ui/number.ts";
import { useSite } from "./site.ts";
import type { Visit } from "./visit.ts";

const site = useSite();
let at: Visit;
beforeAll(async () => {
  at = await site.visit();
});

/** The room looking at one loss of a list. */
const look = (losses: string, focus = 0, more = "") =>
  at.go(`#/curves/1?losses=${encodeURIComponent(writePicks(picks(losses).default))}&focus=${focus}${more}`);

describe("the property card", () => {
  const facts = en.card.facts;
  /** The fact in a row of the card, once it is measured. */
  const fact = (name: keyof typeof facts) =>
    at.page.getByRole("row", { name: facts[name] }).locator("b").first().textContent();

  it("says of a loss what the library measures, along the view that is looked at", async () => {
    await look("mse,huber", 1);
    const { largestSlope, kinks, outlier, convex } = catalogue.get("huber")!.properties({ over: "residual" });
    expect(await fact("largestSlope")).toBe(shown(largestSlope!.value));
    expect(await fact("kinks")).toBe(
      kinks!.places.map((place) => shown(place.at, 3)).join(", ") || en.card.no,
    );
    expect(await fact("outlier")).toBe(en.card.influences[outlier!.influence]);
    expect(await fact("convex")).toBe(convex!.holds ? en.card.yes : en.card.no);
    expect(convex!.holds).toBe(true);
  });

  it("is measured anew for another loss and for another parameter", async () => {
    await at.page.getByRole("button", { name: "mse", exact: true }).click();
    await expect.poll(() => fact("outlier")).toBe(en.card.influences.unbounded);
    await look("huber(delta=3)");
    const { largestSlope } = catalogue.get("huber")!.properties({ over: "residual", params: { delta: 3 } });
    expect(largestSlope!.value).toBe(3);
    expect(await fact("largestSlope")).toBe("3");
  });

  it("is of the loss that one wrote", async () => {
    await look("own", 0, "&own=regression:abs(prediction%20-%20target)%20*%207");
    expect(await fact("largestSlope")).toBe("7");
    expect(await fact("kinks")).toBe("0");
  });
});

/** What the chart reaches over. */
const rangeOf = (name: string, over: string) =>
  viewsOf(catalogue.get(name)!).find((view) => view.name === over)!.range;

describe("marks in the chart", () => {
  const marks = (kind: string) => at.page.locator(`figure .marks .${kind}`);
  /** Where a mark stands along the chart, from 0 to 1. */
  async function along(mark: Locator, side: "left" | "middle" | "right"): Promise<number> {
    const plot = (await at.page.locator("figure svg .field").first().boundingBox())!;
    const { x, width } = (await mark.boundingBox())!;
    return (x + { left: 0, middle: width / 2, right: width }[side] - plot.x) / plot.width;
  }

  it("a corner stands where the card says, and only there", async () => {
    await look("hinge", 0, "&over=margin");
    await marks("kink").first().waitFor();
    const { kinks } = catalogue.get("hinge")!.properties({ over: "margin" });
    expect(await marks("kink").count()).toBe(kinks!.places.length);
    const [from, to] = rangeOf("hinge", "margin");
    expect(await along(marks("kink"), "middle")).toBeCloseTo((kinks!.places[0].at - from) / (to - from), 2);
  });

  it("where the slope has died is marked as far as the chart reaches", async () => {
    await look("tukeyBiweight", 0, "&zoom=2");
    await marks("dead").first().waitFor();
    const { deadZones } = catalogue.get("tukeyBiweight")!.properties({ over: "residual" });
    const [from, to] = rangeOf("tukeyBiweight", "residual").map((end) => 2 * end);
    const inside = deadZones!.on
      .map(([a, b]) => [Math.max(a, from), Math.min(b, to)])
      .filter(([a, b]) => b > a);
    expect(inside.length).toBe(2);
    expect(await marks("dead").count()).toBe(inside.length);
    for (const [i, [a, b]] of inside.entries()) {
      expect(await along(marks("dead").nth(i), "left")).toBeCloseTo((a - from) / (to - from), 2);
      expect(await along(marks("dead").nth(i), "right")).toBeCloseTo((b - from) / (to - from), 2);
    }
    expect(await at.page.locator("figure .marks .tag").first().textContent()).toContain(en.card.dead);
  });

  it("a loss without corner and dead zone has none", async () => {
    await look("mse", 0, "&zoom=2");
    await at.page.getByRole("row", { name: en.card.facts.largestSlope }).waitFor();
    expect(await at.page.locator("figure .marks > *").count()).toBe(0);
  });
});

describe("the SQL panel", () => {
  const listing = () => at.page.locator("details[open] .listing");
  const open = () => at.page.getByText(en.code.label.replace("{language}", "SQL"), { exact: true }).click();
  const numbered = (name: string, ends: readonly (string | number)[]) => ends.map((end) => `${name}_${end}`);
  const three = { logits: numbered("logits", [0, 1, 2]), target: "target" };
  const sides = ["cx", "cy", "w", "h"];

  it.each([
    ["huber(delta=3)", "residual", { delta: 3 }, { prediction: "prediction", target: "target" }],
    ["crossEntropy", "lead", {}, three],
    [
      "giou(format=cxcywh)",
      "shift",
      { format: "cxcywh" },
      { prediction: numbered("prediction", sides), target: numbered("target", sides) },
    ],
  ] as const)(
    "prints the library's statement of %s when it is opened",
    async (pick, over, options, inputs) => {
      await look(pick, 0, `&over=${over}`);
      expect(await listing().count()).toBe(0);
      await open();
      await listing().waitFor();
      const loss = catalogue.get(pick.replace(/\(.*/, ""))!;
      expect(await listing().textContent()).toBe(sqlOf([{ loss, options, inputs }]));
    },
  );

  it("follows the loss that is looked at, and says why one has none", async () => {
    await look("ghmR,mse");
    await open();
    await expect.poll(() => listing().textContent()).toMatch(/^-- ghmR: this loss has no SQL/);
    await at.page.getByRole("button", { name: "mse", exact: true }).click();
    await expect.poll(() => listing().textContent()).toMatch(/^SELECT|^WITH/);
  });
});

it("nothing went wrong or left the page's folder", () => expect(at.wrong).toEqual([]));
