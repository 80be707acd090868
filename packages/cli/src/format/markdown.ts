// Markdown tables, as GitHub reads them.

export interface MarkdownColumn {
  readonly title: string;
  readonly align: "left" | "right";
}

export function renderMarkdown(
  columns: readonly MarkdownColumn[],
  rows: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cellText).join(" | ")} |`;
  const rule = `| ${columns.map(({ align }) => (align === "left" ? "---" : "---:")).join(" | ")} |`;
  return [line(columns.map(({ title }) => title)), rule, ...rows.map(line)].join("\n");
}

const cellText = (cell: string): string => cell.replaceAll("|", "\\|").replaceAll("\n", " ");
