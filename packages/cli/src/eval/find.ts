// Looks for the columns of an input by name: which names depends on what the input wants of a row.

import {
  boxPrefixes,
  boxSources,
  byTier,
  type Column,
  type Found,
  type Names,
  namesOf,
  numberSources,
  rowPrefixes,
  rowSources,
  scorePrefixes,
  truthPrefixes,
  vectorPrefixes,
} from "lossc/columns";
import { parametersOf, type Wanted } from "./shapes.ts";
import type { LossSpec } from "./spec.ts";

export function findColumns(one: Wanted, columns: readonly Column[], spec: LossSpec): Found {
  if (one.size === 4) {
    const format = String(parametersOf(spec).format ?? "xyxy");
    return byTier(boxPrefixes[one.name] ?? { sure: [one.name] }, (names) =>
      boxSources(columns, names, format),
    );
  }
  if (one.shape === "number") return byTier(namesOf(one.name), (names) => numberSources(columns, names));
  if (one.shape === "classes") {
    const label = byTier(namesOf(one.name), (names) => numberSources(columns, names));
    return label.sources.length > 0 ? label : byTier(truthPrefixes, (names) => rowSources(columns, names));
  }
  return byTier(prefixesOf(one), (names) => rowSources(columns, names));
}

/** What stands before the class in the names of a row's columns. */
export function prefixesOf(one: Wanted): Names {
  if (vectorPrefixes[one.name]) return vectorPrefixes[one.name];
  if (one.name === "scores") return scorePrefixes;
  if (one.elements && one.name !== "target" && one.numbers === "any") return namesOf(one.name);
  if (one.spec.role === "data") return truthPrefixes;
  const { name, numbers } = one;
  return numbers === "any"
    ? { sure: [name.toLowerCase(), `${name.toLowerCase()}_embedding`] }
    : rowPrefixes[numbers];
}
