// The profiles of the catalogue, from the file in which they are kept.

import { readFileSync } from "node:fs";
import type { Profile } from "./profile.ts";
import { profileIn } from "./text.ts";

let lines: Map<string, string> | undefined;

/** Lines by the name they begin with: only what is asked for is read into objects. */
function read(): Map<string, string> {
  lines ??= new Map(
    readFileSync(new URL("../../data/losses.jsonl", import.meta.url), "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => [/^\{"name":"([^"]+)"/.exec(line)![1], line]),
  );
  return lines;
}

export function knownProfile(name: string): Profile | undefined {
  const line = read().get(name);
  return line === undefined ? undefined : profileIn(line);
}

export const knownProfiles = (): Profile[] => [...read().values()].map(profileIn);

export const knownNames = (): string[] => [...read().keys()];
