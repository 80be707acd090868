// JSON for programs: versioned, numbers as JavaScript prints them, which read back to the same bits.

/** Grows when a field changes its meaning or goes away; a new field does not change it. */
export const JSON_VERSION = 1;

/** JSON has no NaN and no infinity: they are null, and a count beside them says that there were some. */
const finiteOrNull = (_: string, item: unknown): unknown =>
  typeof item === "number" && !Number.isFinite(item) ? null : item;

export const renderJson = (value: object): string =>
  JSON.stringify({ version: JSON_VERSION, ...value }, finiteOrNull, 2);

/** One object for each line; the first says the version. */
export const renderJsonLines = (values: readonly object[]): string =>
  values
    .map((value, i) => JSON.stringify(i === 0 ? { version: JSON_VERSION, ...value } : value, finiteOrNull))
    .join("\n");
