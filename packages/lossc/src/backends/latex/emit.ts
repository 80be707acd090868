// Prints expressions as LaTeX, with the brackets that are needed and the indices that are in force.

import type { Expr } from "../../language/expr.ts";
import { valueOf } from "./polynomial.ts";
import { bracket, level, type Printed, rows } from "./ops.ts";
import { corners, letterOf } from "./symbols.ts";

/** Prints under an assignment of indices to axes; an axis without one is not shown. */
export class Writer {
  constructor(
    private readonly symbols: ReadonlyMap<string, string>,
    private readonly indices: ReadonlyMap<string, string> = new Map(),
    /** Inside an exponent or an index fractions lie flat. */
    readonly small = false,
  ) {}

  with(axis: string, index: string): Writer {
    return new Writer(this.symbols, new Map(this.indices).set(axis, index), this.small);
  }
  script(): Writer {
    return new Writer(this.symbols, this.indices, true);
  }
  /** A new letter for an axis. */
  bind(axis: string): Writer {
    return this.with(axis, letterOf(axis, new Set([...this.indices.values(), ...this.symbols.values()])));
  }
  indexOf(axis: string): string {
    return this.indices.get(axis) ?? "";
  }

  leaf({ attrs, axes }: Expr): string {
    const symbol = this.symbols.get(attrs.name!) ?? `\\mathrm{${attrs.name}}`;
    const box = axes.includes("4") ? corners[Number(this.indexOf("4")) - 1] : undefined;
    if (box) return symbol.startsWith("\\hat") ? `\\hat{${box[0]}}${box.slice(1)}` : box;
    const index = axes.map((axis) => this.indexOf(axis)).filter((text) => text !== "");
    return index.length ? subscript(symbol, index.join(index.some((text) => text.length > 1) ? "," : "")) : symbol;
  }

  printed(expr: Expr): Printed {
    return rows[expr.op](this, expr);
  }
  text(expr: Expr, outer: number): string {
    const [text, own] = this.printed(expr);
    if (expr.type === "bool" && own < outer && outer > level.relation) return `[${text}]`;
    return own < outer ? bracket(text) : text;
  }
}

/** x' with an index is x'_j, \gamma_{+} with one \gamma_{+,j}. */
const subscript = (symbol: string, index: string): string => {
  const [, head, own] = /^(.*)_\{?(.*?)\}?$/.exec(symbol) ?? ["", symbol, ""];
  const all = own ? `${own},${index}` : index;
  return `${head}_${all.length > 1 ? `{${all}}` : all}`;
};

/** Terms of a sum with their signs. */
function termsOf(expr: Expr, sign: 1 | -1 = 1): [Expr, 1 | -1][] {
  const [a, b] = expr.args;
  if (expr.op === "add" || expr.op === "sub") return [...termsOf(a, sign), ...termsOf(b, expr.op === "sub" ? (-sign as 1) : sign)];
  if (expr.op === "neg") return termsOf(a, -sign as 1);
  return [[expr, sign]];
}

export function sumOf(write: Writer, expr: Expr): Printed {
  const parts = termsOf(expr).map(([term, sign], i) => {
    const text = write.text(term, level.open);
    return `${sign < 0 ? (i ? " - " : "-") : i ? " + " : ""}${text}`;
  });
  return [parts.join(""), level.sum];
}

interface Factors {
  coefficient: number;
  readonly above: Expr[];
  readonly below: Expr[];
}

function factorsOf(expr: Expr, into: Factors, inverse = false): Factors {
  const [a, b] = expr.args;
  if (expr.op === "mul" || expr.op === "weigh" || expr.op === "div") {
    factorsOf(a, into, inverse);
    factorsOf(b, into, inverse !== (expr.op === "div"));
  } else if (expr.op === "constant" && Number.isFinite(valueOf(expr))) into.coefficient *= valueOf(expr) ** (inverse ? -1 : 1);
  else if (expr.op === "neg") {
    into.coefficient *= -1;
    factorsOf(a, into, inverse);
  } else (inverse ? into.below : into.above).push(expr);
  return into;
}

/** Factors side by side: only the last may be open. */
function beside(write: Writer, coefficient: string, factors: readonly Expr[]): Printed {
  const texts = factors.map((factor, i) => write.text(factor, i < factors.length - 1 ? level.power : level.open));
  const last = factors.length ? write.printed(factors[factors.length - 1])[1] : level.atom;
  const all = coefficient === "" ? texts : [coefficient, ...texts];
  return [all.join(" ") || "1", all.length === 1 && texts.length ? last : last === level.open ? level.open : level.product];
}

const isSum = (expr: Expr): boolean =>
  expr.op === "add" || expr.op === "sub" || ((expr.op === "square" || expr.op === "pow") && isSum(expr.args[0]));

export function productOf(write: Writer, expr: Expr): Printed {
  const { coefficient, above, below } = factorsOf(expr, { coefficient: 1, above: [], below: [] });
  const size = Math.abs(coefficient);
  const sign = coefficient < 0 ? "-" : "";
  const signed = ([text, own]: Printed): Printed => (sign ? [sign + text, level.sum] : [text, own]);
  if (below.length === 0) return signed(beside(write, size === 1 ? "" : numeral(size), above));
  const [p, q] = ratio(size) ?? [size, 1];
  // Sums and open functions stand behind the fraction, unless nothing else would stand above its line.
  const apart = above.filter((factor) => isSum(factor) || write.printed(factor)[1] === level.open || factor.type === "bool");
  const behind = above.length > apart.length ? apart : above.length > 1 ? apart.slice(1) : [];
  const top = beside(write, p === 1 ? "" : numeral(p), above.filter((factor) => !behind.includes(factor)));
  const bottom = beside(write, q === 1 ? "" : numeral(q), below);
  if (write.small && behind.length === 0) {
    return signed([`${brace(top, level.product)} / ${brace(bottom, level.power)}`, level.product]);
  }
  const rest = beside(write, "", behind);
  const fraction = `\\frac{${top[0]}}{${bottom[0]}}`;
  return signed(behind.length ? [`${fraction} ${rest[1] < level.open ? bracket(rest[0]) : behind.length === 1 && rest[1] < level.open ? bracket(rest[0]) : rest[0]}`, Math.min(rest[1], level.product)] : [fraction, level.product]);
}
const brace = ([text, own]: Printed, outer: number): string => (own < outer ? bracket(text) : text);

/** p/q with a small q. */
function ratio(value: number): [p: number, q: number] | undefined {
  for (let q = 1; q <= 48; q++) {
    const p = Math.round(value * q);
    if (p > 0 && p <= 999 && Math.abs(value * q - p) < 1e-12 * p) return [p, q];
  }
  return undefined;
}

const fraction = (p: number | string, q: number | string): string =>
  String(p).length + String(q).length > 2 ? `\\tfrac{${p}}{${q}}` : `\\tfrac${p}${q}`;

/** ½, ⅓, 4/π², 0.35: numbers as people write them. */
export function numeral(value: number): string {
  if (value < 0) return `-${numeral(-value)}`;
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "\\mathrm{NaN}" : "\\infty";
  if (Number.isInteger(value) && value < 1e6) return String(value);
  const found = ratio(value);
  if (found && !(found[1] % 5 === 0)) return fraction(found[0], found[1]);
  for (const [factor, name] of [[Math.PI, "\\pi"], [Math.PI ** 2, "\\pi^2"], [Math.LN2, "\\log 2"], [Math.log(2 * Math.PI), "\\log 2\\pi"], [Math.SQRT2, "\\sqrt{2}"]] as const) {
    const times = ratio(value / factor);
    if (times) return times[1] === 1 ? (times[0] === 1 ? name : `${times[0]}${name}`) : times[0] === 1 && !name.includes("log") ? fraction(name, times[1]) : `${fraction(times[0], times[1])} ${name}`;
    const over = factor > 3 && ratio(value * factor);
    if (over && over[1] === 1) return fraction(over[0], name);
  }
  if (value === Math.E) return "e";
  const [, digits, exponent] = /^(.*)e(.*)$/.exec(String(value)) ?? ["", String(value), ""];
  const power = exponent ? `10^{${Number(exponent)}}` : "";
  return exponent && digits === "1" ? power : `${digits.length > 8 ? Number(digits).toPrecision(5) : digits}${power && ` \\cdot ${power}`}`;
}
