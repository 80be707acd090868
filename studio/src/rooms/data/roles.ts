// Which columns are what: single ones, one for each class, the sides of a box; by the names that the command line knows.

import type { AnyLoss } from "lossc";
import {
  boxPrefixes,
  boxSides,
  boxSources,
  type Column,
  idNames,
  rowPrefixes,
  rowSources,
  scalarNames,
  scorePrefixes,
} from "lossc/columns";
import { type Pick as Asked, picks } from "../../state/fields.ts";
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
  /** One column whose cells are lists. */
  readonly isList?: true;
  /** Of a box, where the names of its sides tell: xyxy, xywh or cxcywh. */
  readonly format?: string;
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
const asList = (name: string, width: number, of: Pick<Columns, "shape" | "input">): Columns => ({
  name,
  columns: [name],
  classes: of.shape === "classes" ? Array.from({ length: width }, (_, i) => String(i)) : [],
  isList: true,
  ...of,
});

/** Everything that the columns can be read as: boxes, then classes, then each by itself. */
export function readings(table: Pick<Table, "names" | "lists">): Columns[] {
  const { names, lists } = table;
  const given = names.map((name): Column => ({ name, lists: lists.has(name) }));
  const boxes = boxesOf(given, lists);
  const sides = new Set(boxes.flatMap(({ columns }) => columns));
  const rest = given.filter(({ name }) => !sides.has(name));
  const classes = classesOf(rest, lists);
  const named = new Set(classes.map(({ name }) => name));
  // A list that is called like nothing is one of scores, which the page says.
  const others = rest
    .filter(({ name }) => lists.has(name) && !named.has(name))
    .map(({ name }) => asList(name, lists.get(name)!.width, { shape: "classes", input: "logits" }));
  const inputOf = (name: string) =>
    scalarInputs.find((input) => scalarNames[input].sure.includes(name.toLowerCase())) ?? "prediction";
  const numbers = names.filter((name) => !lists.has(name)).map((name) => whole(name, inputOf(name)));
  return [...boxes, ...classes, ...others, ...numbers];
}

/** Four columns by the names of their sides, or two columns of lists of four. */
function boxesOf(given: readonly Column[], lists: Table["lists"]): Columns[] {
  const prefixes = [...boxPrefixes.prediction.sure, ...boxPrefixes.target.sure, ""];
  const as = { shape: "box", input: "prediction" } as const;
  const found = Object.keys(boxSides).flatMap((format) =>
    boxSources(given, prefixes, format).map((source): Columns => {
      if (source.kind !== "row") return asList(source.columns[0].name, 4, as);
      const columns = source.columns.map(({ name }) => name);
      const prefix = columns[0].slice(0, columns[0].length - source.classes[0].length);
      const name = prefix === "" ? source.classes.join(" ") : `${prefix}{${source.classes}}`;
      return { name, columns, classes: [], format, ...as };
    }),
  );
  const fours = found.filter(({ isList, name }, i) => {
    return isList && lists.get(name)!.width === 4 && found.findIndex((one) => one.name === name) === i;
  });
  // One list of four beside labels may as well be of four classes.
  return [...found.filter(({ isList }) => !isList), ...(fours.length > 1 ? fours : [])];
}

function classesOf(given: readonly Column[], lists: Table["lists"]): Columns[] {
  const taken = new Set<string>();
  return classInputs.flatMap(([input, { sure, perhaps = [] }]) =>
    [...sure, ...perhaps].flatMap((prefix) => {
      const free = given.filter(({ name }) => !taken.has(name));
      return rowSources(free, [prefix]).flatMap((source): Columns[] => {
        const columns = source.columns.map(({ name }) => name);
        for (const column of columns) taken.add(column);
        const as = { shape: "classes", input } as const;
        if (source.kind === "list") return [asList(columns[0], lists.get(columns[0])!.width, as)];
        if (source.kind === "number") return [];
        const shared = columns[0].slice(0, columns[0].length - source.classes[0].length);
        return [{ name: `${shared}*`, columns, classes: source.classes, ...as }];
      });
    }),
  );
}

/** By the names asked for; where there are none such, by the names that people give them; else the first columns of
 * numbers that are not of ids. */
export function rolesOf(table: Table, target: string, prediction: string): Roles {
  const { names } = table;
  const all = readings(table);
  const called = (name: string) => all.find((one) => one.name === name);
  const byName = (list: readonly string[], shape: Shape) =>
    all.find(
      (one) => one.shape === shape && list.includes(one.name.toLowerCase().replace(/[_.]\{.*$|_box$/, "")),
    );
  const isId = (name: string) => idNames.includes(name.toLowerCase());
  const label = byName(scalarNames.target.sure, "number");
  const truth = byName(boxPrefixes.target.sure, "box");
  const otherBox = (box: Columns) =>
    all.find(({ shape, name, format }) => shape === "box" && name !== box.name && format === box.format);
  const isText = (name: string) => table.columns.get(name)?.every(Number.isNaN) ?? true;
  const given =
    called(prediction) ??
    all.find((one) => one.shape === "box" && one.name !== truth?.name && otherBox(one)) ??
    all.find(({ shape }) => shape === "classes") ??
    scalarInputs.map((input) => byName(scalarNames[input].sure, "number")).find((one) => one) ??
    all.find(({ name }) => name !== (called(target) ?? label)?.name && !isText(name) && !isId(name)) ??
    all[0];
  const trueBox = truth && truth.name !== given.name && truth.format === given.format ? truth : undefined;
  const usual = given.shape === "box" ? (trueBox ?? otherBox(given)) : label;
  return { target: called(target) ?? usual ?? whole(names[0], "prediction"), prediction: given };
}

/** Losses of what the roles hold; one loss reads both of its boxes in one format. */
export const fitsRoles =
  ({ target, prediction: { shape, input, format } }: Roles) =>
  ({ inputs }: AnyLoss): boolean => {
    const needed = Object.keys(inputs).filter((name) => inputs[name].optional !== true);
    const given = inputs[input];
    if (needed.length !== 2 || !needed.includes("target") || !needed.includes(input)) return false;
    if (shape === "box") return target.shape === "box" && given.domain === "box" && target.format === format;
    if (target.shape !== "number") return false;
    return shape === "classes"
      ? /^n\S* \w+$/.test(given.axes) && inputs.target.kind === "classes"
      : given.axes === "..." && inputs.target.axes === "...";
  };

/** Parameters that the columns' names tell. */
export const settledBy = ({ prediction: { format } }: Roles): string[] => (format ? ["format"] : []);

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
  asked: readonly Asked[],
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
