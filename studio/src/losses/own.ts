// A loss of one's own: from the text of an address to a loss like any other, or to what is wrong with the text.

import { type AnyLoss, curve, defineLoss, LossError, phrase } from "lossc";
import { build, type Expr, parse, type Script, topological, typescriptOf } from "lossc/language";
import { type KindName, OWN, readOwn } from "./own-text.ts";

export interface Kind {
  readonly family: string;
  /** The definition's inputs, as data. */
  readonly inputs: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  /** Names that the text may use, besides its own. */
  readonly names: readonly string[];
  readonly axes: readonly string[];
  /** `expr` in TypeScript, around the lines of the text. */
  readonly around: (lines: readonly string[]) => readonly string[];
  readonly expr: (symbols: never, script: Script) => Expr;
  /** Text to begin with. */
  readonly example: string;
}

type Symbols = Readonly<Record<string, Expr>>;
const plain = (symbols: Symbols, script: Script) => build(script, { names: symbols });

export const kinds = {
  regression: {
    family: "regression",
    inputs: { prediction: "...", target: "..." },
    names: ["prediction", "target"],
    axes: [],
    around: (lines) => lines,
    expr: plain,
    example:
      "delta = 1\nr = prediction - target\nwhere(abs(r) < delta, r^2 / 2, delta * (abs(r) - delta / 2))",
  },
  margin: {
    family: "margin",
    inputs: { score: "...", target: { axes: "...", kind: "sign" } },
    names: ["score", "target"],
    axes: [],
    around: (lines) => lines,
    expr: plain,
    example: "margin = 1\nmax(0, margin - target * score)",
  },
  binary: {
    family: "binary",
    inputs: { logits: "...", target: { axes: "...", kind: "binary" } },
    names: ["logits", "target"],
    axes: [],
    around: (lines) => lines.map((line) => line.replace(/\btarget\b/g, "target.value")),
    expr: ({ target, ...others }: Symbols & { target: { value: Expr } }, script) =>
      plain({ ...others, target: target.value }, script),
    example: "p = sigmoid(logits)\nsoftplus(logits) - target * logits + 0.1 * p * (1 - p)",
  },
  classes: {
    family: "multiclass",
    inputs: { logits: "n... c", target: { axes: "n...", kind: "classes", over: "c", maskedBy: "logits" } },
    names: ["logits", "trueLogit", "isTrue"],
    axes: ["c"],
    around: (lines) => [
      "return target.expect(({ at, is: isTrue }) => {",
      "  const trueLogit = at(logits);",
      ...lines.map((line) => `  ${line}`),
      "});",
    ],
    expr: (
      { logits, target, ...params }: Symbols & { target: { expect(loss: (truth: Truth) => Expr): Expr } },
      script,
    ) =>
      target.expect(({ at, is }) =>
        build(script, { names: { ...params, logits, trueLogit: at(logits), isTrue: is }, axes: ["c"] }),
      ),
    example: "margin = 1\nsum(where(isTrue, 0, max(0, margin + logits - trueLogit)))",
  },
} as const satisfies Record<KindName, Kind>;
interface Truth {
  at(values: Expr): Expr;
  readonly is: Expr;
}

export interface Own {
  readonly loss?: AnyLoss;
  readonly error?: LossError;
  readonly script?: Script;
}

let last: { readonly from: string; readonly own: Own } | undefined;
/** The loss that a text says; the last one is kept, for every room asks for it at every move. */
export function ownOf(from: string): Own {
  if (last?.from !== from) last = { from, own: make(from) };
  return last.own;
}
/** As a list of losses: none while the text has an error. */
export function ownLosses(from: string): AnyLoss[] {
  const { loss } = ownOf(from);
  return loss ? [loss] : [];
}

function make(from: string): Own {
  const read = readOwn(from);
  if (!read) return {};
  const kind: Kind = kinds[read.kind];
  try {
    const script = parse(read.text);
    const params = Object.fromEntries(
      script.params.map(({ name, default: value }) => [
        name,
        { default: value, doc: `What "${name}" is in the text.` },
      ]),
    );
    const loss = defineLoss({
      name: OWN,
      family: kind.family,
      inputs: kind.inputs as Record<string, string>,
      params,
      expr: (symbols) => kind.expr(symbols as never, script),
    }) as unknown as AnyLoss;
    checkNames(script, kind, loss);
    // Building it here, with its derivatives, shows mistakes here, and not at the first call.
    const learns = topological([loss.expr]).some(
      ({ op, attrs }) => op === "input" && loss.inputs[attrs.name!]?.role === "model",
    );
    if (!learns) throw new LossError("definition", phrase`It does not depend on what a model gives.`);
    curve(loss, { points: 2 });
    return { loss, script };
  } catch (error) {
    if (error instanceof LossError) return { error };
    throw error;
  }
}

/** A parameter is an option of the loss's calls: it can have no name of an input, nor of an option that all losses have. */
function checkNames({ params }: Script, { names }: Kind, { options }: AnyLoss): void {
  const taken = params.find(
    ({ name }) => names.includes(name) || options.indexOf(name) < options.lastIndexOf(name),
  );
  if (!taken) return;
  throw new LossError("syntax", phrase`"${taken.name}" has a meaning already.`, { span: taken.at });
}

/** A module that defines it, for a project of one's own. */
export function moduleOf(from: string, name: string): string | undefined {
  const read = readOwn(from);
  const { script, loss } = ownOf(from);
  if (!read || !script || !loss) return undefined;
  const kind: Kind = kinds[read.kind];
  const known = [...kind.names, ...script.params.map((param) => param.name)];
  const names = Object.fromEntries(known.map((one) => [one, loss.expr]));
  const { lines, imports } = typescriptOf(script, { names, axes: kind.axes });
  const symbols = [...Object.keys(kind.inputs), ...script.params.map((param) => param.name)];
  const params = script.params.map(
    (param) => `    ${param.name}: { default: ${param.default}, doc: "What it does." },`,
  );
  return [
    `import { defineLoss } from "lossc";`,
    ...(imports.length > 0 ? [`import { ${imports.join(", ")} } from "lossc/language";`] : []),
    "",
    "/** What it is, in a sentence. */",
    `export const ${name} = defineLoss({`,
    `  name: "${name}",`,
    `  family: "${kind.family}",`,
    `  inputs: ${literal(kind.inputs)},`,
    ...(params.length > 0 ? ["  params: {", ...params, "  },"] : []),
    `  expr({ ${symbols.join(", ")} }) {`,
    ...kind.around(lines).map((line) => `    ${line}`),
    "  },",
    "});",
    "",
  ].join("\n");
}

const literal = (value: Kind["inputs"] | string | Readonly<Record<string, string>>): string =>
  typeof value === "string"
    ? JSON.stringify(value)
    : `{ ${Object.entries(value)
        .map(([key, part]) => `${key}: ${literal(part)}`)
        .join(", ")} }`;
