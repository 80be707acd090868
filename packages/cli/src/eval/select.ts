// What one scan must bring: the SQL expressions of all losses, each once, and the arrays their numbers go to.

import { labelNumberOf, lengthOf, listOf, numberOf, placeAmong, textOf, textWhereNoNumber } from "./sql.ts";

/** Numbers of a block of rows, row-major. */
export interface Matrix {
  readonly width: number;
  /** Replaced by a longer one when more rows come. */
  data: Float64Array;
  /** Expressions of one number each, or one of a list. */
  readonly expressions: readonly string[];
  readonly list: boolean;
  /** A list may be shorter than the width; the rest of its row is NaN. */
  readonly ragged: boolean;
}

export interface Selection {
  readonly matrices: readonly Matrix[];
  readonly texts: readonly string[];
  readonly columns: ReadonlySet<string>;
  readonly lists: ReadonlySet<string>;
  /** Where rows are left out: the numbers of those that are not. */
  rowNumbers?: Matrix;
  numbers(columns: readonly string[], as?: "number" | "label"): Matrix;
  places(column: string, names: readonly string[]): Matrix;
  list(column: string, width: number, ragged?: boolean): Matrix;
  listLength(column: string): Matrix;
  /** The number of a text expression, for `Block.text`. */
  text(column: string): number;
  /** As `text`, for cells that are no numbers. */
  textWhereNoNumber(column: string): number;
}

export function newSelection(): Selection {
  const matrices = new Map<string, Matrix>();
  const texts: string[] = [];
  const columns = new Set<string>();
  const lists = new Set<string>();

  const matrix = (expressions: readonly string[], width: number, list = false, ragged = false): Matrix => {
    const key = `${list ? width : "each"} ${ragged} ${expressions.join("\n")}`;
    const found = matrices.get(key) ?? { width, expressions, list, ragged, data: new Float64Array(0) };
    matrices.set(key, found);
    return found;
  };
  const text = (expression: string): number => {
    if (!texts.includes(expression)) texts.push(expression);
    return texts.indexOf(expression);
  };
  const uses = (column: string): string => {
    columns.add(column);
    return column;
  };
  const usesList = (column: string): string => {
    lists.add(column);
    return uses(column);
  };
  return {
    get matrices() {
      return [...matrices.values()];
    },
    texts,
    columns,
    lists,
    numbers: (names, as = "number") =>
      matrix(names.map(uses).map(as === "label" ? labelNumberOf : numberOf), names.length),
    places: (column, names) => matrix([placeAmong(uses(column), names)], 1),
    list: (column, width, ragged) => matrix([listOf(usesList(column))], width, true, ragged),
    listLength: (column) => matrix([lengthOf(usesList(column))], 1),
    text: (column) => text(textOf(uses(column))),
    textWhereNoNumber: (column) => text(textWhereNoNumber(uses(column))),
  };
}
