// Which columns are what: single ones, one for each class, the sides of a box; by the names that the command line knows.

import type { AnyLoss } from "lossc";
import {
  boxPrefixes,
  boxSources,
  idNames,
  rowPrefixes,
  rowSources,
  scalarNames,
  scorePrefixes,
} from "lossc/columns";
import { type Pick, picks } from "../../state/fields.ts";
import type { Table } from "./table.ts";

/** What a row holds of it: one number, one for each class, a box. */
export type Shape = "number" | "classes" | "box";

/** Columns that are read as one thing. */
export interface Columns {
  /** A column's name; of several, what they share: `logit_*`, `pred_{x1,y1,x2,y2}`. */
  readonly name: string;
  readonly columns: readonly string[];
  readonly shape: Shape;
  /** The input of losses that it would be if it is what a model gives. */
  readonly input: string;
  /** The classes by index, if it has one number for each. */
  readonly classes: readonly string[];
}

export interface Roles {
  readonly target: Columns;
  readonly prediction: Columns;
}

const scalarInputs = ["probability", "logits", "score", "prediction"] as const;
const classInputs = [
  ["logits", rowPrefixes.logits],
  ["probability", rowPrefixes.probabilities],
  ["logProbability", rowPrefixes.logProbabilities],
  ["logits", scorePrefixes],
] as const;
const whole = (name: string, input: string): Columns => ({
  name,
  columns: [name],
  shape: "number",
  input,
  classes: [],
});

/** Everything that the columns can be read as: boxes, then classes, then each by itself. */
export function readings(names: readonly string[]): Columns[] {
  const boxes = boxesOf(names);
  const sides = new Set(boxes.flatMap(({ columns }) => columns));
  const classes = classesOf(names.filter((name) => !sides.has(name)));
  const inputOf = (name: string) =>
    scalarInputs.find((input) => scalarNames[input].sure.includes(name.toLowerCase())) ?? "prediction";
  return [...boxes, ...classes, ...names.map((name) => whole(name, inputOf(name)))];
}

function boxesOf(names: readonly string[]): Columns[] {
  const prefixes = [...boxPrefixes.prediction.sure, ...boxPrefixes.target.sure, ""];
  const given = names.map((name) => ({ name }));
  return boxSources(given, prefixes, "xyxy").flatMap((source) => {
    if (source.kind !== "row") return [];
    const columns = source.columns.map(({ name }) => name);
    const prefix = columns[0].slice(0, columns[0].length - source.classes[0].length);
    const name = prefix === "" ? source.classes.join(" ") : `${prefix}{${source.classes}}`;
    return [{ name, columns, shape: "box" as const, input: "prediction", classes: [] }];
  });
}

function classesOf(names: readonly string[]): Columns[] {
  const taken = new Set<string>();
  return classInputs.flatMap(([input, { sure, perhaps = [] }]) =>
    [...sure, ...perhaps].flatMap((prefix): Columns[] => {
      const free = names.filter((name) => !taken.has(name)).map((name) => ({ name }));
      return rowSources(free, [prefix]).flatMap((source): Columns[] => {
        if (source.kind !== "row") return [];
        const columns = source.columns.map(({ name }) => name);
        for (const column of columns) taken.add(column);
        const shared = columns[0].slice(0, columns[0].length - source.classes[0].length);
        return [{ name: `${shared}*`, columns, shape: "classes", input, classes: source.classes }];
      });
    }),
  );
}

/** By the names asked for; where there are none such, by the names that people give them; else the first columns of
 * numbers that are not of ids. */
export function rolesOf({ columns, words }: Table, target: string, prediction: string): Roles {
  const names = [...columns.keys()];
  const all = readings(names);
  const called = (name: string) => all.find((one) => one.name === name);
  const byName = (list: readonly string[], shape: Shape) =>
    all.find((one) => one.shape === shape && list.includes(one.name.toLowerCase().replace(/[_.]\{.*$/, "")));
  const isId = (name: string) => idNames.includes(name.toLowerCase());
  const label = byName(scalarNames.target.sure, "number");
  const truth = byName(boxPrefixes.target.sure, "box");
  const given =
    called(prediction) ??
    all.find(({ shape, name }) => shape === "box" && name !== truth?.name) ??
    all.find(({ shape }) => shape === "classes") ??
    scalarInputs.map((input) => byName(scalarNames[input].sure, "number")).find((one) => one) ??
    all.find(({ name }) => name !== (called(target) ?? label)?.name && !words.has(name) && !isId(name)) ??
    all[0];
  const otherBox = all.find(({ shape, name }) => shape === "box" && name !== given.name);
  const usual = given.shape === "box" ? (truth?.name === given.name ? otherBox : (truth ?? otherBox)) : label;
  return { target: called(target) ?? usual ?? whole(names[0], "prediction"), prediction: given };
}

/** Losses of what the roles hold. */
export const fitsRoles =
  ({ target, prediction: { shape, input } }: Roles) =>
  ({ inputs }: AnyLoss): boolean => {
    const needed = Object.keys(inputs).filter((name) => inputs[name].optional !== true);
    const given = inputs[input];
    if (needed.length !== 2 || !needed.includes("target") || !needed.includes(input)) return false;
    if (shape === "box") return target.shape === "box" && given.domain === "box";
    if (target.shape !== "number") return false;
    return shape === "classes"
      ? /^n\S* \w+$/.test(given.axes) && inputs.target.kind === "classes"
      : given.axes === "..." && inputs.target.axes === "...";
  };

/** What people look at first. */
const usualLosses: Readonly<Record<string, string>> = {
  "number probability": "bce",
  "number logits": "bceWithLogits",
  "number score": "hinge,squaredHinge",
  "number prediction": "mse,huber",
  "classes logits": "crossEntropy,multiclassHinge",
  "classes probability": "categoricalCrossEntropy",
  "classes logProbability": "nll",
  "box prediction": "giou,ciou",
};

/** The losses asked for, or the usual ones of such columns where none of them fits. */
export function lossesFor(
  roles: Roles,
  asked: readonly Pick[],
  known: (name: string) => AnyLoss | undefined,
) {
  const fits = fitsRoles(roles);
  const anyFits = asked.some(({ name }) => {
    const loss = known(name);
    return loss !== undefined && fits(loss);
  });
  const { shape, input } = roles.prediction;
  return anyFits || asked.length === 0 ? asked : picks(usualLosses[`${shape} ${input}`]).default;
}
