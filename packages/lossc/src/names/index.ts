// What our losses are called in other libraries, and what differs there: for pages and for errors.

import { lightgbm, xgboost } from "./boosting.ts";
import { keras } from "./keras.ts";
import type { Library } from "./library.ts";
import { metricLearning } from "./metric-learning.ts";
import { optax } from "./optax.ts";
import { pytorch } from "./pytorch.ts";
import { sklearn } from "./sklearn.ts";
import { tfjs } from "./tfjs.ts";

export type { Library, NameThere } from "./library.ts";

/** Every library with its table of names. */
export const libraries: readonly Library[] = [
  pytorch,
  keras,
  optax,
  tfjs,
  sklearn,
  xgboost,
  lightgbm,
  metricLearning,
];

/** One loss as one library has it. */
export interface PeerName {
  readonly library: string;
  /** In full, such as "torch.nn.MSELoss". */
  readonly name: string;
  /** Our name. */
  readonly loss: string;
  /** What differs from ours, if anything does. */
  readonly differs?: string;
}

/** All names in all libraries. */
export function peerNames(): PeerName[] {
  return libraries.flatMap(({ library, losses }) =>
    Object.entries(losses).flatMap(([loss, entries]) =>
      entries.flatMap((entry): PeerName[] => {
        if (typeof entry === "string") return [{ library, name: entry, loss }];
        const [names, differs] = entry;
        return [names].flat().map((name) => ({ library, name, loss, differs }));
      }),
    ),
  );
}

/** What a loss is called elsewhere. */
export const namesOf = (loss: string): PeerName[] => peerNames().filter((peer) => peer.loss === loss);

/** The losses that other libraries have under a name, which may be given in full, without its module, or as the word
 * that an estimator takes: "torch.nn.MSELoss", "MSELoss", "modified_huber". */
export function fromElsewhere(name: string): PeerName[] {
  const given = name.trim();
  const exact = peerNames().filter((peer) => spellings(peer.name).includes(given));
  if (exact.length > 0 || given === "") return exact;
  return peerNames().filter((peer) => spellings(peer.name).map(plain).includes(plain(given)));
}

/** What to say of a name that is another library's: `MSELoss (PyTorch) is "mse" here.` */
export function hintFromElsewhere(name: string): string | undefined {
  const found = fromElsewhere(name);
  if (found.length === 0) return undefined;
  const where = [...new Set(found.map(({ library }) => library))].join(", ");
  const meant = [...new Set(found.map(({ loss }) => loss))].map((loss) => {
    const differs = found.find((peer) => peer.loss === loss && peer.differs !== undefined)?.differs;
    return `"${loss}"${differs === undefined ? "" : ` (${differs})`}`;
  });
  return `${name.trim()} (${where}) is ${meant.join(" or ")} here.`;
}

/** Case and underscores are easily mixed up. */
const plain = (name: string): string => name.toLowerCase().replace(/[_\s]/g, "");

/** A name in full, and its last word. */
const spellings = (name: string): string[] => [name, /"([^"]+)"/.exec(name)?.[1] ?? name.split(".").at(-1)!];

export { nearest } from "../errors.ts";
