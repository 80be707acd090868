// Conditions of --fail-if, as in `crossEntropy > 0.3 or max(focal) > 2 * focal`: from text to a tree.

import { CommandError } from "../../errors.ts";

export type Condition =
  | { readonly kind: "number"; readonly value: number }
  /** A figure of a loss: its name or specification, a group, a field. */
  | { readonly kind: "figure"; readonly name: string; readonly group?: string; readonly field?: string }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Condition[] }
  | { readonly kind: "operation"; readonly operator: string; readonly args: readonly Condition[] };

export const EXAMPLE =
  "Write it as in --fail-if 'crossEntropy > 0.3' or --fail-if 'max(crossEntropy) > 1 or crossEntropy.bad > 0'.";

interface Token {
  readonly kind: "number" | "word" | "quoted" | "mark";
  readonly text: string;
  readonly at: number;
}

const TOKEN =
  /\s*(?:(\d+(?:\.\d*)?(?:e[-+]?\d+)?%?|\.\d+(?:e[-+]?\d+)?%?)|([A-Za-z_]\w*)|"([^"]*)"|'([^']*)'|(>=|<=|==|!=|&&|\|\||[-+*/()[\],.<>!=]))/iy;

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const at = TOKEN.lastIndex;
    const found = TOKEN.exec(text);
    if (!found) throw wrong(text, at, `${JSON.stringify(text.slice(at).trim()[0])} has no meaning here`);
    const [, number, word, double, single, mark] = found;
    const quoted = double ?? single;
    if (number !== undefined) tokens.push({ kind: "number", text: number, at });
    else if (word !== undefined) tokens.push({ kind: "word", text: word, at });
    else if (quoted !== undefined) tokens.push({ kind: "quoted", text: quoted, at });
    else tokens.push({ kind: "mark", text: mark, at });
  }
  return tokens;
}

const wrong = (text: string, at: number, what: string): CommandError =>
  new CommandError(`--fail-if ${text}: ${what} (at character ${at + 1}).`, EXAMPLE);

/** Operators by how loosely they bind; those of one row bind alike. */
const levels: readonly (readonly string[])[] = [
  ["or", "||"],
  ["and", "&&"],
  [">", ">=", "<", "<=", "=", "==", "!="],
  ["+", "-"],
  ["*", "/"],
];
const LOGIC = 2;

export function parseCondition(text: string): Condition {
  const tokens = tokensOf(text);
  let next = 0;
  const peek = (): string | undefined => {
    const token = tokens[next];
    return token === undefined || token.kind === "quoted" || token.kind === "number"
      ? undefined
      : token.text.toLowerCase();
  };
  const fail = (what: string): never => {
    throw wrong(text, tokens[next]?.at ?? text.length, what);
  };
  const take = (mark: string): boolean => {
    if (peek() !== mark) return false;
    next += 1;
    return true;
  };
  const expect = (mark: string): void => {
    if (!take(mark)) fail(`"${mark}" is missing`);
  };
  const level = (depth: number): Condition => {
    if (depth === LOGIC && (take("not") || take("!")))
      return { kind: "operation", operator: "not", args: [level(depth)] };
    if (depth === levels.length) return factor();
    let left = level(depth + 1);
    for (
      let operator = peek();
      operator !== undefined && levels[depth].includes(operator);
      operator = peek()
    ) {
      next += 1;
      left = { kind: "operation", operator, args: [left, level(depth + 1)] };
    }
    return left;
  };
  const factor = (): Condition => {
    if (take("-"))
      return { kind: "operation", operator: "-", args: [{ kind: "number", value: 0 }, factor()] };
    if (take("(")) {
      const inner = level(0);
      expect(")");
      return inner;
    }
    const token = tokens[next];
    if (token === undefined || token.kind === "mark")
      return fail("a number or the name of a loss is missing");
    next += 1;
    if (token.kind === "number") {
      const percent = token.text.endsWith("%");
      const value = Number(percent ? token.text.slice(0, -1) : token.text);
      return { kind: "number", value: percent ? value / 100 : value };
    }
    if (token.kind === "word" && take("(")) {
      const args = [level(0)];
      while (take(",")) args.push(level(0));
      expect(")");
      return { kind: "call", name: token.text, args };
    }
    return figure(token.text);
  };
  const figure = (name: string): Condition => {
    let group: string | undefined;
    if (take("[")) {
      const token = tokens[next];
      if (token === undefined || token.kind === "mark") fail("the value of the group is missing");
      group = token.text;
      next += 1;
      expect("]");
    }
    let field: string | undefined;
    if (take(".")) {
      if (tokens[next]?.kind !== "word") fail("the name of a figure is missing");
      field = tokens[next].text;
      next += 1;
    }
    return {
      kind: "figure",
      name,
      ...(group !== undefined && { group }),
      ...(field !== undefined && { field }),
    };
  };
  const condition = level(0);
  if (next < tokens.length) fail(`${JSON.stringify(tokens[next].text)} is too much`);
  return condition;
}
