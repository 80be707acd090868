// The grammar of a room: its fields, its story, and where its view is.

import type { Component } from "svelte";
import type { Schema, ValuesOf } from "../state/address.ts";

export interface Room<S extends Schema = Schema> {
  /** Folder, address and section of the language files. */
  readonly id: string;
  /** Where it stands in the menu. */
  readonly order: number;
  /** Raised when an old address would be misread; it then falls back, with a notice. */
  readonly version: number;
  readonly fields: S;
  /** The states of the guided story, each a change to the defaults, or a loss of one's own; its texts are in the language files. At most five. */
  readonly story: readonly (Partial<ValuesOf<S>> & { readonly own?: string })[];
  view(): Promise<{ readonly default: Component<{ values: ValuesOf<S> }> }>;
}

/** Checks a room's parts against one another. */
export function defineRoom<S extends Schema>(room: Room<S>): Room<S> {
  if (room.story.length > 5) throw new Error(`${room.id}: a story has at most five steps.`);
  return room;
}
