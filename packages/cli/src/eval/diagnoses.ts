// What the library's `diagnose` finds in a sample of the rows, said as notes.

import { diagnose, type Finding, type TensorInput } from "lossc";
import { grouped } from "../format/number.ts";
import type { Notes } from "../notes.ts";
import { type Call, rowsCall } from "./calls.ts";
import type { Collector, Look } from "./collect/collector.ts";
import type { Plan } from "./plan.ts";

export interface Diagnoses extends Collector {
  say(rows: number, notes: Notes): void;
}

/** Enough to see a mistake in, few enough to cost nothing. */
const SAMPLE = 4096;
/** Findings that the command tells of itself, from all rows. */
const toldElsewhere = new Set([
  "probabilities-as-logits",
  "infinite-loss",
  "nan-loss",
  "bad-weight",
  "nothing-counted",
]);
/** Findings that more rows could undo. */
const ofAllRows = new Set([
  "class-never-seen",
  "one-class",
  "constant-output",
  "no-gradient",
  "nothing-to-learn",
]);
const MOST_FINDINGS = 3;

interface Sampled {
  readonly rows: number;
  readonly whole: number;
  readonly findings: readonly Finding[];
  /** The number in the file of each row looked at. */
  readonly numbers: readonly number[];
}

/** Looks at rows spread over the first block, for every loss once. */
export function newDiagnoses(plans: readonly Plan[]): Diagnoses {
  const found = new Map<Plan, Sampled>();
  return {
    look(look) {
      if (!found.has(look.plan) && look.plan.layout !== "lists") found.set(look.plan, sampled(look));
    },
    say(rows, notes) {
      for (const plan of plans) {
        const sample = found.get(plan);
        if (!sample) continue;
        const told = sample.findings.filter(
          ({ code, severity }) =>
            severity !== "note" && !toldElsewhere.has(code) && (sample.whole >= rows || !ofAllRows.has(code)),
        );
        const among = sample.rows < rows ? ` (seen in ${grouped(sample.rows)} rows of ${grouped(rows)})` : "";
        for (const finding of told.slice(0, MOST_FINDINGS))
          notes.say(`${plan.spec.loss.name}: ${inFile(finding, sample)} ${finding.remedy}${among}`);
      }
    },
  };
}

function sampled({ plan, block, judged, evaluated }: Look): Sampled {
  const { samples } = evaluated.call;
  // Rows that meet are looked at together, or what they have to do with each other is lost.
  const apart = plan.layout === "rows";
  const step = apart ? Math.max(1, samples.length / SAMPLE) : 1;
  const count = Math.min(samples.length, SAMPLE);
  const rows = Int32Array.from({ length: count }, (_, i) => samples[Math.floor(i * step)]);
  const call: Call = rowsCall(plan, judged, rows);
  const { findings } = diagnose(plan.spec.loss, call.inputs as Record<string, TensorInput>, plan.options);
  return { rows: count, whole: samples.length, findings, numbers: [...rows].map((row) => block.number(row)) };
}

/** Places of the sample as rows of the file. */
function inFile({ message, sample, at }: Finding, { numbers }: Sampled): string {
  const place = sample ?? at?.[0];
  const number = place === undefined ? undefined : numbers[place];
  if (number === undefined) return message;
  return message.replace(new RegExp(`(row|sample) \\[?${place}(?:, \\d+)*\\]?`), `row ${number}`);
}
