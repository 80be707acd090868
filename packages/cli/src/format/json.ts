// JSON for programs: versioned, numbers as JavaScript prints them, which read back to the same bits.

/** Grows when a field changes its meaning or goes away; a new field does not change it. */
export const JSON_VERSION = 1;

/** JSON has no NaN and no infinity: they are null, and a count beside them says that there were some. */
export function renderJson(value: object): string {
  return JSON.stringify(
    { version: JSON_VERSION, ...value },
    (_, item) => (typeof item === "number" && !Number.isFinite(item) ? null : item),
    2,
  );
}
