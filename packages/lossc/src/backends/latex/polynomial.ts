// Sums of products: like terms collected, powers of the same base merged, what has no algebra left as it is.
//
// A sum inside a product stays together, as (ŷ − y) in 2(ŷ − y), unless multiplying out makes the whole shorter.

import { constant, type Expr, make } from "../../language/expr.ts";
import { leafRank } from "./symbols.ts";

/** coefficient · Π baseᵉ, where `factors` gives each base's exponent. */
export interface Term {
  readonly coefficient: number;
  readonly factors: ReadonlyMap<Expr, Expr>;
}
/** Terms of different monomials. */
export type Sum = readonly Term[];

export const one = constant(1);
const zero = constant(0);
/** e, as the base of the powers that exponentials are. */
export const e = constant(Math.E);

export const valueOf = ({ op, attrs }: Expr): number => (op === "constant" ? attrs.value! : Number.NaN);
const isNumber = (exponent: Expr): boolean => exponent.op === "constant";
const whole = (exponent: Expr): boolean => Number.isInteger(valueOf(exponent));

export const term = (coefficient: number, ...factors: [Expr, Expr][]): Term => ({ coefficient, factors: new Map(factors) });
export const atom = (expr: Expr, exponent: Expr = one): Sum => [term(1, [expr, exponent])];
export const number = (value: number): Sum => [term(value)];
export const scale = (sum: Sum, by: number): Sum =>
  sum.map(({ coefficient, factors }) => ({ coefficient: coefficient * by, factors }));

/** How much there is to read. */
export function costOf(expr: Expr): number {
  const known = costs.get(expr);
  if (known !== undefined) return known;
  const { op, args } = expr;
  const own = op === "neg" || op === "take" || op === "at" || op === "rename" ? 0 : op === "sum" || op === "where" ? 2 : 1;
  const cost = args.reduce((total, arg) => total + costOf(arg), own);
  costs.set(expr, cost);
  return cost;
}
const costs = new WeakMap<Expr, number>();

const opposite: Readonly<Record<string, string>> = { lt: "ge", ge: "lt", gt: "le", le: "gt", eq: "ne", ne: "eq" };
/** A condition's opposite. */
export function negate(condition: Expr): Expr {
  const { op, args } = condition;
  if (op === "constant") return constant(1 - valueOf(condition));
  if (op === "not") return args[0];
  return opposite[op] ? make(opposite[op] as "lt", args) : make("not", [condition]);
}

/** Algebra whose memory is one formula's: which way round a sum was written first is how it stays. */
export class Algebra {
  /** What the sums stand for that are bases. */
  private readonly sums = new Map<Expr, Sum>();
  private readonly bases = new Map<string, Expr>();

  constructor(private readonly tidy: (expr: Expr) => Expr) {}

  private plus(a: Expr, b: Expr): Expr {
    return isNumber(a) && isNumber(b) ? constant(valueOf(a) + valueOf(b)) : this.tidy(a.add(b));
  }

  private readonly key = ({ factors }: Term): string =>
    [...factors].map(([base, exponent]) => `${base.id}^${exponent.id}`).sort().join(" ");

  collect(...sums: Sum[]): Sum {
    const terms = new Map<string, Term>();
    for (const each of sums.flat()) {
      const key = this.key(each);
      const coefficient = (terms.get(key)?.coefficient ?? 0) + each.coefficient;
      terms.set(key, { coefficient, factors: each.factors });
    }
    return [...terms.values()].filter(({ coefficient }) => Math.abs(coefficient) > 1e-14);
  }

  /** a + b, multiplied out where that is shorter. */
  add(...sums: Sum[]): Sum {
    const plain = this.collect(...sums);
    const flat = this.collect(...plain.map((each) => (each.factors.size === 1 ? this.open([each], 1) : [each])));
    const candidates = [plain, flat, this.open(plain, 3)];
    return candidates.reduce((best, next) =>
      next.length < 24 && costOf(this.expr(next)) < costOf(this.expr(best)) ? next : best,
    );
  }

  /** Multiplies out every sum with a whole exponent up to `most`. */
  private open(sum: Sum, most: number): Sum {
    return this.collect(
      ...sum.map(({ coefficient, factors }) => {
        let result: Sum = number(coefficient);
        for (const [base, exponent] of factors) {
          const inner = this.sums.get(base);
          const n = valueOf(exponent);
          if (inner && n >= 1 && n <= most && whole(exponent) && result.length < 24) {
            const opened = this.open(inner, most);
            for (let i = 0; i < n; i++) result = this.collect(...result.map((a) => opened.map((b) => this.product(a, b))));
          } else result = result.map((a) => this.product(a, term(1, [base, exponent])));
        }
        return result;
      }),
    );
  }

  multiply(a: Sum, b: Sum): Sum {
    return [this.product(this.pack(a), this.pack(b))];
  }

  product(a: Term, b: Term): Term {
    const factors = new Map(a.factors);
    for (const [base, exponent] of b.factors) {
      const before = factors.get(base);
      factors.set(base, before ? this.plus(before, exponent) : exponent);
    }
    return this.identities(a.coefficient * b.coefficient, factors);
  }

  /** |a|² = a², sign(a)|a| = a, sign(a)a = |a|, [c]² = [c], [c][not c] = 0. */
  private identities(coefficient: number, factors: Map<Expr, Expr>): Term {
    const shift = (base: Expr, by: number) => factors.set(base, this.plus(factors.get(base) ?? zero, constant(by)));
    for (const [base, exponent] of [...factors]) {
      const [a] = base.args;
      const n = valueOf(exponent);
      if (n === 0) factors.delete(base);
      else if (base.type === "bool") {
        factors.set(base, one);
        if (factors.has(negate(base))) return term(0);
      } else if (base.op === "abs" && n % 2 === 0) {
        factors.delete(base);
        shift(a, n);
      } else if (base.op === "sign" && n === 2) factors.delete(base);
      else if (base.op === "sign" && n === 1) {
        const absolute = a.abs();
        const [from, to] = factors.has(absolute) ? [absolute, a] : factors.has(a) ? [a, absolute] : [];
        if (!from || !(valueOf(factors.get(from)!) >= 1)) continue;
        factors.delete(base);
        shift(from, -1);
        shift(to!, 1);
      }
    }
    for (const [base, exponent] of factors) if (valueOf(exponent) === 0) factors.delete(base);
    return { coefficient, factors };
  }

  /** A sum as one term: what all its terms share, times the rest as one base. */
  pack(sum: Sum): Term {
    if (sum.length === 0) return term(0);
    if (sum.length === 1) return sum[0];
    const [head, ...others] = sum;
    const shared = new Map<Expr, Expr>();
    for (const [base, exponent] of head.factors) {
      let least = exponent;
      const inAll = others.every(({ factors }) => {
        const other = factors.get(base);
        const difference = other && (other === least ? 0 : valueOf(this.plus(other, this.tidy(least.neg()))));
        if (difference === undefined || Number.isNaN(difference)) return false;
        if (difference < 0) least = other!;
        return true;
      });
      if (inAll) shared.set(base, least);
    }
    const size = sum.every(({ coefficient }) => Math.abs(Math.abs(coefficient / head.coefficient) - 1) < 1e-12)
      ? Math.abs(head.coefficient)
      : 1;
    const common = { coefficient: size, factors: shared };
    const rest = this.collect(this.open(sum.map((each) => this.product(each, this.power(common, constant(-1)))), 1));
    if (rest.length < 2) return rest.length ? this.product(common, rest[0]) : term(0);
    const [base, sign] = this.base(rest);
    return this.product(common, term(sign, [base, one]));
  }

  /** The expression that stands for a sum, and −1 where it was first written the other way round. */
  private base(sum: Sum, renew = false): [base: Expr, sign: 1 | -1] {
    const keyOf = (sign: number) => sum.map((each) => `${(sign * each.coefficient).toPrecision(12)} ${this.key(each)}`).sort().join("+");
    const same = this.bases.get(keyOf(1));
    if (same) return [same, 1];
    const other = renew ? undefined : this.bases.get(keyOf(-1));
    if (other) return [other, -1];
    const negative = !renew && sum.every(({ coefficient }) => coefficient < 0);
    const written = this.sumExpr(negative ? scale(sum, -1) : sum);
    this.bases.set(keyOf(negative ? -1 : 1), written);
    this.sums.set(written, negative ? scale(sum, -1) : sum);
    return [written, negative ? -1 : 1];
  }

  power(a: Term, exponent: Expr): Term {
    const n = valueOf(exponent);
    if (n === 1) return a;
    if (a.factors.size === 0 && isNumber(exponent) && (a.coefficient > 0 || whole(exponent))) return term(a.coefficient ** n);
    const times = (before: Expr) =>
      isNumber(before) && isNumber(exponent) ? constant(valueOf(before) * n) : this.tidy(exponent.mul(before));
    if (whole(exponent)) {
      const factors = new Map([...a.factors].map(([base, before]) => [base, times(before)]));
      return this.identities(a.coefficient ** n, factors);
    }
    const [[base, before] = [], more] = a.factors;
    if (base && !more && a.coefficient === 1) {
      // √a² = |a|; else a power of a power, whose base is ≥ 0
      return term(1, [valueOf(before!) % 2 === 0 && base !== e ? this.tidy(base.abs()) : base, times(before!)]);
    }
    const inner = base && !more && a.coefficient === -1 && valueOf(before!) === 1 ? this.sums.get(base) : undefined;
    if (inner) return term(1, [this.base(scale(inner, -1), true)[0], exponent]);
    return term(1, [this.expr([a]), exponent]);
  }

  /** A sum as an expression again, what is common taken out where that is shorter. */
  expr(sum: Sum): Expr {
    if (sum.length < 2) return sum.length ? this.termExpr(sum[0]) : zero;
    const flat = this.sumExpr(sum);
    const packed = this.termExpr(this.pack(sum));
    return costOf(packed) < costOf(flat) ? packed : flat;
  }

  private sumExpr(sum: Sum): Expr {
    const first = Math.max(0, sum.findIndex(({ coefficient }) => coefficient > 0));
    const ordered = [sum[first], ...sum.slice(0, first), ...sum.slice(first + 1)];
    return ordered.slice(1).reduce((total, each) => {
      const size = this.termExpr({ ...each, coefficient: Math.abs(each.coefficient) });
      return each.coefficient < 0 ? total.sub(size) : total.add(size);
    }, this.termExpr(ordered[0]));
  }

  private termExpr({ coefficient, factors }: Term): Expr {
    const above: Expr[] = [];
    const below: Expr[] = [];
    for (const [base, exponent] of factors) {
      const minus = base !== e && (valueOf(exponent) < 0 || exponent.op === "neg");
      (minus ? below : above).push(raised(base, minus ? this.tidy(exponent.neg()) : exponent));
    }
    const size = Math.abs(coefficient);
    const parts = above.sort((a, b) => rank(a) - rank(b));
    if (size !== 1 || parts.length === 0) parts.unshift(constant(size));
    const times = (list: Expr[]) => list.reduce((a, b) => a.mul(b));
    const whole = below.length ? times(parts).div(times(below.sort((a, b) => rank(a) - rank(b)))) : times(parts);
    return coefficient < 0 ? whole.neg() : whole;
  }
}

function raised(base: Expr, exponent: Expr): Expr {
  if (base === e) return exponent.exp();
  const n = valueOf(exponent);
  return n === 1 ? base : n === 2 ? base.square() : n === 0.5 ? base.sqrt() : base.pow(exponent);
}

/** The order of factors: parameters, inputs, functions in brackets, sums, functions without, truth values. */
function rank(expr: Expr): number {
  const { op, args, type } = expr;
  if (type === "bool") return 9;
  if (op === "param" || op === "input") return leafRank(expr);
  if (op === "square" || op === "sqrt" || op === "pow" || op === "take" || op === "at" || op === "rename") return rank(args[0]);
  if (op === "add" || op === "sub") return 6;
  if (op === "size") return 0;
  return op === "log" || op === "logSumExp" || op === "sum" || op === "reduceMax" || op === "reduceMin" ? 8 : 5;
}
