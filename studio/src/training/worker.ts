// The worker of all rooms: it runs steps when it is asked to and answers with what there is to draw, at the latest when a
// picture is due. The page asks again after each answer, so steps never pile up, and a hidden page asks for none.

import { loadKernels } from "lossc/later";
import { complaintOf } from "./complaint.ts";
import type { Answer, LateTrainer, Request, Run, Trainer } from "./trainer.ts";

type Any = Trainer<unknown, unknown> | LateTrainer<unknown, unknown>;
const trainers = import.meta.glob<{ readonly trainer: Any }>("../rooms/*/trainer.ts");
const answer = (message: Answer) => self.postMessage(message);
let current: { readonly id: number; readonly run: Run<unknown>; step: number } | undefined;
let wanted = 0;
/** People see what they change within a tenth of a second. */
const PICTURE_MS = 50;

self.onmessage = async ({ data }: MessageEvent<Request>) => {
  try {
    if (data.kind === "start") {
      wanted = data.run;
      await loadKernels();
      const { trainer } = await trainers[`../rooms/${data.trainer}/trainer.ts`]();
      const run = wanted === data.run && (await trainer.start(data.settings));
      if (!run || wanted !== data.run) return; // a newer start has come meanwhile
      current = { id: data.run, run, step: 0 };
    }
    if (current?.id !== data.run) return;
    const due = performance.now() + PICTURE_MS;
    for (let i = 0; i < data.steps && (i === 0 || performance.now() < due); i++) {
      current.run.step();
      current.step += 1;
    }
    answer({ run: current.id, step: current.step, frame: current.run.frame() });
  } catch (error) {
    answer({ run: data.run, error: complaintOf(error) });
  }
};
