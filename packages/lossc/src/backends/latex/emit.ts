// Prints expressions as LaTeX, with the brackets that are needed and the indices that are in force.

import { type Expr, make } from "../../language/expr.ts";
import { costOf, isIndexed, numberOf } from "./nodes.ts";
import {
  ATOM,
  bracket,
  LOOSE,
  OPEN,
  POWER,
  PRODUCT,
  type Printed,
  RELATION,
  rows,
  SUM,
  script,
} from "./ops.ts";
import { corners, indexRank, letterOf } from "./symbols.ts";

/** Prints under an assignment of indices to axes; an axis without one is not shown. */
export class Writer {
  private readonly symbols: ReadonlyMap<string, string>;
  private readonly indices: ReadonlyMap<string, string>;
  /** Axes that the formula runs over. */
  readonly bound: ReadonlySet<string>;
  /** Inside an exponent or an index fractions lie flat. */
  readonly small: boolean;

  constructor(
    symbols: ReadonlyMap<string, string>,
    bound: ReadonlySet<string>,
    indices: ReadonlyMap<string, string> = new Map(),
    small = false,
  ) {
    this.symbols = symbols;
    this.bound = bound;
    this.indices = indices;
    this.small = small;
  }

  with(axis: string, index: string): Writer {
    return new Writer(this.symbols, this.bound, new Map(this.indices).set(axis, index), this.small);
  }
  script(): Writer {
    return new Writer(this.symbols, this.bound, this.indices, true);
  }
  /** A new letter for an axis. */
  bind(axis: string): Writer {
    return this.with(axis, letterOf(axis, new Set([...this.indices.values(), ...this.symbols.values()])));
  }
  /** Whether something has this symbol. */
  calls(symbol: string): boolean {
    return [...this.symbols.values()].includes(symbol);
  }
  indexOf(axis: string): string {
    return this.indices.get(axis) ?? "";
  }

  leaf({ attrs, axes }: Expr): string {
    const name = this.symbols.get(attrs.name!) ?? `\\mathrm{${attrs.name}}`;
    const symbol = name.replace(/^∂/, "");
    const box = axes.includes("4") ? corners[Number(this.indexOf("4")) - 1] : undefined;
    if (box) return symbol.startsWith("\\hat") ? `\\hat{${box[0]}}${box.slice(1)}` : box;
    const index = [...axes]
      .sort((a, b) => indexRank(a) - indexRank(b))
      .map((axis) => this.indexOf(axis))
      .filter((text) => text !== "");
    const text = bracketed(symbol, index.join(index.some((each) => each.length > 1) ? "," : ""));
    return symbol === name ? text : `\\frac{\\partial \\ell}{\\partial ${text}}`;
  }

  printed(expr: Expr): Printed {
    const [a, b, c] = expr.args;
    return rows[expr.op](this, expr, a, b, c);
  }
  text(expr: Expr, outer: number = LOOSE): string {
    const [text, own] = this.printed(expr);
    if (expr.type === "bool" && own < outer && outer > RELATION) return `[${text}]`;
    return own < outer ? bracket(text) : text;
  }
}

/** x' with an index is x'_j, \gamma_{+} with one \gamma_{+,j}. */
export const bracketed = (symbol: string, index: string): string => {
  if (index === "") return symbol;
  const [, head, own] = /^(.*)_\{?(.*?)\}?$/.exec(symbol) ?? ["", symbol, ""];
  const all = own ? `${own},${index}` : index;
  return `${head}_${script(all)}`;
};

/** Terms of a sum with their signs. */
function termsOf(expr: Expr, sign: 1 | -1 = 1): [Expr, 1 | -1][] {
  const [a, b] = expr.args;
  if (expr.op === "add" || expr.op === "sub")
    return [...termsOf(a, sign), ...termsOf(b, expr.op === "sub" ? (-sign as 1) : sign)];
  if (expr.op === "neg") return termsOf(a, -sign as 1);
  return [[expr, sign]];
}

export function sumOf(write: Writer, expr: Expr): Printed {
  const terms = termsOf(expr);
  const first = terms.findIndex(([, sign]) => sign > 0);
  if (first > 0) terms.unshift(...terms.splice(first, 1));
  const parts = terms.map(([term, sign], i) => {
    const text = write.text(term, OPEN);
    return `${sign < 0 ? (i ? " - " : "-") : i ? " + " : ""}${text}`;
  });
  return [parts.join(""), SUM];
}

/** (a/b)² ≤ 1 is |a/b| ≤ 1. */
export function rooted(condition: Expr): Expr {
  const {
    op,
    args: [a, b],
    attrs,
  } = condition;
  if (numberOf(b) !== 1) return condition;
  const { coefficient, above, below } = factorsOf(a, { coefficient: 1, above: [], below: [] });
  if (coefficient !== 1 || [...above, ...below].some((factor) => factor.op !== "square")) return condition;
  const product = (factors: Expr[]) => factors.map(({ args }) => args[0]).reduce((x, y) => x.mul(y));
  const root = below.length ? product(above).div(product(below)) : product(above);
  return make(op, [root.abs(), b], attrs);
}

/** Conditions that hold together: a < x and x < b are a < x < b. */
export function relations(write: Writer, given: readonly Expr[]): string {
  const conditions = given
    .map((each) => (each.args.length === 2 ? rooted(each) : each))
    .sort((a, b) => +isIndexed(b) - +isIndexed(a));
  const upward = conditions.map(({ op, args: [a, b] }) => {
    const sign = op === "gt" || op === "lt" ? "<" : op === "le" || op === "ge" ? "\\le" : "";
    return { sign, low: op === "gt" || op === "ge" ? b : a, high: op === "gt" || op === "ge" ? a : b };
  });
  // Of several bounds in numbers the tightest.
  const weaker = (i: number) =>
    upward.some(({ low, high, sign }, k) => {
      const [other, own] = [{ low, high }, upward[i]];
      if (!sign || !own.sign || k === i) return false;
      if (other.high === own.high) return numberOf(other.low) > numberOf(own.low);
      return other.low === own.low && numberOf(other.high) < numberOf(own.high);
    });
  const done = new Set(upward.map((_, i) => i).filter(weaker));
  const texts: string[] = [];
  upward.forEach(({ sign, low, high }, i) => {
    if (done.has(i)) return;
    const meets = (other: (typeof upward)[0], k: number) =>
      other.sign && k !== i && !done.has(k) && (other.low === high || other.high === low);
    const j = sign ? upward.findIndex(meets) : -1;
    if (j < 0) texts.push(write.text(conditions[i]));
    else {
      done.add(j);
      const [first, second] = upward[j].low === high ? [upward[i], upward[j]] : [upward[j], upward[i]];
      const [x, y, z] = [first.low, first.high, second.high].map((each) => write.text(each, SUM));
      texts.push(`${x} ${first.sign} ${y} ${second.sign} ${z}`);
    }
  });
  return texts.join(",\\ ");
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
  } else if (expr.op === "constant" && Number.isFinite(numberOf(expr)))
    into.coefficient *= numberOf(expr) ** (inverse ? -1 : 1);
  else if (expr.op === "neg") {
    into.coefficient *= -1;
    factorsOf(a, into, inverse);
  } else (inverse ? into.below : into.above).push(expr);
  return into;
}

/** Factors side by side: only the last may be open. */
function beside(write: Writer, coefficient: string, list: readonly Expr[]): Printed {
  const open = (factor: Expr) => write.printed(factor)[1] === OPEN;
  const factors = [...list.filter((factor) => !open(factor)), ...list.filter(open)];
  if (factors.length === 1 && coefficient === "") {
    return factors[0].type === "bool" ? [write.text(factors[0], OPEN), ATOM] : write.printed(factors[0]);
  }
  const texts = factors.map((factor, i) => write.text(factor, i < factors.length - 1 ? PRODUCT : OPEN));
  const last = factors.length ? write.printed(factors[factors.length - 1])[1] : ATOM;
  const all = coefficient === "" ? texts : [coefficient, ...texts];
  return [all.join(" ") || "1", last === OPEN || all.length < 2 ? last : PRODUCT];
}

const isSum = (expr: Expr): boolean =>
  ((expr.op === "add" || expr.op === "sub") && costOf(expr) > 4) ||
  ((expr.op === "square" || expr.op === "pow") && isSum(expr.args[0]));

export function productOf(write: Writer, expr: Expr): Printed {
  const { coefficient, above, below } = factorsOf(expr, { coefficient: 1, above: [], below: [] });
  const size = Math.abs(coefficient);
  const sign = coefficient < 0 ? "-" : "";
  const signed = ([text, own]: Printed): Printed => (sign ? [sign + text, SUM] : [text, own]);
  const [p, q, pi] = ratioWithPi(size);
  if (below.length === 0 && !(write.small && q > 1 && pi === 0)) {
    return signed(beside(write, size === 1 ? "" : numeral(size), above));
  }
  // Sums and open functions stand behind the fraction, unless nothing else would stand above its line.
  const apart = above.filter((factor) => {
    const [text, own] = write.printed(factor);
    return isSum(factor) || own === OPEN || factor.type === "bool" || text.startsWith("\\frac{\\partial");
  });
  const behind = above.length > apart.length ? apart : above.length > 1 ? apart.slice(1) : [];
  const withPi = (digits: number, n: number) =>
    [digits === 1 ? "" : numeral(digits), n > 0 ? raised("\\pi", n) : ""].filter((text) => text).join(" ");
  const top = beside(
    write,
    withPi(p, pi),
    above.filter((factor) => !behind.includes(factor)),
  );
  const bottom = beside(write, withPi(q, -pi), below);
  if (write.small && behind.length === 0) {
    return signed([`${brace(top, PRODUCT)} / ${brace(bottom, POWER)}`, PRODUCT]);
  }
  const rest = beside(write, "", behind);
  const fraction = `\\frac{${top[0]}}{${bottom[0]}}`;
  if (behind.length === 0) return signed([fraction, PRODUCT]);
  return signed([`${fraction} ${brace(rest, OPEN)}`, rest[1] === OPEN ? OPEN : PRODUCT]);
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

const raised = (base: string, n: number): string => (n === 1 ? base : `${base}^${n}`);
/** p/q · πⁿ */
function ratioWithPi(value: number): [p: number, q: number, n: number] {
  for (const n of [0, -2, -1, 1, 2]) {
    const found = ratio(value / Math.PI ** n);
    if (found) return [...found, n];
  }
  return [value, 1, 0];
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
  const [p, q, n] = ratioWithPi(value);
  const pi = raised("\\pi", Math.abs(n));
  if (n < 0 && q === 1) return fraction(p, pi);
  if (n > 0)
    return q === 1 ? `${p === 1 ? "" : p}${pi}` : p === 1 ? fraction(pi, q) : `${fraction(p, q)} ${pi}`;
  const [log, inverse] = [ratio(Math.exp(value)), ratio(Math.exp(1 / value))];
  if (inverse && inverse[1] === 1) return fraction(1, `\\log ${inverse[0]}`);
  if (log && log[1] === 1) return `\\log ${log[0]}`;
  if (ratio(Math.exp(2 * value) / Math.PI)?.join() === "2,1") return "\\tfrac12 \\log 2\\pi";
  const root = ratio(value / Math.SQRT2);
  if (root?.[1] === 1) return `${root[0] === 1 ? "" : `${root[0]} `}\\sqrt{2}`;
  if (root) return root[0] === 1 ? fraction("\\sqrt{2}", root[1]) : `${fraction(...root)} \\sqrt{2}`;
  if (value === Math.E) return "e";
  const [, digits, exponent] = /^(.*)e(.*)$/.exec(String(value)) ?? ["", String(value), ""];
  const power = exponent ? `10^{${Number(exponent)}}` : "";
  return exponent && digits === "1"
    ? power
    : `${digits.length > 8 ? Number(digits).toPrecision(5) : digits}${power && ` \\cdot ${power}`}`;
}
