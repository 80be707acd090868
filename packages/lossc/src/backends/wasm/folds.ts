// Reductions over a loop: accumulators in vectors or, where a loop goes one by one, in the same number in all lanes.
//
// Sums are taken in float64. A fold leaves `cells`, float64 numbers from which folds of blocks are combined.

import type { Fold, Reduction, Value } from "../../passes/lower/ir.ts";
import type { Range } from "../../passes/ranges.ts";
import { type Func, lane, make, type Node } from "./assembler.ts";
import { acrossLanes, pairwise, toLanes, toScalar } from "./lanefolds.ts";
import type { Lanes } from "./lanes.ts";
import { searched } from "./search.ts";

/** What one unrolled copy of a body gives: a vector, its range, and the place of each lane along the loop. */
export interface Term {
  readonly x: Node;
  readonly range: Range;
  readonly index: () => Node;
}

/** What a loop folds its body's values into. */
export interface Accumulator {
  /** Takes in a vector of each copy; lanes where `mask` is false do not count. */
  add(terms: readonly Term[], mask: Node | undefined): void;
  /** Forgets sums; extremes may be found again. */
  reset?(): void;
  /** Whether it added numbers in float32 that may leave it. */
  mayHaveOverflowed?(): boolean;
  /** After the loop: float64 scalars. */
  cells(): Node[];
  /** The folded number in every lane. */
  result(): Node;
  /** Of a place: the number that stands there, or a neutral one. */
  best?(): Node;
}

export interface Site {
  readonly f: Func;
  readonly v: Lanes;
  readonly copies: number;
  /** Lanes hold different iterations; else all lanes hold the same. */
  readonly isVector: boolean;
  /** Lanes hold different samples: each is folded by itself. */
  readonly inLanes?: boolean;
  /** A sum that is not finite is taken again: so copies may be added in float32 before they are widened. */
  readonly mayOverflow: boolean;
  /** How numbers that the loop folds are read again, where they lie in memory as they are. */
  readonly rowOf?: (value: Value) => Row | undefined;
}

/** A row in memory: vectors from an index on. */
export interface Row {
  readonly start: Node;
  readonly end: Node;
  read(index: Node, vector: number): Node;
}

/** Numbers of this size can be added, as many as there are copies, without leaving float32. */
const ADDABLE = 2 ** 120;

/** Σ f(x) in float64; `f` of the widened vectors. */
function wideSum(
  site: Site,
  term: (w: Lanes, x: Node) => Node,
): Required<Pick<Accumulator, "add" | "reset">> & {
  total: () => Node;
  lanes: () => Node;
  mayHaveOverflowed: () => boolean;
} {
  const { f, v, copies, isVector, inLanes } = site;
  const w = v.precision === "float64" ? v : v.wide();
  const halves = v.precision === "float64" || !(isVector || inLanes) ? 1 : 2;
  const count = v.precision === "float64" ? 1 : copies * halves;
  const sums = Array.from({ length: count }, () => f.variable("v128", w.constant(0)));
  let used = 0;
  return {
    add: (terms, mask) => {
      const kept = terms.map(({ x }) => (mask ? v.and(x, mask) : x));
      if (v.precision === "float64") {
        // One sum of all copies: V8 then writes their chains side by side, where with a sum each it writes one after
        // the other, and the processor waits for each.
        const all = pairwise(
          kept.map((x) => term(w, x)),
          (a, b) => w.add(a, b),
        );
        f.set(sums[0], make("f64x2.add", [sums[0], all]));
        used = 1;
        return;
      }
      kept.forEach((x, copy) => {
        for (const [i, part] of v.widen(x).slice(0, halves).entries()) {
          const sum = sums[copy * halves + i];
          f.set(sum, make("f64x2.add", [sum, term(w, part)]));
        }
      });
      used = Math.max(used, terms.length * halves);
    },
    reset: () => {
      for (const sum of sums.slice(0, used)) f.set(sum, w.constant(0));
    },
    mayHaveOverflowed: () => false,
    lanes: () => {
      const parts = Array.from({ length: halves }, (_, half) =>
        pairwise<Node>(
          sums.slice(0, used).filter((_, i) => i % halves === half),
          (a, b) => make("f64x2.add", [a, b]),
        ),
      );
      return halves === 1 ? parts[0] : v.narrow(parts[0], parts[1]);
    },
    total: () => {
      const all = pairwise<Node>(sums.slice(0, Math.max(used, 1)), (a, b) => make("f64x2.add", [a, b]));
      const kept = f.let(all);
      const first = lane("f64x2.extract_lane", [kept], 0);
      return isVector ? f.let(make("f64.add", [first, lane("f64x2.extract_lane", [kept], 1)])) : f.let(first);
    },
  };
}

/** A sum of float32 vectors. Copies are added in float32 before they are widened, five at most: widening costs more
 * than an addition, and an error of two or three roundings, either way by turns, stays far below 1e-7. */
function narrowSum(site: Site): ReturnType<typeof wideSum> {
  const { v, isVector, inLanes, mayOverflow } = site;
  const wide = wideSum(site, (_, x) => x);
  if (v.precision === "float64" || !(isVector || inLanes)) return wide;
  const bounded = ({ range }: Term): boolean => range.low >= -ADDABLE && range.high <= ADDABLE;
  let isDoubtful = false;
  return {
    add: (terms, mask) => {
      const isBounded = terms.every(bounded);
      if (terms.length === 1 || mask || !(mayOverflow || isBounded)) return wide.add(terms, mask);
      isDoubtful ||= !isBounded;
      const x = pairwise(
        terms.map((term) => term.x),
        (a, b) => v.add(a, b),
      );
      wide.add([{ ...terms[0], x }], undefined);
    },
    reset: wide.reset,
    total: wide.total,
    lanes: wide.lanes,
    mayHaveOverflowed: () => isDoubtful,
  };
}

function extreme(site: Site, name: "max" | "min"): Accumulator {
  const { f, v, copies, isVector } = site;
  const neutral = name === "max" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const best = Array.from({ length: copies }, () => f.variable("v128", v.constant(neutral)));
  const join = (a: Node, b: Node): Node => make(`${v.format.shape}.${name}`, [a, b]);
  let done: Node | undefined;
  const result = (): Node => {
    done ??= f.let(pairwise(best, join));
    if (isVector) [done] = acrossLanes(v, f, [done], ([a], [b]) => [join(a, b)]);
    return done;
  };
  return {
    add: (terms, mask) =>
      terms.forEach(({ x }, copy) => {
        f.set(best[copy], join(best[copy], mask ? v.select(mask, x, v.constant(neutral)) : x));
      }),
    cells: () => [toScalar(v, result())],
    result,
  };
}

/** The place of the first element that no other beats; a NaN beats all numbers. */
function place(site: Site, name: "gt" | "lt"): Accumulator {
  const { f, v, isVector, inLanes } = site;
  const copies = inLanes ? 1 : site.copies;
  const neutral = name === "gt" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const best = Array.from({ length: copies }, () => f.variable("v128", v.constant(neutral)));
  const where = Array.from({ length: copies }, () =>
    f.variable("v128", v.constant(Number.POSITIVE_INFINITY)),
  );
  const op = (instruction: string, a: Node, b: Node): Node =>
    make(`${v.format.shape}.${instruction}`, [a, b]);
  /** Whether b at j stands before a at i. */
  const beats = ([a, i]: readonly Node[], [b, j]: readonly Node[]): Node => {
    const bothNaN = v.and(v.ne(a, a), v.ne(b, b));
    const tie = v.and(v.or(v.eq(a, b), bothNaN), v.lt(j, i));
    return v.or(v.or(op(name, b, a), v.andNot(v.ne(b, b), v.ne(a, a))), tie);
  };
  const join = (a: readonly Node[], b: readonly Node[]): Node[] => {
    const mask = beats(a, b);
    return [v.select(mask, b[0], a[0]), v.select(mask, b[1], a[1])];
  };
  /** Of what is found in order: what is no better stays, and so does a NaN; where b is one, neither holds. */
  const inOrder = ([a, i]: readonly Node[], [b, j]: readonly Node[]): readonly Node[] => {
    const stays = f.let(v.or(op(name === "gt" ? "le" : "ge", b, a), op("ne", a, a)));
    return [a, i].map((x, which) => v.select(stays, x, [b, j][which]));
  };
  let done: readonly Node[] | undefined;
  const result = (): readonly Node[] => {
    if (done) return done;
    let all: readonly Node[] = [best[0], where[0]];
    for (let i = 1; i < copies; i++) all = join(all, [best[i], where[i]]).map((node) => f.let(node));
    done = isVector ? acrossLanes(v, f, all, join) : all;
    return done;
  };
  // Nothing beats −∞: the place stays ∞ where all are −∞, or none are there, and that means the first.
  const index = (): Node =>
    v.select(v.lt(result()[1], v.constant(Number.POSITIVE_INFINITY)), result()[1], v.constant(0));
  return {
    add: (terms, mask) => {
      const found = terms.map(({ x, index: at }, copy): readonly Node[] => [
        f.let(mask ? v.select(mask, x, v.constant(neutral)) : x),
        inLanes ? v.constant(copy) : at(),
      ]);
      // Where lanes are samples, copies stand in order.
      const inBlock = (): readonly Node[] => {
        const [x, i] = pairwise(found, inOrder);
        return [x, v.add(terms[0].index(), i)];
      };
      const all = inLanes ? [inBlock()] : found;
      for (const [copy, next] of all.entries()) {
        const [x, at] = inOrder([best[copy], where[copy]], next);
        f.set(best[copy], x);
        f.set(where[copy], at);
      }
    },
    cells: () => [toScalar(v, result()[0]), toScalar(v, result()[1])],
    result: () => f.let(index()),
    best: () => result()[0],
  };
}

/** What a place was found by, folded there already. */
const bestOf = (v: Lanes, found: Accumulator): Accumulator => ({
  add: () => {},
  cells: () => [toScalar(v, found.best!())],
  result: () => found.best!(),
});

/** The accumulators of a loop. A row's largest and its place are one search. */
export function accumulatorsOf(site: Site, reductions: readonly Reduction[]): Accumulator[] {
  const made = new Map<Reduction, Accumulator>();
  const places = { max: "argmax", min: "argmin" } as const;
  for (const reduction of reductions) {
    if (reduction.fold !== "max" && reduction.fold !== "min")
      made.set(reduction, folds[reduction.fold](site, reduction.value));
  }
  return reductions.map((reduction) => {
    const { fold, value } = reduction;
    if (fold !== "max" && fold !== "min") return made.get(reduction)!;
    const place = reductions.find((other) => other.fold === places[fold] && other.value.id === value.id);
    return place ? bestOf(site.v, made.get(place)!) : folds[fold](site, value);
  });
}

/** √Σx². In float32 the squares stand in float64, where none overflows. In float64 they are taken in three ranges. */
function norm(site: Site): Accumulator {
  const { v, f } = site;
  if (v.precision === "float32") {
    const squares = wideSum(site, (w, x) => w.mul(x, x));
    return {
      add: squares.add,
      reset: squares.reset,
      cells: () => [squares.total()],
      result: () => f.let(toLanes(v, make("f64.sqrt", [squares.total()]))),
    };
  }
  const [large, small] = [2 ** 500, 2 ** -500];
  const square = (x: Node): Node => v.mul(x, x);
  const isLarge = (x: Node): Node => v.gt(v.abs(x), v.constant(large));
  const isSmall = (x: Node): Node => v.lt(v.abs(x), v.constant(small));
  const sums = [
    wideSum(site, (_, x) => square(v.and(v.mul(x, v.constant(2 ** -600)), isLarge(x)))),
    wideSum(site, (_, x) => square(v.andNot(v.andNot(x, isLarge(x)), isSmall(x)))),
    wideSum(site, (_, x) => square(v.and(v.mul(x, v.constant(2 ** 600)), isSmall(x)))),
  ];
  let totals: readonly Node[] | undefined;
  const cells = (): Node[] => {
    totals ??= sums.map((sum) => sum.total());
    return [...totals];
  };
  return {
    add: (terms, mask) => {
      for (const sum of sums) sum.add(terms, mask);
    },
    cells,
    result: () => {
      const [big, middle, tiny] = cells().map((cell) => v.splat(cell));
      const zero = v.constant(0);
      const fromBig = v.mul(
        v.sqrt(v.add(big, v.mul(v.mul(middle, v.constant(2 ** -600)), v.constant(2 ** -600)))),
        v.constant(2 ** 600),
      );
      const fromTiny = v.mul(v.sqrt(tiny), v.constant(2 ** -600));
      const below = v.select(v.eq(middle, zero), fromTiny, v.sqrt(middle));
      return f.let(v.select(v.eq(big, zero), below, fromBig));
    },
  };
}

const searchedOrCarried = (site: Site, value: Value, p: "pmax" | "pmin", beats: "gt" | "lt"): Accumulator => {
  const row = site.rowOf?.(value);
  return row ? searched(site, p, row) : place(site, beats);
};

export const folds: { readonly [K in Fold]: (site: Site, value: Value) => Accumulator } = {
  sum: (site) => {
    const sum = narrowSum(site);
    let total: Node | undefined;
    const once = (): Node => (total ??= sum.total());
    return {
      add: sum.add,
      reset: sum.reset,
      mayHaveOverflowed: sum.mayHaveOverflowed,
      cells: () => [once()],
      result: () => site.f.let(site.inLanes ? sum.lanes() : toLanes(site.v, once())),
    };
  },
  max: (site) => extreme(site, "max"),
  min: (site) => extreme(site, "min"),
  argmax: (site, value) => searchedOrCarried(site, value, "pmax", "gt"),
  argmin: (site, value) => searchedOrCarried(site, value, "pmin", "lt"),
  norm,
};

/** How many cells a fold leaves. */
export const cellsOf = (fold: Fold, precision: Lanes["precision"]): number =>
  fold === "argmax" || fold === "argmin" ? 2 : fold === "norm" && precision === "float64" ? 3 : 1;
