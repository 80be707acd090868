// What to do for one loss: which arrays of the scan each of its inputs is read from, and what they must hold.

import type { TensorInput } from "lossc";
import type { Source } from "lossc/columns";
import { CommandError } from "../errors.ts";
import { listed } from "../suggest.ts";
import { type Check, checkOf } from "./checks.ts";
import { sourceText } from "./column-errors.ts";
import type { Chosen } from "./columns.ts";
import type { NumpyArray } from "./input/npy.ts";
import { IGNORED, type Labels, labelsOf } from "./labels.ts";
import type { Matrix, Selection } from "./select.ts";
import {
  comparesRows,
  hasRowLosses,
  isClassAxis,
  isConstant,
  mixesRows,
  needsWholeFile,
  parametersOf,
  type Wanted,
} from "./shapes.ts";
import type { LossSpec } from "./spec.ts";

export interface PlannedInput {
  readonly wanted: Wanted;
  readonly source: Source;
  readonly matrix: Matrix;
  readonly check: Omit<Check, "find"> & Partial<Pick<Check, "find">>;
  /** For labels: how they become class indices. */
  readonly labels?: Labels;
  /** For a list: how many numbers it has, beside the matrix, which holds NaN where that is not the width. */
  readonly lengths?: Matrix;
  /** Lists may be of any length, the same for all such inputs of a row: then the row is one sample of many elements. */
  readonly ragged?: true;
  /** The text of each column's cells that are no numbers, by number of the selection. */
  readonly texts: readonly number[];
}

/** Which rows a call of the loss takes. "rows": any, each is a sample. "whole": all, for a statistic of theirs.
 * "batch": so many, which are compared with each other. "lists": each sample has elements of its own, rows of one
 * query or a list in one row. */
export type Layout = "rows" | "whole" | "batch" | "lists";

export interface Plan {
  readonly spec: LossSpec;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly inputs: readonly PlannedInput[];
  /** Inputs that are the same for all rows: arrays of files. */
  readonly constants: Readonly<Record<string, TensorInput>>;
  readonly notes: readonly string[];
  readonly layout: Layout;
  /** Whether all rows are needed before anything is computed. */
  readonly whole: boolean;
  /** Whether every row (or query) has a loss of its own. */
  readonly rowLosses: boolean;
  /** Whether the loss of a row depends on that row alone. */
  readonly separate: boolean;
  /** What the library is called with; `classWeight` is filled in later where it is "balanced". */
  options: Record<string, unknown>;
}

/** Asks the file for the length of the first list in a column, or of the longest. */
export type LengthOfList = (column: string, longest?: boolean) => Promise<number | undefined>;

export async function planLoss(
  spec: LossSpec,
  chosen: readonly Chosen[],
  selection: Selection,
  lengthOfList: LengthOfList,
  { constants, grouped }: { readonly constants: ReadonlyMap<string, NumpyArray>; readonly grouped: boolean },
): Promise<Plan> {
  const parameters = parametersOf(spec);
  const classes = new Map<string, readonly string[]>();
  const given = constantInputs(spec, constants, classes);
  const inputs: PlannedInput[] = [];
  // Rows of numbers first, those a model made before others: their columns say what the classes are.
  const order = [...chosen].sort((a, b) => rank(a) - rank(b));
  const elements = chosen.filter(({ wanted }) => wanted.elements);
  const ragged = !grouped && elements.length > 0 && elements.every(({ source }) => source.kind === "list");
  for (const one of order) {
    const { wanted } = one;
    const source = ragged && wanted.elements ? one.source : await sized(spec, one, classes, lengthOfList);
    const check = checkOf(wanted, spec, parameters);
    if (source.kind === "list") {
      const [{ name }] = source.columns;
      const free = ragged && wanted.elements === true;
      const width = free
        ? await listWidth(spec, wanted, source, (column) => lengthOfList(column, true))
        : (wanted.size ?? classes.get(wanted.along!)!.length);
      inputs.push({
        wanted,
        source,
        check,
        matrix: selection.list(name, width, free),
        lengths: selection.listLength(name),
        ...(free && { ragged: true }),
        texts: [],
      });
      continue;
    }
    const names = source.columns.map(({ name }) => name);
    const texts = names.map((name) => selection.textWhereNoNumber(name));
    if (wanted.shape === "classes" && source.kind === "number") {
      const known = classes.get(wanted.along!) ?? [];
      const { labels, matrix } = labelsOf(names[0], known, selection, {
        ignored: spec.options.ignoreIndex,
        none: wanted.spec.none === true,
      });
      inputs.push({ wanted, source, matrix, check: labels.check, labels, texts });
    } else {
      const as =
        wanted.spec.kind === "binary" || wanted.spec.kind === "sign" || wanted.spec.kind === "index"
          ? "label"
          : "number";
      inputs.push({ wanted, source, matrix: selection.numbers(names, as), check, texts });
    }
  }
  const lists = elements.length > 0 && (ragged || grouped);
  const whole = needsWholeFile(spec);
  const labelled = inputs.some(({ labels }) => labels !== undefined);
  return {
    spec,
    parameters,
    inputs: chosen.map(({ wanted }) => inputs.find((input) => input.wanted === wanted)!),
    notes: chosen.flatMap(({ note }) => note ?? []),
    constants: given,
    layout: lists ? "lists" : comparesRows(spec) ? "batch" : whole ? "whole" : "rows",
    whole: whole || (lists && grouped),
    rowLosses: hasRowLosses(spec),
    separate: !lists && !mixesRows(spec),
    options: {
      ...spec.options,
      ...(labelled && spec.options.ignoreIndex !== undefined && { ignoreIndex: IGNORED }),
    },
  };
}

const rank = ({ wanted }: Chosen): number =>
  (wanted.shape === "row" ? 0 : 2) + (wanted.spec.role === "model" ? 0 : 1);

/** Arrays for inputs that no row has, such as a head's weights; they say how many classes there are. */
function constantInputs(
  spec: LossSpec,
  arrays: ReadonlyMap<string, NumpyArray>,
  classes: Map<string, readonly string[]>,
): Record<string, TensorInput> {
  const { loss } = spec;
  const given: Record<string, TensorInput> = {};
  for (const [name, { axes, optional }] of Object.entries(loss.inputs)) {
    if (!isConstant(loss, name)) continue;
    const array = arrays.get(name);
    if (!array && optional) continue;
    if (!array)
      throw new CommandError(
        `${loss.name}: its input "${name}" (${axes}) is the same for all rows, so no column has it.`,
        `Give it as an array of NumPy: --input ${name}=${name}.npy`,
      );
    const data = array.rows(0, array.shape[0] ?? 1);
    if (!(data instanceof Float64Array))
      throw new CommandError(
        `${loss.name}: "${name}" is an array of type ${array.type}.`,
        "Save it as numbers: np.save(file, array.astype(np.float64)).",
      );
    given[name] = array.shape.length === 0 ? data[0] : { data, shape: array.shape };
    for (const [i, axis] of axes.split(/\s+/).entries())
      if (array.shape[i] !== undefined) classes.set(axis, indices(array.shape[i]));
  }
  return given;
}

/** The source with its classes in the order of the first that has them. */
async function sized(
  spec: LossSpec,
  { wanted, source }: Chosen,
  classes: Map<string, readonly string[]>,
  lengthOfList: LengthOfList,
): Promise<Source> {
  const { along, size } = wanted;
  if (source.kind === "number" || size !== undefined || along === undefined) return source;
  const known = classes.get(along);
  if (source.kind === "list") {
    if (!known) classes.set(along, indices(await listWidth(spec, wanted, source, lengthOfList)));
    return source;
  }
  if (!known) {
    classes.set(along, source.classes);
    return source;
  }
  const sameNames =
    source.classes.length === known.length && known.every((name) => source.classes.includes(name));
  // The places of a vector are not classes: the columns of two vectors need not be called alike.
  if (!sameNames && source.classes.length === known.length && !isClassAxis(spec, along)) return source;
  if (sameNames)
    return {
      ...source,
      classes: known,
      columns: known.map((name) => source.columns[source.classes.indexOf(name)]),
    };
  if (!isClassAxis(spec, along))
    throw new CommandError(
      `${spec.loss.name}: "${wanted.name}" (${sourceText(source)}) has ${source.classes.length} numbers in a row, but ${known.length} are expected.`,
      "Vectors that are compared, and the weights for them, must be equally long.",
    );
  throw new CommandError(
    `${spec.loss.name}: the classes of "${wanted.name}" (${sourceText(source)}: ${listed(source.classes, 5)}) are not those of the prediction (${listed(known, 5)}).`,
    "Name the columns of both so that the same classes end both names, as in prob_cat and target_cat.",
  );
}

const indices = (count: number): string[] => Array.from({ length: count }, (_, i) => String(i));

async function listWidth(
  spec: LossSpec,
  { name }: Wanted,
  { columns: [column] }: Source,
  lengthOfList: LengthOfList,
): Promise<number> {
  const length = await lengthOfList(column.name);
  if (length !== undefined && length > 0) return length;
  throw new CommandError(
    `${spec.loss.name}: "${name}" is read from ${column.name}, but no row of it holds a list of numbers.`,
    "Check the column, or name others with a flag: lossc eval --help",
  );
}
