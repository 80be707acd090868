// The page's address holds its whole state: `#/boxes/1?box=1,2,3,4&lang=zh`: the room, the version of its fields, and
// every field that is not at its default. What cannot be read falls back to its default and is named.

import type { Field } from "./fields.ts";

export type Schema = Readonly<Record<string, Field<never> | Field<unknown>>>;
export type ValuesOf<S> = { -readonly [K in keyof S]: S[K] extends Field<infer T> ? T : never };
type AnyState = Record<string, unknown>;

export interface Parts {
  readonly room: string;
  readonly version: number;
  readonly fields: Readonly<Record<string, string>>;
}

/** What an address says, before any room has read it; undefined where it is none of ours. */
export function parse(hash: string): Parts | undefined {
  const match = /^#\/([a-z-]+)(?:\/(\d{1,4}))?(?:\?(.*))?$/.exec(hash);
  if (!match) return undefined;
  const fields: Record<string, string> = {};
  for (const part of (match[3] ?? "").split("&").filter((text) => text !== "")) {
    const at = part.indexOf("=");
    if (at < 1) return undefined;
    try {
      fields[part.slice(0, at)] = decodeURIComponent(part.slice(at + 1));
    } catch {
      return undefined;
    }
  }
  return { room: match[1], version: Number(match[2] ?? 0), fields };
}

/** The address of a state. */
export function print(room: string, version: number, schema: Schema, state: AnyState): string {
  const fields = Object.entries(schema).flatMap(([name, field]) => {
    const { write, default: fallback } = field as Field<unknown>;
    const written = write(state[name]);
    return written === write(fallback) ? [] : [`${name}=${escapeText(written)}`];
  });
  return `#/${room}/${version}${fields.length > 0 ? `?${fields.join("&")}` : ""}`;
}

/** A fragment may hold all of these as they are, which keeps a copied link readable. */
const readable = /%(?:2C|3B|3A|3D|2F|40|2B)/g;
const escapeText = (written: string): string =>
  encodeURIComponent(written).replace(readable, decodeURIComponent);

/** A state from its fields, and the names of those that could not be read. */
export function read(
  schema: Schema,
  fields: Readonly<Record<string, string>>,
): { state: AnyState; wrong: string[] } {
  const state = defaults(schema);
  const wrong: string[] = [];
  for (const [name, written] of Object.entries(fields)) {
    const value = Object.hasOwn(schema, name) ? (schema[name] as Field<unknown>).read(written) : undefined;
    if (value === undefined) wrong.push(name);
    else state[name] = value;
  }
  return { state, wrong };
}

/** A fresh copy: states are changed in place. */
export const defaults = (schema: Schema): AnyState =>
  Object.fromEntries(
    Object.entries(schema).map(([name, field]) => [name, structuredClone((field as Field<unknown>).default)]),
  );
