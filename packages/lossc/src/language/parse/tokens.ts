// From text to tokens, each with the place where it stands.

import { LossError } from "../../errors.ts";
import { type Phrase, phrase } from "../../phrase.ts";

/** From a character to another, the second not included. */
export type Span = readonly [from: number, to: number];

export interface Token {
  readonly kind: "number" | "name" | "sign" | "line" | "end";
  readonly text: string;
  readonly at: Span;
}

/** Longest first: "<=" is one sign. `**` and `!=` have other spellings, which people write as well. */
const signs = [
  "**",
  "<=",
  ">=",
  "==",
  "!=",
  "&&",
  "||",
  "+",
  "-",
  "*",
  "/",
  "^",
  "(",
  ")",
  ",",
  "<",
  ">",
  "=",
  "!",
];
/** What is typed on phones and copied from papers, for what it means. */
const spellings: Readonly<Record<string, string>> = {
  "−": "-",
  "·": "*",
  "×": "*",
  "÷": "/",
  "≤": "<=",
  "≥": ">=",
  "≠": "!=",
};
const number = /^(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/;
const name = /^[A-Za-z_][A-Za-z0-9_]*/;

export const syntaxError = (message: Phrase, span: Span, note?: Phrase): LossError =>
  new LossError("syntax", message, note === undefined ? { span } : { span, note });

/** Lines end at a line break or a semicolon; `#` and `//` begin a comment. Throws `syntax` at what is none of it. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const add = (kind: Token["kind"], length: number, read = text.slice(at, at + length)) => {
    tokens.push({ kind, text: read, at: [at, at + length] });
    at += length;
  };
  while (at < text.length) {
    const rest = text.slice(at);
    const space = /^(?:[ \t\r]+|#[^\n]*|\/\/[^\n]*)/.exec(rest)?.[0];
    const sign = signs.find((one) => rest.startsWith(one));
    if (space !== undefined) at += space.length;
    else if (rest[0] === "\n" || rest[0] === ";") add("line", 1);
    else if (number.test(rest)) add("number", number.exec(rest)![0].length);
    else if (name.test(rest)) add("name", name.exec(rest)![0].length);
    else if (rest[0] in spellings) add("sign", 1, spellings[rest[0]]);
    else if (sign !== undefined) add("sign", sign.length);
    else {
      const strange = String.fromCodePoint(rest.codePointAt(0)!);
      throw syntaxError(phrase`"${strange}" is not part of the language.`, [at, at + strange.length]);
    }
  }
  add("end", 0, "the end");
  return tokens;
}
