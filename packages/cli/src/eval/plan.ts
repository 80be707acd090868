// What to do for one loss: which arrays of the scan each of its inputs is read from, and what they must hold.

import { CommandError } from "../errors.ts";
import { listed } from "../suggest.ts";
import type { Source } from "./candidates.ts";
import { type Check, checkOf } from "./checks.ts";
import { sourceText } from "./column-errors.ts";
import type { Chosen } from "./columns.ts";
import { IGNORED, type Labels, labelsOf } from "./labels.ts";
import type { Matrix, Selection } from "./select.ts";
import { needsWholeFile, parametersOf, type Wanted } from "./shapes.ts";
import type { LossSpec } from "./spec.ts";

export interface PlannedInput {
  readonly wanted: Wanted;
  readonly source: Source;
  readonly matrix: Matrix;
  readonly check: Pick<Check, "expected" | "remedy"> & Partial<Pick<Check, "find">>;
  /** For labels: how they become class indices. */
  readonly labels?: Labels;
  /** For a list: how many numbers it has, beside the matrix, which holds NaN where that is not the width. */
  readonly lengths?: Matrix;
  /** The text of each column's cells that are no numbers, by number of the selection. */
  readonly texts: readonly number[];
}

export interface Plan {
  readonly spec: LossSpec;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly inputs: readonly PlannedInput[];
  readonly notes: readonly string[];
  readonly whole: boolean;
  /** What the library is called with; `classWeight` is filled in later where it is "balanced". */
  options: Record<string, unknown>;
}

/** Asks the file for the length of the first list in a column. */
export type LengthOfList = (column: string) => Promise<number | undefined>;

export async function planLoss(
  spec: LossSpec,
  chosen: readonly Chosen[],
  selection: Selection,
  lengthOfList: LengthOfList,
): Promise<Plan> {
  const parameters = parametersOf(spec);
  const classes = new Map<string, readonly string[]>();
  const inputs: PlannedInput[] = [];
  // Rows of numbers first, those a model made before others: their columns say what the classes are.
  const order = [...chosen].sort((a, b) => rank(a) - rank(b));
  for (const one of order) {
    const { wanted } = one;
    const source = await sized(spec, one, classes, lengthOfList);
    const check = checkOf(wanted, spec, parameters);
    if (source.kind === "list") {
      const width = wanted.size ?? classes.get(wanted.along!)!.length;
      const [{ name }] = source.columns;
      inputs.push({
        wanted,
        source,
        check,
        matrix: selection.list(name, width),
        lengths: selection.listLength(name),
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
  const labelled = inputs.some(({ labels }) => labels !== undefined);
  return {
    spec,
    parameters,
    inputs: chosen.map(({ wanted }) => inputs.find((input) => input.wanted === wanted)!),
    notes: chosen.flatMap(({ note }) => note ?? []),
    whole: needsWholeFile(spec),
    options: {
      ...spec.options,
      ...(labelled && spec.options.ignoreIndex !== undefined && { ignoreIndex: IGNORED }),
    },
  };
}

const rank = ({ wanted }: Chosen): number =>
  (wanted.shape === "row" ? 0 : 2) + (wanted.spec.role === "model" ? 0 : 1);

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
  if (sameNames)
    return {
      ...source,
      classes: known,
      columns: known.map((name) => source.columns[source.classes.indexOf(name)]),
    };
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
