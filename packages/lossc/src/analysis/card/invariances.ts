// What may be done to all inputs of a loss without changing it: each row of a table is tried on some batches.

import { phrase } from "../../phrase.ts";
import { type Place, type Structure, structureOf } from "../structure.ts";
import type { Numbers, Subject } from "../subject.ts";
import type { PropertyCard } from "../types.ts";
import { isPointwise, isVectors, sameAxes } from "../views/view.ts";
import { evident } from "./evidence.ts";
import { said } from "./numbers.ts";
import { type Batch, numbers, ordinary } from "./ordinary.ts";

type Options = Readonly<Record<string, unknown>>;

/** What is done to a batch, in words and as a function. */
interface Change {
  readonly name: string;
  readonly change: (batch: Batch) => Batch;
}

const BATCHES = 3;
/** Losses that differ by less than this share are the same. */
const SAME = 1e-9;

export function invariances(subject: Subject, options: Options): PropertyCard["invariances"] {
  const structure = structureOf(subject, options);
  const random = numbers(20261126);
  const batches = Array.from({ length: BATCHES }, () => ordinary(structure, random));
  const lossOf = (inputs: Batch): number =>
    subject.evaluate({ inputs, directions: {}, options, of: "whole", second: false }).values[0];
  const before = batches.map(lossOf);
  if (before.some(Number.isNaN)) return []; // it is not defined for ordinary inputs, so these show nothing
  return changesOf(structure).map(({ name, change }) => {
    const after = batches.map((batch) => lossOf(change(batch)));
    const share = (i: number) =>
      Math.abs(after[i] - before[i]) / Math.max(Math.abs(before[i]), Math.abs(after[i]), 1e-300);
    const worst = before.map((_, i) => i).reduce((a, b) => (share(b) > share(a) ? b : a));
    const holds = share(worst) <= SAME;
    const evidence = holds
      ? phrase`the losses of ${BATCHES} batches stay to ${SAME.toExponential().replace("-", "−")}`
      : phrase`a batch's loss goes from ${said(before[worst])} to ${said(after[worst])}`;
    return { name, holds, ...evident(evidence) };
  });
}

type Move = (x: number, i: number, shape: readonly number[]) => number;
const moved = ({ data, shape }: Numbers, move: Move): Numbers => ({
  data: data.map((x, i) => move(x, i, shape)),
  shape,
});

/** The same for several inputs at once. */
const all =
  (places: readonly Place[], move: Move) =>
  (batch: Batch): Batch => ({
    ...batch,
    ...Object.fromEntries(places.map(({ name }) => [name, moved(batch[name], move)])),
  });

const swapped =
  (a: Place, b: Place) =>
  (batch: Batch): Batch => ({ ...batch, [a.name]: batch[b.name], [b.name]: batch[a.name] });

/** By so much things are shifted, and so many times scaled: far enough to leave what a loss clamps. */
const SHIFT = 0.75;
const SCALE = 30;
const shift: Move = (x) => x + SHIFT;
const scale: Move = (x) => SCALE * x;

function changesOf(structure: Structure): Change[] {
  return [...ofNumbers(structure), ...ofClasses(structure), ...ofVectors(structure), ...ofBoxes(structure)];
}

/** A prediction and its target, a score and its class, a weight. */
function ofNumbers({ models, data }: Structure): Change[] {
  const truth = data.find((place) => isPointwise(place));
  const outputs = models.filter((place) => isPointwise(place) && (!truth || sameAxes(place, truth)));
  const [output] = outputs;
  if (!output) return [];
  if (!truth)
    return data.length > 0 || models.length > 1
      ? []
      : [{ name: "sign of the weights", change: all([output], (x) => -x) }];
  const flipped: Readonly<Record<string, Move>> = { sign: (y) => -y, binary: (t) => 1 - t };
  if (truth.kind in flipped) {
    const other: Move = output.domain === "probability" ? (p) => 1 - p : (x) => -x;
    const change = (batch: Batch) => all([truth], flipped[truth.kind])(all(outputs, other)(batch));
    return [{ name: "swap of the two classes", change }];
  }
  if (truth.kind !== "float" || truth.domain === "mask" || truth.domain === "probability") return [];
  const both = [output, truth];
  const reflected = (batch: Batch): Batch => ({
    ...batch,
    [output.name]: moved(batch[output.name], (x, i) => 2 * batch[truth.name].data[i] - x),
  });
  const staysIn = truth.domain === undefined && output.domain === undefined;
  return [
    { name: `shift of ${output.name} and ${truth.name}`, change: all(both, shift) },
    { name: `scale of ${output.name} and ${truth.name}`, change: all(both, scale) },
    ...(staysIn ? [{ name: "sign of the residual", change: reflected }] : []),
  ];
}

/** A row of numbers for the classes, or for the items of a list. */
function ofClasses({ models, data }: Structure): Change[] {
  const truth = data.find(({ kind, over }) => over !== undefined && (kind === "classes" || kind === "index"));
  const rows = models.filter(({ words, domain }) => domain === undefined && words.length > 1);
  const output = rows.find((place) =>
    truth
      ? place.words.at(-1)!.name === truth.over
      : data.some((other) => sameAxes(place, other)) || (data.length === 0 && models.length === 1),
  );
  const changes: Change[] =
    output && !output.words.at(-1)!.many
      ? [{ name: `shift of all ${output.name} of a row`, change: all([output], shift) }]
      : [];
  const byClass = truth && models.find(({ words }) => words.some(({ name }) => name === truth.over));
  if (!truth || !byClass) return changes;
  // Class k becomes class k + 1, everywhere.
  const at = byClass.words.findIndex(({ name }) => name === truth.over);
  const rolled = ({ data: numbers, shape }: Numbers): Numbers => {
    const stride = shape.slice(at + 1).reduce((a, b) => a * b, 1);
    const from = (i: number) => {
      const k = Math.floor(i / stride) % shape[at];
      return i + (((k + shape[at] - 1) % shape[at]) - k) * stride;
    };
    return { data: numbers.map((_, i) => numbers[from(i)]), shape };
  };
  const change = (batch: Batch): Batch => {
    const classes = batch[byClass.name].shape[at];
    return {
      ...batch,
      [byClass.name]: rolled(batch[byClass.name]),
      [truth.name]: moved(batch[truth.name], (label) => (label + 1) % classes),
    };
  };
  return [...changes, { name: "order of the classes", change }];
}

/** Features and class vectors; embeddings. */
function ofVectors({ models, data }: Structure): Change[] {
  const vectors = models.filter(isVectors);
  const classAxes = new Set(data.map(({ over }) => over));
  const [first] = vectors;
  if (!first || classAxes.has(first.words[1].name) || data.some((place) => sameAxes(place, first))) return [];
  const together = vectors.filter(({ words }) => words[1].name === first.words[1].name);
  const [cos, sin] = [Math.cos(1), Math.sin(1)];
  const rotated = (batch: Batch): Batch => ({
    ...batch,
    ...Object.fromEntries(
      together.map(({ name }) => {
        const { data: numbers, shape } = batch[name];
        const turn: Move = (x, i) =>
          i % shape[1] === 0
            ? cos * x - sin * numbers[i + 1]
            : i % shape[1] === 1
              ? sin * numbers[i - 1] + cos * x
              : x;
        return [name, moved(batch[name], turn)];
      }),
    ),
  });
  const named = together.length > 1 ? "all vectors" : first.name;
  return [
    ...(together.length > 1
      ? together.map((place) => ({ name: `scale of ${place.name}`, change: all([place], scale) }))
      : []),
    { name: `scale of ${named}`, change: all(together, scale) },
    { name: `shift of ${named}`, change: all(together, shift) },
    { name: `rotation of ${named}`, change: rotated },
  ];
}

function ofBoxes({ models, data, params }: Structure): Change[] {
  const [prediction, truth] = [models[0], data[0]];
  if (prediction?.domain !== "box" || truth?.domain !== "box") return [];
  const corners = params.format === undefined || params.format === "xyxy";
  return [
    {
      name: "shift of both boxes",
      change: all([prediction, truth], (x, i) => (corners || i % 4 < 2 ? x + SHIFT : x)),
    },
    { name: "scale of both boxes", change: all([prediction, truth], scale) },
    { name: "swap of the boxes", change: swapped(prediction, truth) },
  ];
}
