// What may be wrong with the numbers of one input. Each rule asks what the input is (kind, domain, role, axes) and looks for
// one mistake; those that `settle` explain why the plain check of values fails, so that it need not be told as well.

import { whereIn } from "../contract/checks.ts";
import { checkInput } from "../contract/reading.ts";
import { LossError } from "../errors.ts";
import { type Gap, type Phrase, phrase } from "../phrase.ts";
import type { Found } from "./rule.ts";
import type { Call, Subject } from "./subject.ts";
import type { Severity } from "./types.ts";

/** Places of an input: the first, and how many. */
interface Places {
  readonly flat: number;
  readonly count: number;
  /** It is rows that were looked at. */
  readonly row?: true;
}

interface InputRule {
  readonly code: string;
  readonly severity: Severity;
  readonly settles?: true;
  readonly about: (subject: Subject, call: Call) => boolean;
  readonly find: (subject: Subject, call: Call) => Places | undefined;
  /** After the input's name; `at` says the first place. */
  readonly says: (subject: Subject, at: Gap, places: Places) => Phrase;
  readonly remedy: (subject: Subject, call: Call) => Phrase;
}

// ---- What an input is ----------------------------------------------------------------------------------

const isFloat = ({ spec, form }: Subject): boolean => spec.kind === "float" || form === "distribution";
const isModel = ({ spec }: Subject): boolean => spec.role === "model";
const holdsLabels = ({ spec, form, classes }: Subject): boolean =>
  classes !== undefined && (spec.kind === "index" || form === "index");
const isDistribution = ({ domain, form }: Subject): boolean =>
  domain === "distribution" || form === "distribution";
const lastAxis = ({ spec }: Subject): string => spec.words.at(-1)?.name ?? "";

/** Logits over a row of classes: what a class target masks by, or what probabilities were another form of. */
const areRowLogits = (subject: Subject, { inputs }: Call): boolean =>
  isModel(subject) &&
  subject.domain === undefined &&
  (inputs.some(({ spec }) => spec.maskedBy === subject.spec.name) ||
    (typeof subject.spec.domain === "function" && lastAxis(subject) === "c"));
/** Logits or scores one by one, beside a target of two classes. */
const arePointLogits = (subject: Subject, { inputs }: Call): boolean =>
  isModel(subject) &&
  subject.domain === undefined &&
  inputs.some(
    ({ spec }) => (spec.kind === "binary" || spec.kind === "sign") && spec.axes === subject.spec.axes,
  );
/** Vectors whose direction or distance counts. */
const areVectors = (subject: Subject): boolean => isModel(subject) && lastAxis(subject) === "d";

// ---- How places are found ------------------------------------------------------------------------------

/** Numbers, of samples that count, for which something holds. */
function each(subject: Subject, holds: (x: number) => boolean): Places | undefined {
  let flat = -1;
  let count = 0;
  for (let i = 0; i < subject.data.length; i++) {
    if (!holds(subject.data[i]) || !subject.counts(i)) continue;
    if (flat < 0) flat = i;
    count += 1;
  }
  return count > 0 ? { flat, count } : undefined;
}

/** Rows along the last axis for which something holds; the place is the row's first number. */
function rows(subject: Subject, holds: (row: readonly number[]) => boolean): Places | undefined {
  const { data, row: width } = subject;
  let flat = -1;
  let count = 0;
  for (let from = 0; width > 0 && from < data.length; from += width) {
    if (!subject.counts(from) || !holds(Array.from({ length: width }, (_, j) => data[from + j]))) continue;
    if (flat < 0) flat = from;
    count += 1;
  }
  return count > 0 ? { flat, count, row: true } : undefined;
}

/** The first of `wanted`, if all numbers that count are allowed. */
const only = (subject: Subject, allowed: (x: number) => boolean, wanted: (x: number) => boolean) =>
  each(subject, (x) => !allowed(x)) === undefined ? each(subject, wanted) : undefined;

const sumOf = (row: readonly number[]): number => row.reduce((a, b) => a + b, 0);
const inUnit = (x: number): boolean => x >= 0 && x <= 1;
/** As far from 1 as float16 probabilities sum. */
const sumsToOne = (row: readonly number[]): boolean => row.every(inUnit) && Math.abs(sumOf(row) - 1) < 2e-3;
const isLabel = (classes: number) => (x: number) => Number.isInteger(x) && x >= 0 && x < classes;

/** Width and height as the option `format` says. */
function boxSize([a, b, c, d]: readonly number[], { settings }: Call): [number, number] {
  return settings.params.format === "xyxy" ? [c - a, d - b] : [c, d];
}

/** So many numbers all inside [0, 1] are hardly logits. */
const FEW_LOGITS = 8;

const anotherDoor = ({ spec }: Subject, { body }: Call): Gap => {
  const other = spec.instead ?? body.inputs.find(({ instead }) => instead === spec.name)?.name;
  return other === undefined ? "" : phrase`Give them as "${other}". `;
};

export const inputRules: readonly InputRule[] = [
  {
    code: "nan-input",
    severity: "error",
    about: () => true,
    find: (subject) => each(subject, Number.isNaN),
    says: (_, at) => phrase`is NaN ${at}, so the loss of that sample is NaN.`,
    remedy: (subject) =>
      isModel(subject)
        ? phrase`The model made it: look for a step that was too long, a logarithm or root of a negative number, 0/0.`
        : phrase`Clean the data, or drop such samples with the option mask.`,
  },
  {
    code: "infinite-input",
    severity: "warning",
    about: (subject) => isFloat(subject) && subject.domain === undefined && !isDistribution(subject),
    find: (subject, call) => {
      const lowest = areRowLogits(subject, call) ? Number.NEGATIVE_INFINITY : Number.NaN; // takes a class out
      return each(subject, (x) => Math.abs(x) === Number.POSITIVE_INFINITY && x !== lowest);
    },
    says: ({ data }, at, { flat }) => phrase`is ${data[flat]} ${at}.`,
    remedy: () => phrase`It overflowed: lower the learning rate, or clip gradients.`,
  },
  {
    code: "labels-from-one",
    severity: "error",
    settles: true,
    about: holdsLabels,
    find: (subject, { settings }) => {
      const classes = subject.classes!;
      const ignored = settings.ignoreIndex;
      return only(
        subject,
        (x) => x === ignored || (Number.isInteger(x) && x >= 1 && x <= classes),
        (x) => x === classes,
      );
    },
    says: ({ classes }, at) =>
      phrase`counts classes from 1: there is no 0, but a ${classes!} ${at} of ${classes!} classes.`,
    remedy: ({ classes }) => phrase`Subtract 1: labels count from 0 to ${classes! - 1}.`,
  },
  {
    code: "padding-labels",
    severity: "error",
    settles: true,
    about: (subject) => holdsLabels(subject) && subject.spec.kind === "classes",
    find: (subject, { settings }) => {
      const fits = isLabel(subject.classes!);
      const odd = each(subject, (x) => !fits(x) && x !== settings.ignoreIndex);
      const value = odd && subject.data[odd.flat];
      if (odd === undefined || !(value! < 0) || (subject.spec.none && value === -1)) return undefined;
      return only(
        subject,
        (x) => fits(x) || x === value || x === settings.ignoreIndex,
        (x) => x === value,
      );
    },
    says: ({ data }, at, { flat }) =>
      phrase`has the label ${data[flat]} ${at}, which is no class; all others are.`,
    remedy: ({ data }, call) => {
      const value = Array.from(data).find((x) => x < 0 && x !== call.settings.ignoreIndex);
      return phrase`If it marks what is to be left out, set ignoreIndex: ${value!}.`;
    },
  },
  {
    code: "zero-one-targets",
    severity: "error",
    settles: true,
    about: ({ spec }, { settings }) => spec.kind === "sign" && settings.encoding === "sign",
    find: (subject) =>
      only(
        subject,
        (x) => x === 0 || x === 1,
        (x) => x === 0,
      ),
    says: (_, at) => phrase`is 0 ${at}: these targets are 0 and 1, where -1 and +1 are expected.`,
    remedy: () => phrase`Set encoding: "binary".`,
  },
  {
    code: "sign-targets",
    severity: "error",
    settles: true,
    about: ({ spec }, { settings }) =>
      spec.kind === "binary" || (spec.kind === "sign" && settings.encoding === "binary"),
    find: (subject) =>
      only(
        subject,
        (x) => x === -1 || x === 1,
        (x) => x === -1,
      ),
    says: (_, at) => phrase`is -1 ${at}: these targets are -1 and +1, where 0 and 1 are expected.`,
    remedy: ({ spec }) =>
      spec.kind === "sign" ? phrase`Set encoding: "sign".` : phrase`Give (target + 1) / 2.`,
  },
  {
    code: "logits-as-probabilities",
    severity: "error",
    settles: true,
    about: (subject) => isModel(subject) && (subject.domain === "probability" || isDistribution(subject)),
    find: (subject) => each(subject, (x) => x < 0 || x > 1),
    says: ({ data }, at, { flat }) =>
      phrase`is ${data[flat]} ${at}: these are logits, where probabilities are expected.`,
    remedy: (subject, call) =>
      phrase`${anotherDoor(subject, call)}${
        "from" in call.body.params
          ? phrase`Set from: "logits".`
          : phrase`Take the loss of logits, which keeps more digits, or apply sigmoid or softmax first.`
      }`,
  },
  {
    code: "probabilities-as-log-probabilities",
    severity: "error",
    settles: true,
    about: ({ domain }) => domain === "logDistribution",
    find: (subject) => {
      const all = rows(subject, () => true);
      const found = rows(subject, sumsToOne);
      return found?.count === all?.count ? found : undefined;
    },
    says: (_, at) =>
      phrase`sums to 1 ${at} and everywhere: these are probabilities, where their logarithms are expected.`,
    remedy: (_, { body }) =>
      "from" in body.params
        ? phrase`Set from: "probabilities".`
        : phrase`Take the loss of probabilities, or logarithms.`,
  },
  {
    code: "logits-as-log-probabilities",
    severity: "error",
    settles: true,
    about: ({ domain }) => domain === "logDistribution",
    find: (subject) => each(subject, (x) => x > 1e-3),
    says: ({ data }, at, { flat }) =>
      phrase`is ${data[flat]} ${at}: a log-probability is at most 0; these are logits.`,
    remedy: (_, { body }) =>
      "from" in body.params
        ? phrase`Set from: "logits".`
        : phrase`Take the loss of logits, or apply logSoftmax first.`,
  },
  {
    code: "probabilities-as-logits",
    severity: "warning",
    about: areRowLogits,
    find: (subject) => {
      const all = rows(subject, () => true);
      const found = rows(subject, sumsToOne);
      return found && found.count > 1 && found.count === all?.count ? found : undefined;
    },
    says: (_, at) =>
      phrase`sums to 1 ${at} and everywhere: these are probabilities, and softmax is applied twice.`,
    remedy: () => phrase`Leave the softmax out of the model, or take the loss of probabilities.`,
  },
  {
    code: "probabilities-as-logits",
    severity: "warning",
    about: arePointLogits,
    find: (subject) => {
      const inside = only(subject, inUnit, (x) => x > 0 && x < 1);
      return inside && inside.count >= FEW_LOGITS ? inside : undefined;
    },
    says: () =>
      phrase`lies in [0, 1] everywhere: these are probabilities, where logits or scores are expected.`,
    remedy: () => phrase`Leave the sigmoid out of the model, or take the loss of probabilities.`,
  },
  {
    code: "row-sums-to-0",
    severity: "error",
    settles: true,
    about: isDistribution,
    find: (subject) => rows(subject, (row) => row.length > 0 && row.every((x) => x === 0)),
    says: (_, at) => phrase`sums to 0 ${at}, so it says nothing of that sample.`,
    remedy: () => phrase`Drop the sample with the option mask, or give it a distribution.`,
  },
  {
    code: "row-not-normalised",
    severity: "error",
    settles: true,
    about: isDistribution,
    find: (subject) => rows(subject, (row) => row.every((x) => x >= 0) && !sumsToOne(row) && sumOf(row) > 0),
    says: ({ data, row }, at, { flat }) =>
      phrase`sums to ${sumOf(Array.from({ length: row }, (_, j) => data[flat + j]))} ${at}, where probabilities sum to 1.`,
    remedy: () => phrase`Divide each row by its sum.`,
  },
  {
    code: "box-corners",
    severity: "error",
    settles: true,
    about: ({ domain }) => domain === "box",
    find: (subject, call) => rows(subject, (row) => boxSize(row, call).some((side) => side < 0)),
    says: ({ data }, at, { flat }) =>
      phrase`has a box of negative size ${at}: [${[0, 1, 2, 3].map((j) => data[flat + j]).join(", ")}].`,
    remedy: (_, { settings }) =>
      settings.params.format === "xyxy"
        ? phrase`If the last two numbers are width and height, set format: "xywh" or "cxcywh"; else order the corners.`
        : phrase`If the last two numbers are a corner, set format: "xyxy".`,
  },
  {
    code: "box-without-area",
    severity: "warning",
    about: ({ domain }) => domain === "box",
    find: (subject, call) => rows(subject, (row) => boxSize(row, call).some((side) => side === 0)),
    says: (_, at) => phrase`has a box without area ${at}, which overlaps nothing.`,
    remedy: (subject) =>
      isModel(subject)
        ? phrase`Let the model give sizes that stay positive, exp or softplus of its output.`
        : phrase`Such labels are mistakes more often than not; drop them.`,
  },
  {
    code: "zero-vector",
    severity: "warning",
    about: (subject, { directions }) => areVectors(subject) && directions.has(subject.spec.name),
    find: (subject) => rows(subject, (row) => row.every((x) => x === 0)),
    says: (_, at) => phrase`is the zero vector ${at}, which has no direction and gets no gradient from one.`,
    remedy: () => phrase`Look for dead units before it, or for weights that start at 0.`,
  },
];

/** What the rules find in one input; what the plain check of values says, where no rule explains it better. */
export function* findInInput(subject: Subject, call: Call): Generator<Found> {
  let settled = false;
  for (const rule of inputRules) {
    if (settled && rule.settles) continue;
    const places = rule.about(subject, call) ? rule.find(subject, call) : undefined;
    if (places === undefined) continue;
    settled ||= rule.settles === true;
    const { at, words } = places.row
      ? whereIn(subject.shape.slice(0, -1), places.flat / subject.row)
      : whereIn(subject.shape, places.flat);
    yield {
      code: rule.code,
      severity: rule.severity,
      message: phrase`"${subject.spec.name}" ${rule.says(subject, phrase`at ${words}`, places)}`,
      remedy: rule.remedy(subject, call),
      ...placed(subject, at, places),
    };
  }
  if (settled) return;
  const { body, bound, settings, mask, shape } = call;
  try {
    checkInput(body.name, subject.spec, bound, settings, shape, mask);
  } catch (error) {
    if (!(error instanceof LossError && error.phrases)) throw error;
    const flat = flatOf(subject, error.at ?? []);
    yield {
      code: error.code,
      severity: "error",
      ...error.phrases,
      ...placed(subject, error.at ?? [], { flat, count: 1 }),
    };
  }
}

const placed = ({ spec, width }: Subject, at: readonly number[], { flat, count }: Places) => ({
  input: spec.name,
  at,
  ...(width !== undefined && width > 0 && { sample: Math.floor(flat / width) }),
  count,
});

/** The flat place of an element, or of a row's first. */
const flatOf = ({ shape }: Subject, at: readonly number[]): number =>
  shape.reduce((flat, size, axis) => flat * size + (at[axis] ?? 0), 0);
