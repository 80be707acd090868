// How wide text is, without a font to ask: a little more than Helvetica's, so that wider fonts have room.

import { type Attributes, element, escapeText } from "./svg.ts";
import type { Paint, Role } from "./theme.ts";

export const fontFamily = "system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif";
/** In pixels. */
export const fontSize = { title: 16, axis: 13, legend: 13, tick: 12, key: 11.5 } as const;

/** Widths in em of characters that are not of the usual width. */
const widths: readonly (readonly [characters: string, em: number])[] = [
  [" .,:;'|!ijlIt()[]/\\f·r-", 0.34],
  ["mwMW@%—…", 0.95],
  ["ABCDEFGHKLNOPQRSTUVXYZ&+=<>−±×≤≥→", 0.72],
];
const usual = 0.58;
/** Of a full-width (Chinese, Japanese, Korean) character. */
const full = 1.05;

function widthOf(character: string): number {
  if (character >= "\u2E80") return full;
  return widths.find(([characters]) => characters.includes(character))?.[1] ?? usual;
}

/** The width of a text, in pixels. */
export function textWidth(text: string, size: number, bold = false): number {
  let em = 0;
  for (const character of text) em += widthOf(character);
  return em * size * (bold ? 1.08 : 1);
}

/** The text, or its beginning and "…", within a width in pixels. */
export function truncate(text: string, size: number, width: number, bold = false): string {
  if (textWidth(text, size, bold) <= width) return text;
  const characters = [...text];
  while (characters.length > 1 && textWidth(`${characters.join("")}…`, size, bold) > width) characters.pop();
  return `${characters.join("").trimEnd()}…`;
}

export interface TextStyle {
  readonly size: number;
  readonly role?: Role;
  readonly anchor?: "start" | "middle" | "end";
  readonly bold?: boolean;
  readonly more?: Attributes;
}

/** A text element with its baseline at y. */
export const label = (paint: Paint, text: string, x: number, y: number, style: TextStyle): string =>
  element(
    "text",
    {
      x,
      y,
      "font-size": style.size,
      "text-anchor": style.anchor === "start" ? undefined : style.anchor,
      "font-weight": style.bold ? "600" : undefined,
      ...paint({ fill: style.role ?? "ink" }),
      ...style.more,
    },
    escapeText(text),
  );
