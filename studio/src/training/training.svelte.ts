// A room's hold on its training: settings in, frames out. New settings start anew from step 0.

import address from "virtual:worker";
import type { Answer, Request } from "./trainer.ts";

export interface Training<Frame> {
  readonly frame: Frame | undefined;
  readonly step: number;
  readonly playing: boolean;
  readonly error: string | undefined;
  play(): void;
  pause(): void;
  /** Some steps, by hand. */
  advance(steps: number): void;
  reset(): void;
  stop(): void;
}

interface Given<Settings> {
  readonly trainer: string;
  readonly settings: () => Settings;
  /** Steps done at the start: where a link was copied. */
  readonly from?: () => number;
  /** Told of the step whenever the run rests. */
  readonly onrest?: (step: number) => void;
  /** Steps per picture. */
  readonly pace?: () => number;
  /** After so many steps it rests by itself. */
  readonly most: number;
}

/** To be called while a component starts; it ends with it. */
export function createTraining<Settings, Frame>(given: Given<Settings>): Training<Frame> {
  const worker = new Worker(address, { type: "module" });
  const send = (request: Request) => worker.postMessage(request);
  let run = 0;
  let waiting = false;
  let begun = false;
  let frame = $state.raw<Frame>();
  let step = $state(0);
  let playing = $state(false);
  let error = $state<string>();

  function start(steps: number) {
    waiting = true;
    send({
      kind: "start",
      run: ++run,
      trainer: given.trainer,
      settings: $state.snapshot(given.settings()),
      steps,
    });
  }
  function ask(steps: number) {
    if (waiting) return;
    const left = Math.min(steps, given.most - step);
    if (left <= 0) return rest();
    waiting = true;
    send({ kind: "advance", run, steps: left });
  }
  function rest() {
    playing = false;
    given.onrest?.(step);
  }
  /** One more picture when the screen is ready for it; a hidden page draws none, so nothing runs. */
  function next() {
    if (!playing) return;
    const pace = given.pace?.() ?? 1;
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
      setTimeout(() => requestAnimationFrame(() => playing && ask(pace * 12)), 200); // the same speed in fewer pictures
    } else requestAnimationFrame(() => playing && ask(pace));
  }
  worker.onmessage = ({ data }: MessageEvent<Answer>) => {
    if (data.run !== run) return;
    waiting = false;
    if ("error" in data) {
      error = data.error;
      playing = false;
      return;
    }
    error = undefined;
    frame = data.frame as Frame;
    step = data.step;
    if (playing) next();
  };

  $effect(() => {
    given.settings();
    start(begun ? 0 : (given.from?.() ?? 0));
    if (begun && !playing) given.onrest?.(0);
    begun = true;
  });
  $effect(() => () => worker.terminate());

  return {
    get frame() {
      return frame;
    },
    get step() {
      return step;
    },
    get playing() {
      return playing;
    },
    get error() {
      return error;
    },
    play() {
      if (playing) return;
      if (step >= given.most) start(0);
      playing = true;
      if (!waiting) next();
    },
    pause: rest,
    advance(steps) {
      playing = false;
      ask(steps);
    },
    reset() {
      playing = false;
      start(0);
      given.onrest?.(0);
    },
    stop: () => worker.terminate(),
  };
}
