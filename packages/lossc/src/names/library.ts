// What a table of another library's names holds.

/** A name there; or a name, or several for the same, and what differs from ours. */
export type NameThere = string | readonly [names: string | readonly string[], differs: string];

export interface Library {
  readonly library: string;
  /** What differs in all of its losses, if anything does. */
  readonly differs?: string;
  /** By our name. */
  readonly losses: Readonly<Record<string, readonly NameThere[]>>;
}
