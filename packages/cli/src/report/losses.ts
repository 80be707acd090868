// What a report says of a loss: what it is, its formula, its parameters here, and what was measured of it.

import type { Interval, PropertyCard } from "lossc";
import { docs } from "lossc/docs";
import { cardOf } from "../eval/card.ts";
import { parametersOf } from "../eval/shapes.ts";
import type { LossSpec } from "../eval/spec.ts";
import { escapeHtml, htmlTable, prose } from "./html.ts";

export async function aboutLoss(spec: LossSpec, formulaHtml: (latex: string) => string): Promise<string> {
  const { loss, text } = spec;
  const doc = docs[loss.name];
  const parameters = Object.entries(parametersOf(spec)).map(
    ([name, value]) => `<code>${escapeHtml(`${name} = ${shown(value)}`)}</code>`,
  );
  const card = cardOf(spec);
  return [
    `<h3>${escapeHtml(text)}</h3>`,
    ...(doc
      ? [`<p>${prose(doc.summary)}</p>`, ...(doc.detail ? [`<p class="muted">${prose(doc.detail)}</p>`] : [])]
      : []),
    formulaHtml(loss.formula.value),
    ...(parameters.length > 0 ? [`<p>With ${parameters.join(", ")}.</p>`] : []),
    ...(card ? [cardHtml(text, card)] : []),
    ...(loss.references.length > 0
      ? [`<p class="muted">${loss.references.map(escapeHtml).join("<br>")}</p>`]
      : []),
  ].join("\n");
}

const shown = (value: unknown): string => {
  if (value === Math.E) return "e";
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : JSON.stringify(value);
};

const yes = (holds: boolean): string => (holds ? "yes" : "no");
const short = (x: number): string =>
  Number.isFinite(x) ? String(Number(x.toPrecision(5))) : x > 0 ? "∞" : x < 0 ? "−∞" : "–";
const intervals = (all: readonly Interval[]): string =>
  all.map(([from, to]) => `${short(from)} … ${short(to)}`).join(", ");

/** Facts by what they are called; each gives a verdict and what shows it, where the card has it. */
const facts: readonly (readonly [
  title: string,
  of: (card: PropertyCard) => readonly [string, string] | undefined,
])[] = [
  [
    "convex",
    ({ convex }) =>
      convex && [convex.holds ? "yes" : `no, not on ${intervals(convex.notOn)}`, convex.evidence],
  ],
  [
    "corners",
    ({ kinks }) =>
      kinks && [
        kinks.places.length === 0 ? "none" : `at ${kinks.places.map(({ at }) => short(at)).join(", ")}`,
        kinks.evidence,
      ],
  ],
  ["largest slope", ({ largestSlope }) => largestSlope && [short(largestSlope.value), largestSlope.evidence]],
  [
    "slope dies although wrong",
    ({ deadZones }) =>
      deadZones && [
        deadZones.on.length === 0 ? "nowhere" : `on ${intervals(deadZones.on)}`,
        deadZones.evidence,
      ],
  ],
  ["influence of an outlier", ({ outlier }) => outlier && [outlier.influence, outlier.evidence]],
  ["proper", ({ proper }) => proper && [yes(proper.holds), proper.evidence]],
  ["range", ({ range }) => range && [`${short(range.from)} … ${short(range.to)}`, range.evidence]],
];

function cardHtml(text: string, card: PropertyCard): string {
  const rows = facts.flatMap(([title, of]) => {
    const fact = of(card);
    return fact ? [[title, ...fact]] : [];
  });
  const columns = ["property", "here", "what shows it"].map((title) => ({ title, align: "left" as const }));
  const along = card.view ? ` along ${card.view.label}` : "";
  return htmlTable(`Properties of ${text}, measured${along}`, columns, rows, { wraps: true });
}
