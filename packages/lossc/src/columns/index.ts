// Tables of predictions: `import … from "lossc/columns"`, for programs that read files. Which columns are which input of a
// loss, by the names that people give them, and which rows can be used. The command and the studio find columns by it.

export {
  type CellCheck,
  type CellFault,
  type CellOptions,
  type CellRule,
  cellCheck,
  type RowInput,
  weightCheck,
} from "./checks.ts";
export {
  boxPrefixes,
  boxSides,
  idNames,
  type Names,
  type Numbers,
  namesOf,
  numbersOf,
  queryNames,
  rowPrefixes,
  scalarNames,
  scorePrefixes,
  truthPrefixes,
  vectorPrefixes,
  weightNames,
} from "./names.ts";
export {
  boxSources,
  byTier,
  type Column,
  type Found,
  familyOf,
  numberSources,
  rowSources,
  type Source,
} from "./sources.ts";
