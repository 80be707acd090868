// Markdown as GitHub reads it: tables, code, formulas.

/** A table; cells are Markdown already, without line breaks. */
export function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replace(/\s+/g, " ")).join(" | ")} |`;
  return [line(titles), `|${titles.map(() => " --- |").join("")}`, ...rows.map(line)].join("\n");
}

export const code = (text: string): string => `\`${text}\``;
export const fenced = (language: string, text: string): string => `\`\`\`${language}\n${text}\n\`\`\``;

/** A formula of its own. GitHub refuses \operatorname, and the upright name does as well. */
export const math = (latex: string): string => fenced("math", plainLatex(latex));
/** A formula within a sentence. */
export const inlineMath = (latex: string): string => `$\`${plainLatex(latex)}\`$`;

export const plainLatex = (latex: string): string =>
  latex
    .replace(/\\operatorname\*\{([^{}]+)\}/g, "\\mathop{\\mathrm{$1}}")
    .replace(/\\operatorname\{([^{}]+)\}/g, "\\mathop{\\mathrm{$1}}\\nolimits");

/** Sections with their headings; those without content are left out. */
export const sections = (
  parts: readonly (readonly [heading: string, content: string | undefined])[],
): string =>
  parts
    .filter(([, content]) => content !== undefined && content !== "")
    .map(([heading, content]) => `## ${heading}\n\n${content}`)
    .join("\n\n");
