// SVG as text: elements, attributes, and numbers short enough to read and the same on every machine.

export type Attributes = Readonly<Record<string, string | number | undefined>>;
export type Child = string | readonly string[];

/** A place on the picture, in pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A number of pixels with at most two decimals. */
export const px = (value: number): string => String(Math.round(value * 100) / 100 || 0);

export const escapeText = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => entities[character]).replace(unprintable, "\uFFFD");

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
/** Characters that XML 1.0 does not allow, and halves of surrogate pairs. */
const unprintable =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not get through
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

/** `<name …>children</name>`; children are SVG already, text goes through `escapeText` first. */
export function element(name: string, attributes: Attributes, ...children: readonly Child[]): string {
  const words = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(
      ([key, value]) => ` ${key}="${typeof value === "number" ? px(value) : escapeText(value as string)}"`,
    );
  const inside = children.flat().filter((child) => child !== "");
  const open = `<${name}${words.join("")}`;
  if (inside.length === 0) return `${open}/>`;
  const lines = inside.some((child) => child.startsWith("<"));
  return lines ? `${open}>\n${inside.join("\n")}\n</${name}>` : `${open}>${inside.join("")}</${name}>`;
}
