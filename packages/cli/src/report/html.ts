// Pieces of HTML: text that cannot become markup, and tables.

/** Text or markup; text is made harmless. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

export interface HtmlColumn {
  readonly title: string;
  readonly align: "left" | "right";
}

/** Prose in which `code` stands in backticks. */
export const prose = (text: string): string =>
  escapeHtml(text).replace(/&#96;([^&]+)&#96;|`([^`]+)`/g, "<code>$1$2</code>");

export interface TableSettings {
  /** Rows that sum the others up. */
  readonly isTotal?: (row: number) => boolean;
  /** Cells hold sentences. */
  readonly wraps?: boolean;
}

/** A table under a caption; where it is too wide it scrolls, also by keyboard. The first cell of a row is its heading. */
export function htmlTable(
  caption: string,
  columns: readonly HtmlColumn[],
  rows: readonly (readonly string[])[],
  { isTotal = () => false, wraps = false }: TableSettings = {},
): string {
  const side = (i: number): string => (columns[i].align === "right" ? ' class="number"' : "");
  const head = columns.map(({ title }, i) => `<th scope="col"${side(i)}>${escapeHtml(title)}</th>`).join("");
  const body = rows.map((cells, row) => {
    const [first, ...rest] = cells;
    const heading = `<th scope="row"${side(0)}>${escapeHtml(first)}</th>`;
    return `<tr${isTotal(row) ? ' class="total"' : ""}>${heading}${rest.map((cell, i) => `<td${side(i + 1)}>${escapeHtml(cell)}</td>`).join("")}</tr>`;
  });
  return `<div class="scroll" role="region" tabindex="0" aria-label="${escapeHtml(caption)}"><table${wraps ? ' class="prose"' : ""}><caption>${escapeHtml(caption)}</caption><thead><tr>${head}</tr></thead><tbody>${body.join("\n")}</tbody></table></div>`;
}
