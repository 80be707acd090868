// The property card of a loss, in the worker: measuring one takes a tenth of a second, too long between two pictures.

import type { PropertyCard } from "lossc";
import { chosen } from "../../losses/named.ts";
import { ownLosses } from "../../losses/own.ts";
import type { Pick } from "../../state/fields.ts";
import type { Run, Trainer } from "../../training/trainer.ts";

export interface Settings {
  readonly pick: Pick;
  /** The text of a loss of one's own. */
  readonly own: string;
  /** The view; the loss's first where none is named. */
  readonly over?: string;
}
export type Frame = PropertyCard | undefined;

/** Nothing is trained: a card is a run's only frame. */
export const trainer: Trainer<Settings, Frame> = {
  start({ pick, own, over }): Run<Frame> {
    const [row] = chosen([pick], () => true, { own: ownLosses(own) });
    const card = row?.loss.properties({ params: row.params, ...(over !== undefined && { over }) });
    return { step: () => undefined, frame: () => card };
  },
};
