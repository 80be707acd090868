// Colours and line styles: one palette for light ground and one for dark, told apart by colour-blind people too.

import type { Attributes } from "./svg.ts";

/** "auto" follows the reader's system by a media query inside the picture. */
export type Theme = "light" | "dark" | "auto";

/** What a thing is; its colour follows from the theme. */
export type Role = "ground" | "ink" | "muted" | "grid" | "zero" | "shade" | `series${number}`;

type Palette = Readonly<Record<string, string>>;

/** Near Okabe and Ito's hues, with a contrast of at least 3 : 1 on their ground. The first six were searched for, so that
 * any two of them differ most to whoever sees fewer colours; a test measures it. */
export const palettes: Readonly<Record<"light" | "dark", Palette>> = {
  light: {
    ground: "#ffffff",
    ink: "#1b1f24",
    muted: "#57606a",
    grid: "#e3e7eb",
    zero: "#b3bac2",
    shade: "#f0e6d2",
    series0: "#0072b2",
    series1: "#d55e00",
    series2: "#19a75d",
    series3: "#ca6d9b",
    series4: "#540e2c",
    series5: "#3e2c07",
    series6: "#2f9bd8",
    series7: "#8250df",
  },
  dark: {
    ground: "#0d1117",
    ink: "#e6edf3",
    muted: "#9da7b1",
    grid: "#2a3038",
    zero: "#5d6772",
    shade: "#33290f",
    series0: "#58b0f0",
    series1: "#ff8a3d",
    series2: "#3fdc85",
    series3: "#f0508f",
    series4: "#f2e94e",
    series5: "#8468e0",
    series6: "#f0f3f6",
    series7: "#4fc3c7",
  },
};

/** How many series have a colour of their own. */
export const colours = 8;
/** The second channel: lines that differ without colour. The first is solid. */
const dashes = ["", "8 4", "2 3", "10 3 2 3", "5 3", "14 4", "10 3 2 3 2 3", "3 2 8 2"];

export const seriesRole = (index: number): Role => `series${index % colours}`;
/** After the colours are used up the line styles move on by one, so that no two of 64 series look alike. */
export const dashOf = (index: number): string | undefined =>
  dashes[(index + Math.floor(index / colours)) % dashes.length] || undefined;

/** Gives elements their colours, and knows which it gave. */
export interface Paint {
  (roles: { readonly fill?: Role; readonly stroke?: Role }): Attributes;
  /** What the picture's style element says: the other palette, under "auto". */
  style(): string;
}

/** Colours are attributes, which every reader of SVG understands; only what differs in the dark is a style. */
export function paintFor(theme: Theme): Paint {
  const base = palettes[theme === "dark" ? "dark" : "light"];
  const used = new Set<string>();
  const paint = (roles: { readonly fill?: Role; readonly stroke?: Role }): Attributes => {
    const pairs = Object.entries(roles);
    const colour = Object.fromEntries(pairs.map(([property, role]) => [property, base[role]]));
    if (theme !== "auto") return colour;
    const classes = pairs.map(([property, role]) => `${property}-${role}`);
    for (const name of classes) used.add(name);
    return { ...colour, class: classes.join(" ") };
  };
  const style = () => {
    if (used.size === 0) return "";
    const rules = [...used].sort().map((name) => {
      const [property, role] = name.split("-");
      return `.lossc-plot .${name}{${property}:${palettes.dark[role]}}`;
    });
    return `@media (prefers-color-scheme:dark){${rules.join("")}}`;
  };
  return Object.assign(paint, { style });
}
