// From tokens to a script: lines that give names to parts, and the loss as the last one.
//
//   delta = 1                                    a number: a parameter with its default
//   r = prediction - target                      a part with a name
//   where(abs(r) < delta, r^2 / 2, delta * (abs(r) - delta / 2))
//
// From loosest to tightest: or, and, not, comparisons, + −, * /, −, ^ (to the right), calls and parentheses.

import { type Gap, phrase } from "../../phrase.ts";
import { type Span, syntaxError, type Token, tokensOf } from "./tokens.ts";

export type Tree =
  | { readonly kind: "number"; readonly value: number; readonly at: Span }
  | { readonly kind: "name"; readonly name: string; readonly at: Span }
  | {
      readonly kind: "call";
      readonly name: string;
      readonly args: readonly Tree[];
      readonly at: Span;
      readonly said: Span;
    };

export interface Line {
  readonly name: string;
  readonly value: Tree;
  readonly at: Span;
}

export interface Script {
  /** Lines that are a plain number: parameters and their defaults. */
  readonly params: readonly { readonly name: string; readonly default: number; readonly at: Span }[];
  /** Lines that are something else. */
  readonly parts: readonly Line[];
  readonly loss: Tree;
}

interface Infix {
  readonly name: string;
  /** How tightly it binds its left and its right side. */
  readonly left: number;
  readonly right: number;
}
const leftwards = (name: string, power: number): Infix => ({ name, left: power, right: power + 1 });
const infix: Readonly<Record<string, Infix>> = {
  or: leftwards("or", 1),
  "||": leftwards("or", 1),
  and: leftwards("and", 3),
  "&&": leftwards("and", 3),
  "<": leftwards("lt", 7),
  "<=": leftwards("le", 7),
  ">": leftwards("gt", 7),
  ">=": leftwards("ge", 7),
  "==": leftwards("eq", 7),
  "!=": leftwards("ne", 7),
  "+": leftwards("add", 9),
  "-": leftwards("sub", 9),
  "*": leftwards("mul", 11),
  "/": leftwards("div", 11),
  "^": { name: "pow", left: 16, right: 13 },
  "**": { name: "pow", left: 16, right: 13 },
};
const prefix: Readonly<Record<string, { readonly name: string; readonly right: number }>> = {
  "-": { name: "neg", right: 13 },
  "+": { name: "", right: 13 },
  not: { name: "not", right: 5 },
  "!": { name: "not", right: 15 },
};
/** Comparisons do not chain: `0 < x < 1` compares a truth with 1 in most languages, and is meant otherwise. */
const COMPARISON = 7;
/** As deep as parentheses may stand in one another. */
const DEEPEST = 200;

export function parse(text: string): Script {
  const tokens = tokensOf(text);
  let place = 0;
  let depth = 0;
  const peek = (ahead = 0): Token => tokens[Math.min(place + ahead, tokens.length - 1)];
  const next = (): Token => tokens[Math.min(place++, tokens.length - 1)];
  const said = ({ kind, text: word }: Token): Gap =>
    kind === "line" ? phrase`the end of the line` : kind === "end" ? phrase`the end` : phrase`"${word}"`;

  function expect(sign: string, opened: Token): Token {
    const token = next();
    if (token.text === sign) return token;
    throw syntaxError(
      phrase`${said(token)} stands where "${sign}" should close what "${opened.text}" opens.`,
      token.at,
    );
  }

  function expression(power: number): Tree {
    if (++depth > DEEPEST) throw syntaxError(phrase`This is nested too deeply.`, peek().at);
    let left = operand();
    for (;;) {
      const token = peek();
      const row = token.kind === "name" || token.kind === "sign" ? infix[token.text] : undefined;
      if (!row || !Object.hasOwn(infix, token.text) || row.left < power) break;
      next();
      const right = expression(row.right);
      if (row.left === COMPARISON && infix[peek().text]?.left === COMPARISON)
        throw syntaxError(phrase`Comparisons do not chain.`, peek().at, phrase`Write: a < b and b < c.`);
      left = call(row.name, [left, right], [left.at[0], right.at[1]], token.at);
    }
    depth--;
    return left;
  }

  function operand(): Tree {
    const token = next();
    const row = Object.hasOwn(prefix, token.text) && token.kind !== "number" ? prefix[token.text] : undefined;
    if (row) {
      const inner = expression(row.right);
      return row.name === "" ? inner : call(row.name, [inner], [token.at[0], inner.at[1]], token.at);
    }
    if (token.kind === "number") return { kind: "number", value: Number(token.text), at: token.at };
    if (token.text === "(" && token.kind === "sign") {
      const inner = expression(0);
      expect(")", token);
      return inner;
    }
    if (token.kind !== "name" || Object.hasOwn(infix, token.text))
      throw syntaxError(phrase`${said(token)} stands where a number, a name or a call should.`, token.at);
    return peek().text === "(" ? called(token) : { kind: "name", name: token.text, at: token.at };
  }

  function called(name: Token): Tree {
    const opened = next();
    const args: Tree[] = [];
    if (peek().text !== ")") {
      args.push(expression(0));
      while (peek().text === ",") {
        next();
        args.push(expression(0));
      }
    }
    const closed = expect(")", opened);
    return { kind: "call", name: name.text, args, at: [name.at[0], closed.at[1]], said: name.at };
  }

  const params: { name: string; default: number; at: Span }[] = [];
  const parts: Line[] = [];
  let loss: Tree | undefined;
  for (;;) {
    while (peek().kind === "line") next();
    if (peek().kind === "end") break;
    if (loss)
      throw syntaxError(
        phrase`Only the last line is the loss; lines before it give names.`,
        loss.at,
        phrase`Write: name = …`,
      );
    if (peek().kind === "name" && peek(1).text === "=") {
      const name = next();
      next();
      const value = expression(0);
      if ([...params, ...parts].some((line) => line.name === name.text))
        throw syntaxError(phrase`"${name.text}" is given twice.`, name.at);
      if (value.kind === "number") params.push({ name: name.text, default: value.value, at: name.at });
      else parts.push({ name: name.text, value, at: name.at });
    } else loss = expression(0);
    const after = peek();
    if (after.kind === "line" || after.kind === "end") continue;
    throw syntaxError(
      phrase`${said(after)} stands where the line should go on with a sign or end.`,
      after.at,
    );
  }
  if (!loss) throw syntaxError(phrase`There is no loss: the last line is its expression.`, peek().at);
  return { params, parts, loss };
}

/** A call, with what is known already worked out: −1 is a number, and x^2 a square. */
function call(name: string, args: readonly Tree[], at: Span, said: Span): Tree {
  const [first, second] = args;
  if (name === "neg" && first.kind === "number") return { kind: "number", value: -first.value, at };
  if (name === "pow" && second.kind === "number" && second.value === 2)
    return { kind: "call", name: "square", args: [first], at, said };
  return { kind: "call", name, args, at, said };
}
