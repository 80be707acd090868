// Finds the columns that may hold an input, by their names.

import { boxSides, type Names } from "./names.ts";

/** A column of a table. */
export interface Column {
  readonly name: string;
  /** Whether its cells are lists of numbers; "some" where rows differ. */
  readonly lists?: boolean | "some";
}

/** Where an input's numbers come from: a column of numbers, several of which each has one (the classes by their names,
 * the sides of a box), or a column of lists. */
export type Source =
  | { readonly kind: "number"; readonly columns: readonly [Column] }
  | { readonly kind: "row"; readonly columns: readonly Column[]; readonly classes: readonly string[] }
  | { readonly kind: "list"; readonly columns: readonly [Column] };

/** Candidates of the first group of names that has any, and whether that group is only perhaps right. */
export interface Found {
  readonly sources: readonly Source[];
  readonly perhaps: boolean;
}

/** Tries the sure names first. */
export function byTier(names: Names, find: (names: readonly string[]) => readonly Source[]): Found {
  const sure = find(names.sure);
  if (sure.length > 0 || !names.perhaps) return { sources: sure, perhaps: false };
  return { sources: find(names.perhaps), perhaps: true };
}

const called = (column: Column, names: readonly string[]): boolean =>
  names.includes(column.name.toLowerCase());

const isList = ({ lists }: Column): boolean => lists === true;

/** Columns of these names. */
export const numberSources = (columns: readonly Column[], names: readonly string[]): Source[] =>
  columns
    .filter((column) => !isList(column) && called(column, names))
    .map((column) => ({ kind: "number", columns: [column] }));

/** Lists of that name, and families of two or more columns `name_<class>`. */
export function rowSources(columns: readonly Column[], prefixes: readonly string[]): Source[] {
  // A column whose rows differ in type may still be a list in most.
  const lists = columns.filter((column) => (column.lists ?? false) !== false && called(column, prefixes));
  const families = prefixes.map((prefix) =>
    columns.flatMap((column) => {
      const name = isList(column) ? undefined : afterPrefix(column.name, prefix);
      return name === undefined ? [] : [{ column, name }];
    }),
  );
  return [
    ...lists.map((column): Source => ({ kind: "list", columns: [column] })),
    ...families.filter((members) => members.length > 1).map(inOrder),
  ];
}

interface Member {
  readonly column: Column;
  /** The class it is of. */
  readonly name: string;
}

/** By number where every class is one (so 10 follows 9), else as they stand in the file. */
function inOrder(members: readonly Member[]): Source {
  const numbered = members.map((member) => ({ ...member, number: Number(member.name) }));
  const sorted = numbered.every(({ number }) => Number.isInteger(number))
    ? numbered.sort((a, b) => a.number - b.number)
    : members;
  return {
    kind: "row",
    columns: sorted.map(({ column }) => column),
    classes: sorted.map(({ name }) => name),
  };
}

/** Columns a person named, in that order: the classes are what their names do not share. */
export function familyOf(columns: readonly Column[], sorted: boolean): Source {
  const names = columns.map(({ name }) => name);
  const shared = sharedPrefix(names).length;
  const members = columns.map((column) => ({ column, name: column.name.slice(shared) }));
  return sorted ? inOrder(members) : { kind: "row", columns, classes: members.map(({ name }) => name) };
}

/** What all names begin with, up to a mark or the digits: `logit_` of logit_1 and logit_12, nothing of cat and cow. */
function sharedPrefix(names: readonly string[]): string {
  const [first, ...others] = names;
  let length = 0;
  while (length < first.length && others.every((name) => name[length] === first[length])) length += 1;
  const common = first.slice(0, length);
  const beforeDigits = common.replace(/\d+$/, "");
  if (names.every((name) => /^\d+$/.test(name.slice(beforeDigits.length)))) return beforeDigits;
  return /^.*[_.\-: ]/.exec(common)?.[0] ?? "";
}

/** The four sides of a box in a format, after one of the prefixes (`pred_x1`; an empty one is none), and lists of that name. */
export function boxSources(
  columns: readonly Column[],
  prefixes: readonly string[],
  format: string,
): Source[] {
  const sources: Source[] = [];
  for (const prefix of prefixes) {
    for (const sides of boxSides[format] ?? []) {
      const four = sides.map((side) => {
        const names = prefix === "" ? [side] : [`${prefix}_${side}`, `${prefix}.${side}`];
        return columns.find((column) => called(column, names));
      });
      if (four.every((column) => column !== undefined))
        sources.push({ kind: "row", columns: four, classes: sides });
    }
  }
  const lists = columns.filter(
    (column) =>
      isList(column) &&
      (called(column, prefixes) ||
        called(
          column,
          prefixes.map((prefix) => `${prefix}_box`),
        )),
  );
  return [...sources, ...lists.map((column): Source => ({ kind: "list", columns: [column] }))];
}

/** The class in `logit_7` and `Prob.cat`; without a mark between only where it is a number, as in `logit7`. */
function afterPrefix(name: string, prefix: string): string | undefined {
  if (!name.toLowerCase().startsWith(prefix)) return undefined;
  const rest = name.slice(prefix.length);
  return /^[_.\-: ](.+)$/.exec(rest)?.[1] ?? /^\d+$/.exec(rest)?.[0];
}
