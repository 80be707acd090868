// One page of formulas that share their symbols: a long expression gets names for its parts, and its gradient is
// written by the chain rule through them.

import { type Expr, input as leafOf, rebuild, topological } from "../../language/expr.ts";
import { gradient, simplify } from "../../passes/index.ts";
import { type Case, casesOf } from "./cases.ts";
import { bracketed, relations, Writer } from "./emit.ts";
import { costOf, isIndexed, numberOf, occurrences } from "./nodes.ts";
import { casesOf as printCases, script } from "./ops.ts";
import { probabilities, readable } from "./readable.ts";
import { isSample, isVector, nameFor, symbolsOf } from "./symbols.ts";
import { tidier } from "./tidy.ts";

/** What is longer than this is divided into named parts. */
const longest = 32;

/** One equation: what stands left of the sign, and the cases of what stands right. */
interface Line {
  readonly left: (write: Writer) => string;
  readonly cases: readonly Case[];
}

const total = (expr: Expr): Expr => expr.axes.reduce((sum, axis) => sum.sum(axis), expr);
const replace = (expr: Expr, from: Expr, to: Expr): Expr =>
  rebuild([expr], (node) => (node === from ? to : node))[0];
/** What a line shows. */
const shownIn = ({ cases }: Pick<Line, "cases">): Expr[] => [
  ...cases.map(({ value }) => value),
  ...cases.slice(0, -1).flatMap(({ when }) => when),
];

export class Page {
  private readonly tidy = tidier();
  private readonly symbols: Map<string, string>;
  private readonly lengths = new Map<Expr, number>();
  /** What each name stands for. */
  readonly meanings = new Map<Expr, Expr>();
  /** The value as it was divided, and the names of its parts, each before those it is made of. */
  private root: Expr | undefined;
  private parts: Expr[] = [];

  constructor(exprs: readonly Expr[], symbols?: Readonly<Record<string, string>>) {
    const leaves = topological(exprs).filter(({ op }) => op === "input" || op === "param");
    this.symbols = symbolsOf(leaves, symbols);
  }

  /** Divides the expression into parts if need be, and writes it. */
  value(left: string, expr: Expr): string {
    this.divide(readable(expr));
    const axes = (write: Writer) => expr.axes.map((axis) => write.indexOf(axis)).join("");
    return this.print(
      [{ left: (write) => left && bracketed(left, axes(write)), cases: this.cases(this.root!) }],
      [],
    );
  }

  /** The gradient of the value by an input, in terms of the value's parts and of the slopes by them. */
  slopeBy(input: Expr): Expr {
    let objective = total(this.root!);
    for (const part of this.parts) {
      const slope = this.slope(objective, part);
      if (numberOf(this.tidy(slope)) === 0) continue; // held constant
      const symbol = `∂${this.symbols.get(part.attrs.name!)}`;
      const adjoint = costOf(this.tidy(slope)) <= 4 ? slope.stopGradient() : this.name(slope, symbol);
      objective = objective.add(total(adjoint.mul(this.meanings.get(part)!)));
    }
    return this.slope(objective, input);
  }

  /** Writes the gradient by an input; of a fixed number of elements, each by itself. */
  gradient(input: Expr): string {
    const result = this.slopeBy(input);
    const counted = input.axes.find((axis) => /^\d+$/.test(axis));
    const elements = counted
      ? Array.from({ length: Number(counted) }, (_, i) => ({
          slope: result.at(counted, i),
          leaf: input.at(counted, i),
        }))
      : [{ slope: result, leaf: input }];
    const lines = elements.map(
      ({ slope, leaf }): Line => ({
        left: (write) => {
          const bound = this.root!.axes.filter((axis) => write.bound.has(axis));
          const by = `{\\partial ${write.text(leaf)}}`;
          if (bound.length === 0) return `\\frac{\\partial \\ell}${by}`;
          const index = bound.map((axis) => write.bind(axis).indexOf(axis)).join("");
          return `\\frac{\\partial}${by} \\sum_${script(index)} \\ell_${script(index)}`;
        },
        cases: this.cases(slope),
      }),
    );
    return this.print(lines, this.parts);
  }

  private slope(objective: Expr, input: Expr): Expr {
    return readable(simplify(gradient(objective, [input]))[0]);
  }

  private name(meaning: Expr, symbol?: string): Expr {
    for (const [leaf, known] of this.meanings) if (known === meaning) return leaf;
    const leaf = leafOf(`#${this.meanings.size}`, meaning.axes, meaning.type);
    this.meanings.set(leaf, meaning);
    this.symbols.set(leaf.attrs.name!, symbol ?? nameFor(this.tidy(meaning), new Set(this.symbols.values())));
    return leaf;
  }

  private cases(expr: Expr): readonly Case[] {
    return casesOf(
      probabilities(expr, this.tidy, (meaning) => this.name(meaning)),
      this.tidy,
    );
  }

  /** Names parts until none is too long. */
  private divide(expr: Expr): void {
    const parts: Expr[] = [];
    this.root = expr;
    for (let round = 0; round < 12; round++) {
      const exprs = [this.root, ...parts.map((part) => this.meanings.get(part)!)];
      const part = this.worthNaming(exprs);
      if (!part) break;
      const leaf = this.name(part);
      this.root = replace(this.root, part, leaf);
      for (const other of parts) this.meanings.set(other, replace(this.meanings.get(other)!, part, leaf));
      parts.push(leaf);
    }
    while (parts.length) {
      const users = (part: Expr) =>
        parts.some((other) => topological([this.meanings.get(other)!]).includes(part));
      this.parts.push(
        ...parts.splice(
          parts.findIndex((part) => !users(part)),
          1,
        ),
      );
    }
  }

  /** How long an expression is when it is written. */
  private lengthOf(expr: Expr): number {
    let length = this.lengths.get(expr);
    if (length === undefined) {
      const inline = probabilities(expr, this.tidy, (meaning) => leafOf("p", meaning.axes));
      length = costOf(inline);
      if (length > longest && length < 3 * longest) {
        length = shownIn({ cases: casesOf(inline, this.tidy) }).reduce((sum, each) => sum + costOf(each), 0);
      }
      this.lengths.set(expr, length);
    }
    return length;
  }

  /** The part to name next: a composite argument of a softmax, a constant of the gradient, or what shortens most. */
  private worthNaming(exprs: readonly Expr[]): Expr | undefined {
    const long = exprs.filter((expr) => this.lengthOf(expr) > longest);
    const count = occurrences(exprs);
    const written = topological(long);
    let best: Expr | undefined;
    let most = 4;
    const inChain = new Set(exprs.flatMap(choices));
    for (const node of topological(exprs)) {
      const inner = node.op === "stopGradient" ? node : node.args[0];
      const alone = /softmax|SumExp|stopGradient/i.test(node.op) && costOf(this.tidy(inner)) > 6;
      if (alone && !exprs.includes(inner)) return inner;
      if (!isPart(node) || exprs.includes(node) || !written.includes(node)) continue;
      const cost = costOf(this.tidy(node));
      const saved = (count.get(node)! - (isChoice(node) ? 0 : 1)) * cost;
      if (cost > 4 && saved > most && !inChain.has(node)) [best, most] = [node, saved];
    }
    if (best) return best;
    // Nothing is written twice: a long denominator, or the longest operand.
    const divided = exprs.length > 1 || long.length > 0 ? topological(exprs) : [];
    const products = written.filter(({ op }) => op === "mul" || op === "div").flatMap(({ args }) => args);
    const denominators = divided.filter(({ op }) => op === "div").map(({ args }) => args[1]);
    const cost = (node: Expr) => costOf(this.tidy(node));
    const isLong = (node: Expr) => isPart(node) && !exprs.includes(node) && cost(node) >= 12;
    return denominators.find(isLong) ?? products.filter(isLong).sort((a, b) => cost(b) - cost(a))[0];
  }

  /** Names what is written again and again. */
  private shorten(lines: Line[]): void {
    for (;;) {
      const all = lines.flatMap(shownIn);
      const count = occurrences(all);
      let best: Expr | undefined;
      let most = 3;
      for (const node of topological(all)) {
        if (!isPart(node) || (costOf(node) < 5 && !isError(node))) continue;
        const saved = (count.get(node)! - 1) * (costOf(node) - 1) + (isError(node) ? 1 : 0);
        if (saved > most) [best, most] = [node, saved];
      }
      if (!best) return;
      const [from, leaf] = [best, this.name(best)];
      const put = (expr: Expr) => replace(expr, from, leaf);
      lines.forEach(({ left, cases }, i) => {
        lines[i] = {
          left,
          cases: cases.map(({ value, when }) => ({ value: put(value), when: when.map(put) })),
        };
      });
    }
  }

  /** The lines, and those that say what their names stand for, except what is `known` already. */
  private print(lines: Line[], known: readonly Expr[]): string {
    this.shorten(lines);
    const defined = new Set(known);
    for (const line of lines) {
      for (const leaf of topological(shownIn(line))) {
        if (!this.meanings.has(leaf) || defined.has(leaf)) continue;
        defined.add(leaf);
        lines.push({ left: (write) => write.leaf(leaf), cases: this.cases(this.meanings.get(leaf)!) });
      }
    }
    const nodes = topological(lines.flatMap(shownIn));
    const bound = new Set(nodes.flatMap(runsOver));
    const shown = (axis: string) => bound.has(axis) || !(isVector(axis) || isSample(axis));
    const texts = lines.map(({ left, cases }) => {
      const axes = [...new Set(shownIn({ cases }).flatMap((expr) => expr.axes))].filter(shown);
      const write = axes.reduce((writer, axis) => writer.bind(axis), new Writer(this.symbols, bound));
      const pairs = cases.map(({ value, when }, i): [string, string] => [
        write.text(value),
        i === cases.length - 1 ? "" : relations(write, when),
      ]);
      return [left(write), pairs.length > 1 ? printCases(pairs) : pairs[0][0]];
    });
    const short = texts.length < 3 && texts.flat().join().length < 360;
    const equations = texts.map(([left, right]) =>
      short ? (left && `${left} = `) + right : `${left} &${left && "="} ${right}`,
    );
    return short
      ? equations.join(", \\qquad ")
      : `\\begin{aligned} ${equations.join(" \\\\ ")} \\end{aligned}`;
  }
}

/** Axes that need an index where a node is written. */
function runsOver({ op, attrs: { axis, to }, args: [a] }: Expr): string[] {
  const isNorm = op === "norm" || op === "contract" || (op === "sum" && a.op === "abs");
  if (axis === undefined || op === "at" || op === "take" || (isNorm && isVector(axis))) return [];
  return to === undefined ? [axis] : [axis, to];
}

const isChoice = ({ op, args: [condition] }: Expr): boolean => op === "where" && !isIndexed(condition);
/** The choices that an expression is, from the outermost in. */
const choices = (expr: Expr): Expr[] =>
  expr.op === "where" ? [expr, ...expr.args.slice(1).flatMap(choices)] : [];

/** The difference of two inputs: an error, whose name is usual. */
const isError = ({ op, args }: Expr): boolean => op === "sub" && args.every((arg) => arg.op === "input");

/** What may be named: no lookup, no power of what has a name, no 1 − p, nothing that is infinite somewhere. */
const isPart = ({ op, type, args }: Expr): boolean =>
  (type === "float" || op === "argmax" || op === "argmin") &&
  args.length > 0 &&
  !["neg", "take", "at", "rename", "step", "above", "sign"].includes(op) &&
  !args.some(
    (arg) =>
      (op === "add" || op === "sub" || op === "where") &&
      arg.op === "constant" &&
      (op !== "where" || !Number.isFinite(numberOf(arg))),
  ) &&
  !((op === "square" || op === "pow") && args[0].args.length === 0);
