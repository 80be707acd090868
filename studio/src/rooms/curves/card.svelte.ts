// A hold on the property card of the loss looked at: asked of the worker when what it is about has been still a while.

import address from "virtual:worker";
import type { Answer, Request } from "../../training/trainer.ts";
import type { Frame, Settings } from "./trainer.ts";

const STILL = 350;

/** To be called while a component starts. No card while there is none yet, or for what is no loss. */
export function createCard(settings: () => Settings | undefined): { readonly card: Frame } {
  let worker: Worker | undefined;
  let run = 0;
  let card = $state.raw<Frame>();

  function ask(about: Settings) {
    worker ??= new Worker(address, { type: "module" });
    worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      if (data.run === run) card = "error" in data ? undefined : (data.frame as Frame);
    };
    const request: Request = { kind: "start", run: ++run, trainer: "curves", settings: about, steps: 0 };
    worker.postMessage(request);
  }
  $effect(() => {
    const about = $state.snapshot(settings()) as Settings | undefined;
    card = undefined;
    if (!about) return;
    const timer = setTimeout(() => ask(about), STILL);
    return () => clearTimeout(timer);
  });
  $effect(() => () => {
    if (worker) worker.onmessage = null;
    worker?.terminate();
  });
  return {
    get card() {
      return card;
    },
  };
}
