// What the page says, in the language chosen: one file per language, of the same shape, loaded in parts.

import parts from "virtual:strings";
import { type Phrase, wordsOf } from "lossc";
import type { Complaint } from "../training/complaint.ts";
import type english from "./en.json";

export type Strings = typeof english;
export const languages = ["en", "zh"] as const;
export type Language = (typeof languages)[number];

type Join<A extends string, B extends string> = A extends "" ? B : `${A}.${B}`;
/** The dotted paths of all texts. */
type Paths<T, Prefix extends string = ""> = T extends string
  ? Prefix
  : T extends readonly string[]
    ? `${Prefix}.${number}`
    : { [K in keyof T & string]: Paths<T[K], Join<Prefix, K>> }[keyof T & string];
export type Path = Paths<Strings>;

let spoken = $state.raw<object>();
/** The library's own sentences by their English. */
let phrases = $state.raw<Readonly<Record<string, string>>>({});
let language = $state<Language>("en");

/** Loads a language's texts for a room and speaks it from then on. */
export async function speak(wanted: Language, room: string): Promise<void> {
  const names = ["", room, "phrases"];
  const [shared, own, library] = await Promise.all(names.map((name) => parts[wanted][name]?.()));
  const texts = shared!.default as { readonly rooms: object };
  spoken = { ...texts, rooms: { ...texts.rooms, [room]: own!.default } };
  phrases = (library?.default ?? {}) as typeof phrases;
  language = wanted;
  document.documentElement.lang = wanted === "zh" ? "zh-CN" : wanted;
}

export const speaking = (): Language => language;

/** The language that the browser asks for, if there is one of ours. */
export function preferred(): Language {
  const asked = navigator.languages.map((tag) => tag.slice(0, 2));
  return (
    languages.find(
      (language) => language === asked.find((tag) => (languages as readonly string[]).includes(tag)),
    ) ?? "en"
  );
}

/** A text, with `{name}` replaced by values. */
export function say(path: Path, values: Readonly<Record<string, string | number>> = {}): string {
  const found = path
    .split(".")
    .reduce<unknown>((part, key) => (part as Record<string, unknown> | undefined)?.[key], spoken);
  if (typeof found !== "string") return "";
  return found.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
}

/** A sentence of the library's, in the language chosen. */
export const told = (phrase: Phrase): string => wordsOf(phrase, (english) => phrases[english] ?? english);

/** What an error says and what to do about it, in the language chosen. One that has no phrases, such as the browser's own,
 * is quoted. */
export function toldError({ message, phrases: said }: Complaint): string {
  if (!said) return say("quoted", { message });
  const [what, remedy] = [told(said.message), told(said.remedy)];
  return language === "zh" ? what + remedy : `${what} ${remedy}`.trim();
}

/** A family of losses; one of one's own has no word here. */
export const familyName = (family: string): string => say(`families.${family}` as Path) || family;
