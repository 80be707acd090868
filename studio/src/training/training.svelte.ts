// A room's hold on its training: settings in, frames out. New settings start anew and run to the step where it rested.

import address from "virtual:worker";
import { untrack } from "svelte";
import type { Complaint } from "./complaint.ts";
import type { Answer, Request } from "./trainer.ts";

export interface Training<Frame> {
  readonly frame: Frame | undefined;
  readonly step: number;
  readonly playing: boolean;
  readonly error: Complaint | undefined;
  play(): void;
  pause(): void;
  /** Some steps, by hand. */
  advance(steps: number): void;
  reset(): void;
}

interface Given<Settings> {
  /** The room whose trainer.ts it is. */
  readonly trainer: string;
  readonly settings: () => Settings;
  /** Where it rests: the step that a link holds. */
  readonly from?: () => number;
  /** Told of the step whenever it rests. */
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
  let isWaiting = false;
  /** The step that was asked for; answers may stop before it, so that there is something to see. */
  let goal = 0;
  /** Settings have changed while a picture was on its way. */
  let isStale = false;
  let frame = $state.raw<Frame>();
  let step = $state(0);
  let playing = $state(false);
  let error = $state.raw<Complaint>();

  function start(steps: number) {
    isWaiting = true;
    isStale = false;
    goal = Math.min(steps, given.most);
    const settings = $state.snapshot(given.settings());
    send({ kind: "start", run: ++run, trainer: given.trainer, settings, steps: goal });
  }
  /** From the start again: to step 0 if it plays, to where it rests if it does not. */
  function renew() {
    if (isWaiting) isStale = true;
    else start(playing ? 0 : (given.from?.() ?? 0));
  }
  function ask(steps: number) {
    if (isWaiting) return;
    const left = Math.min(steps, given.most - step);
    if (left > 0) {
      isWaiting = true;
      goal = step + left;
      send({ kind: "advance", run, steps: left });
    } else rest();
  }
  function rest() {
    playing = false;
    if (!isWaiting) given.onrest?.(step);
  }
  /** The next steps of what plays. Where motion is to be reduced, the same speed in fewer pictures. */
  function next() {
    const pace = given.pace?.() ?? 1;
    if (matchMedia("(prefers-reduced-motion: reduce)").matches)
      setTimeout(() => playing && ask(pace * 12), 200);
    else ask(pace);
  }
  /** Brings an answer to the page, and goes on from there; `isMore` says that the next is on its way already. */
  function draw(answer: Answer, isMore: boolean) {
    if (answer.run !== run) return;
    isWaiting = isMore && !isStale;
    if ("error" in answer) {
      error = answer.error;
      playing = false;
    } else {
      error = undefined;
      frame = answer.frame as Frame;
      step = answer.step;
    }
    if (isStale) renew();
    else if (playing) next();
    else if (!isMore) given.onrest?.(step);
  }
  // An answer waits for the screen: a drag then changes the page once a picture, by its own move and by the answer to
  // the one before, and asks for one run a picture. A hidden page draws none, so nothing plays there.
  worker.onmessage = ({ data }: MessageEvent<Answer>) => {
    if (data.run !== run) return;
    const isMore = !("error" in data || isStale || playing) && data.step < goal;
    if (isMore) send({ kind: "advance", run, steps: goal - data.step });
    requestAnimationFrame(() => draw(data, isMore));
  };

  $effect(() => {
    given.settings();
    untrack(renew);
  });
  $effect(() => {
    const wanted = given.from?.(); // Back may bring another
    untrack(() => {
      if (wanted !== undefined && !playing && !isWaiting && wanted !== step) renew();
    });
  });
  $effect(() => () => {
    playing = false;
    run = -1; // an answer on its way has nobody left to tell
    worker.terminate();
  });

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
      playing = true;
      if (step >= given.most && !isWaiting) start(0);
      else if (!isWaiting) next();
    },
    pause: rest,
    advance(steps) {
      playing = false;
      ask(steps);
    },
    reset() {
      playing = false;
      start(0);
    },
  };
}
