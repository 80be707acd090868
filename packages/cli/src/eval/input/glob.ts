// Patterns of file names, for a shell that has left them alone: * ? [a-z] within a name, ** for any folders.

import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const isPattern = (text: string): boolean => /[*?[]/.test(text);

/** The files that a pattern stands for, sorted; a path that exists stands for itself, whatever marks are in it. */
export function expandPattern(text: string): readonly string[] {
  if (!isPattern(text) || existsSync(text)) return [text];
  const absolute = text.startsWith("/");
  const parts = text.split("/").filter((part) => part !== "");
  const order = new Intl.Collator("en", { numeric: true });
  return walk(absolute ? "/" : "", parts).sort(order.compare);
}

function walk(folder: string, [part, ...rest]: readonly string[]): string[] {
  if (part === undefined) return [];
  const at = (name: string): string => (folder === "" ? name : join(folder, name));
  if (part === "**") {
    const deeper = folders(folder).flatMap((name) => walk(at(name), ["**", ...rest]));
    return [...walk(folder, rest), ...deeper];
  }
  const names = isPattern(part) ? entries(folder).filter((name) => matches(name, part)) : [part];
  if (rest.length > 0)
    return names.filter((name) => isFolder(at(name))).flatMap((name) => walk(at(name), rest));
  return names.map(at).filter((path) => existsSync(path) && !isFolder(path));
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

function entries(folder: string): string[] {
  try {
    return readdirSync(folder === "" ? "." : folder);
  } catch {
    return [];
  }
}

const folders = (folder: string): string[] =>
  entries(folder).filter(
    (name) => !name.startsWith(".") && isFolder(folder === "" ? name : join(folder, name)),
  );

/** As a shell has it: a leading dot must be written. */
function matches(name: string, pattern: string): boolean {
  if (name.startsWith(".") && !pattern.startsWith(".")) return false;
  const source = pattern.replace(/\*+|\?|\[!?[^\]]+\]|[\\^$.+(){}|[\]]/g, (mark) => {
    if (mark.startsWith("*")) return ".*";
    if (mark === "?") return ".";
    return mark.length > 1 ? mark.replace("[!", "[^").replaceAll("\\", "\\\\") : `\\${mark}`;
  });
  return new RegExp(`^${source}$`, "s").test(name);
}
