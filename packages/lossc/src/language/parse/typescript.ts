// From a script to the TypeScript of a definition's `expr`: the same calls, as methods of expressions.

import type { Meaning } from "./build.ts";
import { axisOf, placesOf } from "./build.ts";
import type { Script, Tree } from "./tree.ts";
import { numbers } from "./words.ts";

export interface Written {
  /** Lines of a function's body; the last one returns the loss. */
  readonly lines: readonly string[];
  /** What they use of the language. */
  readonly imports: readonly string[];
}

/** The body of `expr` that says what the script says. Names mean what the caller has made of them. */
export function typescriptOf({ parts, loss }: Script, { names, axes = [] }: Meaning): Written {
  const known: Record<string, unknown> = { ...names };
  const imports = new Set<string>();
  const lines = parts.map(({ name, value }) => {
    const line = `const ${name} = ${first(value)};`;
    known[name] = true;
    return line;
  });
  lines.push(`return ${first(loss)};`);
  return { lines, imports: [...imports].sort() };

  /** Where a method is called on it: a bare number has none. */
  function first(tree: Tree): string {
    const number = numberOf(tree);
    if (number === undefined) return operand(tree);
    imports.add("constant");
    return `constant(${number})`;
  }
  function operand(tree: Tree): string {
    const number = numberOf(tree);
    if (number !== undefined) return number;
    if (tree.kind !== "call") return (tree as { name: string }).name;
    const { word, name, args } = placesOf(tree, axes, known);
    const written = args.map((arg, i) =>
      word.takes[i] === "axis"
        ? JSON.stringify(axisOf(arg, axes))
        : i === 0
          ? first(arg as Tree)
          : operand(arg as Tree),
    );
    if (word.isFree) {
      imports.add(name);
      return `${name}(${written.join(", ")})`;
    }
    return `${written[0]}.${word.method ?? name}(${written.slice(1).join(", ")})`;
  }
  function numberOf(tree: Tree): string | undefined {
    if (tree.kind === "number") return String(tree.value);
    if (tree.kind !== "name" || Object.hasOwn(known, tree.name) || !Object.hasOwn(numbers, tree.name))
      return undefined;
    return { pi: "Math.PI", infinity: "Number.POSITIVE_INFINITY" }[tree.name];
  }
}
