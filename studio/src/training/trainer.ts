// What trains in a room, apart from the page: plain objects in, plain objects out, the same steps from the same seed.

import type { Complaint } from "./complaint.ts";

/** One run. */
export interface Run<Frame> {
  step(): void;
  /** What the page draws of the present state. */
  frame(): Frame;
}

export interface Trainer<Settings, Frame> {
  start(settings: Settings): Run<Frame>;
}

/** One that has something to read before it can start. */
export interface LateTrainer<Settings, Frame> {
  start(settings: Settings): Promise<Run<Frame>>;
}

export type Request =
  | {
      readonly kind: "start";
      readonly run: number;
      readonly trainer: string;
      readonly settings: unknown;
      readonly steps: number;
    }
  | { readonly kind: "advance"; readonly run: number; readonly steps: number };

export type Answer =
  | { readonly run: number; readonly step: number; readonly frame: unknown }
  | { readonly run: number; readonly error: Complaint };
