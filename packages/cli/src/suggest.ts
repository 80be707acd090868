// What is said of a name that does not exist.

import { nearest } from "lossc/names";

/** `Did you mean "label"?`, or the list of what there is, or of the first of them. */
export function didYouMean(given: string, known: readonly string[], what = "There are"): string {
  const near = nearest(given, known);
  return near === undefined ? `${what}: ${listed(known)}.` : `Did you mean "${near}"?`;
}

/** Names in a sentence; a file may have a thousand columns. */
export function listed(names: readonly string[], most = 12): string {
  if (names.length === 0) return "none";
  if (names.length <= most) return names.join(", ");
  return `${names.slice(0, most).join(", ")} … (${names.length} in all)`;
}
