// The few pieces of SQL that are made from what a person typed: each quoted, always.

/** `target` is a keyword and `p 50%` is no word: every name is quoted. */
export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A path for a table function, which would take `[`, `*` and `?` in a file's name for a pattern. */
export const pathLiteral = (path: string): string => literal(path.replace(/[[*?]/g, "[$&]"));

/** A number, NULL where there is none: a missing cell, or text. */
export const numberOf = (column: string): string => `TRY_CAST(${identifier(column)} AS DOUBLE)`;

/** As `numberOf`, and true is 1, false 0: how pandas writes a boolean label. */
export const labelNumberOf = (column: string): string =>
  `COALESCE(${numberOf(column)}, CASE lower(${textOf(column)}) WHEN 'true' THEN 1 WHEN 'false' THEN 0 END)::DOUBLE`;

/** The cell where it is no number, the empty text where it is missing: what an error shows. */
export const textWhereNoNumber = (column: string): string =>
  `CASE WHEN ${numberOf(column)} IS NULL THEN COALESCE(${textOf(column)}, '') END`;

/** The place of a text among names, NULL where it is none of them. */
export const placeAmong = (column: string, names: readonly string[]): string => {
  const cases = names.map((name, i) => `WHEN ${literal(name)} THEN ${i}`).join(" ");
  return `(CASE trim(${textOf(column)}) ${cases} END)::DOUBLE`;
};

export const listOf = (column: string): string => `TRY_CAST(${identifier(column)} AS DOUBLE[])`;

export const lengthOf = (column: string): string => `COALESCE(len(${listOf(column)}), -1)::DOUBLE`;

export const textOf = (column: string): string => `CAST(${identifier(column)} AS VARCHAR)`;
