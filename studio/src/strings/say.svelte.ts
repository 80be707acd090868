// What the page says, in the language chosen: one file per language, of the same shape.

import type english from "./en.json";

export type Strings = typeof english;
const files = {
  en: () => import("./en.json"),
  zh: () => import("./zh.json"),
} satisfies Record<string, () => Promise<{ default: Strings }>>;
export type Language = keyof typeof files;
export const languages = Object.keys(files) as Language[];

type Join<A extends string, B extends string> = A extends "" ? B : `${A}.${B}`;
/** The dotted paths of all texts. */
type Paths<T, Prefix extends string = ""> = T extends string
  ? Prefix
  : T extends readonly string[]
    ? `${Prefix}.${number}`
    : { [K in keyof T & string]: Paths<T[K], Join<Prefix, K>> }[keyof T & string];
export type Path = Paths<Strings>;

let spoken = $state.raw<Strings>();
let language = $state<Language>("en");

/** Loads a language and speaks it from then on. */
export async function speak(wanted: Language): Promise<void> {
  const { default: strings } = await files[wanted]();
  spoken = strings;
  language = wanted;
  document.documentElement.lang = wanted === "zh" ? "zh-CN" : wanted;
}

export const speaking = (): Language => language;

/** The language that the browser asks for, if there is one of ours. */
export function preferred(): Language {
  const asked = navigator.languages.map((tag) => tag.slice(0, 2));
  return (asked.find((tag) => tag in files) as Language | undefined) ?? "en";
}

/** A text, with `{name}` replaced by values. */
export function say(path: Path, values: Readonly<Record<string, string | number>> = {}): string {
  const found = path
    .split(".")
    .reduce<unknown>((part, key) => (part as Record<string, unknown> | undefined)?.[key], spoken);
  if (typeof found !== "string") return "";
  return found.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
}
