// Sums of products: like terms collected, powers of the same base merged, what has no algebra left as it is.
//
// A sum inside a product stays together, as (ŷ − y) in 2(ŷ − y), unless multiplying out makes the whole shorter.

import { constant, type Expr } from "../../language/expr.ts";
import { costOf, negate, numberOf, rank } from "./nodes.ts";

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

const isNumber = (exponent: Expr): boolean => exponent.op === "constant";
const whole = (exponent: Expr): boolean => Number.isInteger(numberOf(exponent));

export const term = (coefficient: number, ...factors: [Expr, Expr][]): Term => ({
  coefficient,
  factors: new Map(factors),
});
export const atom = (expr: Expr, exponent: Expr = one): Sum => [term(1, [expr, exponent])];
export const number = (value: number): Sum => [term(value)];
export const scale = (sum: Sum, by: number): Sum =>
  sum.map(({ coefficient, factors }) => ({ coefficient: coefficient * by, factors }));

/** Algebra whose memory is one formula's: which way round a sum was written first is how it stays. */
export function algebraOf(tidy: (expr: Expr) => Expr) {
  /** What the sums stand for that are bases. */
  const sums = new Map<Expr, Sum>();
  const bases = new Map<string, Expr>();
  const written = new WeakMap<Sum, Expr>();

  function plus(a: Expr, b: Expr): Expr {
    return isNumber(a) && isNumber(b) ? constant(numberOf(a) + numberOf(b)) : tidy(a.add(b));
  }

  const key = ({ factors }: Term): string =>
    [...factors]
      .map(([base, exponent]) => `${base.id}^${exponent.id}`)
      .sort()
      .join(" ");

  function collect(...sums: Sum[]): Sum {
    const terms = new Map<string, Term>();
    for (const each of sums.flat()) {
      const monomial = key(each);
      const coefficient = (terms.get(monomial)?.coefficient ?? 0) + each.coefficient;
      terms.set(monomial, { coefficient, factors: each.factors });
    }
    const list = [...terms.values()].filter(({ coefficient }) => Math.abs(coefficient) > 1e-14);
    // x[c] + x[not c] = x
    for (const each of list) {
      const condition = [...each.factors.keys()].find(({ type }) => type === "bool");
      if (!condition) continue;
      const factors = new Map(each.factors);
      factors.delete(condition);
      const rest = { coefficient: each.coefficient, factors };
      const other = key(product(rest, term(1, [negate(condition), one])));
      const match = list.find((term) => term.coefficient === each.coefficient && key(term) === other);
      if (match)
        return collect(
          list.filter((term) => term !== each && term !== match),
          [rest],
        );
    }
    return list;
  }

  /** a + b, multiplied out where that is shorter. */
  function add(...sums: Sum[]): Sum {
    const plain = collect(...sums);
    const level = flat(plain);
    const candidates = [plain, level, open(plain, 3), grouped(level), grouped(open(plain, 3, true))];
    const [best] = candidates
      .filter((each, i) => i === 0 || (each.length < 24 && each !== plain))
      .map((sum) => ({ sum, cost: costOf(expr(sum)) }))
      .sort((a, b) => a.cost - b.cost);
    return best.sum;
  }

  /** a − b, without brackets. */
  function difference(a: Sum, b: Sum): Sum {
    return flat([pack(add(a, scale(b, -1)))]);
  }

  /** Terms that share much as one, again and again. */
  function grouped(sum: Sum): Sum {
    const terms = [...sum];
    if (terms.length < 3 || terms.length > 12) return sum;
    for (;;) {
      let best: { i: number; j: number; packed: Term } | undefined;
      let most = 2;
      terms.forEach((a, i) => {
        terms.slice(i + 1).forEach((b, k) => {
          const packed = pack([a, b]);
          const saved = costOf(sumExpr([a, b])) - costOf(termExpr(packed));
          if (saved > most) [best, most] = [{ i, j: i + 1 + k, packed }, saved];
        });
      });
      if (!best || terms.length < 2) return terms;
      terms[best.i] = best.packed;
      terms.splice(best.j, 1);
    }
  }

  /** Without brackets around a sum that has at most a number in front. */
  function flat(sum: Sum): Sum {
    return collect(
      ...sum.map((each) => {
        const [[base, exponent] = [], more] = each.factors;
        const inner = !more && exponent === one && sums.get(base!);
        return inner ? scale(inner, each.coefficient) : [each];
      }),
    );
  }

  /** Multiplies out every sum with a whole exponent up to `most`; numerators stay as they are, and if `units` stay,
   * so do sums of mere leaves, as 1 − p. */
  function open(sum: Sum, most: number, unitsStay = false): Sum {
    return collect(
      ...sum.map(({ coefficient, factors }) => {
        if ([...factors.values()].some((exponent) => numberOf(exponent) < 0))
          return [{ coefficient, factors }];
        let result: Sum = number(coefficient);
        for (const [base, exponent] of factors) {
          const inner = sums.get(base);
          const n = numberOf(exponent);
          if (
            inner &&
            n >= 1 &&
            n <= most &&
            whole(exponent) &&
            result.length < 24 &&
            !(unitsStay && isUnit(base))
          ) {
            const opened = open(inner, most, unitsStay);
            for (let i = 0; i < n; i++)
              result = collect(...result.map((a) => opened.map((b) => product(a, b))));
          } else result = result.map((a) => product(a, term(1, [base, exponent])));
        }
        return result;
      }),
    );
  }

  function multiply(a: Sum, b: Sum): Sum {
    return [product(pack(a, true), pack(b, true))];
  }

  function product(a: Term, b: Term): Term {
    const factors = new Map(a.factors);
    for (const [base, exponent] of b.factors) {
      const before = factors.get(base);
      factors.set(base, before ? plus(before, exponent) : exponent);
    }
    return identities(a.coefficient * b.coefficient, factors);
  }

  /** |a|² = a², sign(a)|a| = a, sign(a)a = |a|, [c]² = [c], [c][not c] = 0. */
  function identities(coefficient: number, factors: Map<Expr, Expr>): Term {
    if (coefficient === 0) return term(0);
    const shift = (base: Expr, by: number) =>
      factors.set(base, plus(factors.get(base) ?? zero, constant(by)));
    for (const [base, exponent] of [...factors]) {
      const [a] = base.args;
      const n = numberOf(exponent);
      if (!factors.has(base)) continue;
      if (n === 0) factors.delete(base);
      else if (base.type === "bool") {
        factors.set(base, one);
        if (factors.has(negate(base))) return term(0);
        const implied = among(base);
        if (implied) factors.delete(implied);
      } else if (base.op === "abs" && n % 2 === 0) {
        factors.delete(base);
        shift(a, n);
      } else if (base.op === "sign" && n === 2) factors.delete(base);
      else if (base.op === "sign" && n === 1) {
        const absolute = a.abs();
        const [from, to] = factors.has(absolute) ? [absolute, a] : factors.has(a) ? [a, absolute] : [];
        if (!from || !(numberOf(factors.get(from)!) >= 1)) continue;
        factors.delete(base);
        shift(from, -1);
        shift(to!, 1);
      }
    }
    for (const [base, exponent] of factors) if (numberOf(exponent) === 0) factors.delete(base);
    return { coefficient, factors };
  }

  /** A sum as one term: what all its terms share, times the rest as one base. */
  function pack(sum: Sum, lasting = false): Term {
    if (sum.length === 0) return term(0);
    if (sum.length === 1) return sum[0];
    const [head, ...others] = sum;
    const shared = new Map<Expr, Expr>();
    for (const [base, exponent] of head.factors) {
      let least = exponent;
      const inAll = others.every(({ factors }) => {
        const other = factors.get(base);
        const difference = other && (other === least ? 0 : numberOf(plus(other, tidy(least.neg()))));
        if (difference === undefined || Number.isNaN(difference)) return false;
        if (difference !== 0 && base.op === "norm" && numberOf(exponent) < 0) return false; // 1/‖x‖ − …/‖x‖³
        if (difference < 0) least = other!;
        return true;
      });
      if (inAll) shared.set(base, least);
    }
    const size = sum.every(
      ({ coefficient }) => Math.abs(Math.abs(coefficient / head.coefficient) - 1) < 1e-12,
    )
      ? Math.abs(head.coefficient)
      : 1;
    const common = { coefficient: size, factors: shared };
    const rest = flat(
      sum.map(({ coefficient, factors }) => {
        const left = [...factors].map(([base, exponent]): [Expr, Expr] => {
          const least = shared.get(base);
          return [base, least ? plus(exponent, tidy(least.neg())) : exponent];
        });
        return term(coefficient / size, ...left.filter(([, exponent]) => numberOf(exponent) !== 0));
      }),
    );
    if (rest.length < 2) return rest.length ? product(common, rest[0]) : term(0);
    const [base, sign] = baseOf(rest, lasting);
    return product(common, term(sign, [base, one]));
  }

  /** The expression that stands for a sum, and −1 where it was first written the other way round. */
  function baseOf(sum: Sum, lasting: boolean, renew = false): [base: Expr, sign: 1 | -1] {
    const keyOf = (sign: number) =>
      sum
        .map((each) => `${(sign * each.coefficient).toPrecision(12)} ${key(each)}`)
        .sort()
        .join("+");
    const same = bases.get(keyOf(1));
    if (same) return [same, 1];
    const other = renew ? undefined : bases.get(keyOf(-1));
    if (other) return [other, -1];
    const negative = !renew && sum.every(({ coefficient }) => coefficient < 0);
    const written = sumExpr(negative ? scale(sum, -1) : sum);
    if (lasting) bases.set(keyOf(negative ? -1 : 1), written);
    sums.set(written, negative ? scale(sum, -1) : sum);
    return [written, negative ? -1 : 1];
  }

  function power(a: Term, exponent: Expr): Term {
    const n = numberOf(exponent);
    if (n === 1) return a;
    if (a.factors.size === 0 && isNumber(exponent) && (a.coefficient > 0 || whole(exponent)))
      return term(a.coefficient ** n);
    const times = (before: Expr) =>
      isNumber(before) && isNumber(exponent) ? constant(numberOf(before) * n) : tidy(exponent.mul(before));
    if (whole(exponent)) {
      let result: Term = term(a.coefficient ** n);
      for (const [base, before] of a.factors) {
        const all = times(before);
        result = product(result, cleared(base, all) ?? term(1, [base, all]));
      }
      return result;
    }
    const [[base, before] = [], more] = a.factors;
    if (base && !more && a.coefficient === 1) {
      // √a² = |a|; else a power of a power, whose base is ≥ 0
      return term(1, [numberOf(before!) % 2 === 0 && base !== e ? tidy(base.abs()) : base, times(before!)]);
    }
    const inner =
      base && !more && a.coefficient === -1 && numberOf(before!) === 1 ? sums.get(base) : undefined;
    if (inner) return term(1, [baseOf(scale(inner, -1), true, true)[0], exponent]);
    return term(1, [expr([a]), exponent]);
  }

  /** 1/(1 + a/b) is b/(b + a). */
  function cleared(base: Expr, exponent: Expr): Term | undefined {
    const inner = sums.get(base);
    if (!inner || !(numberOf(exponent) < 0) || !whole(exponent)) return undefined;
    const below = new Map<Expr, Expr>();
    for (const [factor, n] of inner.flatMap(({ factors }) => [...factors])) {
      if (numberOf(n) < -numberOf(below.get(factor) ?? zero)) below.set(factor, constant(-numberOf(n)));
    }
    if (below.size === 0) return undefined;
    const multiple = { coefficient: 1, factors: below };
    const multiplied = pack(collect(inner.map((each) => product(each, multiple))), true);
    return product(power(multiplied, exponent), power(multiple, constant(-numberOf(exponent))));
  }

  /** A sum as an expression again, what is common taken out where that is shorter. */
  function expr(sum: Sum): Expr {
    let result = written.get(sum);
    if (!result) {
      const plain = sum.length ? sumExpr(sum) : zero;
      const packed = sum.length > 1 ? termExpr(pack(sum)) : plain;
      result = costOf(packed) < costOf(plain) ? packed : plain;
      written.set(sum, result);
    }
    return result;
  }

  function sumExpr(sum: Sum): Expr {
    const first = Math.max(
      0,
      sum.findIndex(({ coefficient }) => coefficient > 0),
    );
    const others = sum.filter((_, i) => i !== first);
    // A number stands first or last.
    const ordered = [
      sum[first],
      ...others.filter(({ factors }) => factors.size > 0),
      ...others.filter(({ factors }) => factors.size === 0),
    ];
    return ordered.slice(1).reduce((total, each) => {
      const size = termExpr({ ...each, coefficient: Math.abs(each.coefficient) });
      return each.coefficient < 0 ? total.sub(size) : total.add(size);
    }, termExpr(ordered[0]));
  }

  function termExpr({ coefficient, factors }: Term): Expr {
    const above: Expr[] = [];
    const below: Expr[] = [];
    for (const [base, exponent] of factors) {
      const minus = base !== e && (numberOf(exponent) < 0 || exponent.op === "neg");
      (minus ? below : above).push(raised(base, minus ? tidy(exponent.neg()) : exponent));
    }
    if (factors.size === 0) return constant(coefficient);
    const size = Math.abs(coefficient);
    const parts = above.sort((a, b) => rank(a) - rank(b));
    if (size !== 1 || parts.length === 0) parts.unshift(constant(size));
    const times = (list: Expr[]) => list.reduce((a, b) => a.mul(b));
    const whole = below.length
      ? times(parts).div(times(below.sort((a, b) => rank(a) - rank(b))))
      : times(parts);
    return coefficient < 0 ? whole.neg() : whole;
  }

  return { add, difference, expr, multiply, pack, power, product };
}

/** A sum of leaves and numbers. */
const isUnit = (base: Expr): boolean => base.args.every((arg) => arg.args.length === 0);

function raised(base: Expr, exponent: Expr): Expr {
  if (base === e) return exponent.exp();
  const n = numberOf(exponent);
  return n === 1 ? base : n === 2 ? base.square() : n === 0.5 ? base.sqrt() : base.pow(exponent);
}

/** What [index = arg max] over those where a condition holds says already: that it holds. */
function among({ op, args: [index, extreme] }: Expr): Expr | undefined {
  if (op !== "eq" || index.op !== "iota" || (extreme.op !== "argmax" && extreme.op !== "argmin"))
    return undefined;
  const [inner] = extreme.args;
  if (inner.op !== "where" || index.attrs.axis !== extreme.attrs.axis) return undefined;
  const [condition, a, b] = inner.args;
  return Number.isFinite(numberOf(a)) || Number.isNaN(numberOf(a))
    ? Math.abs(numberOf(b)) === Infinity
      ? condition
      : undefined
    : negate(condition);
}
