// What the build adds to the page's modules.

declare module "virtual:formulas" {
  export interface SetFormula {
    readonly name: string;
    /** MathML of the loss of one sample. */
    readonly value: string;
    /** MathML of its gradient, by input. */
    readonly gradient: Readonly<Record<string, string>>;
  }
  const families: Readonly<Record<string, () => Promise<{ readonly default: readonly SetFormula[] }>>>;
  export default families;
}

declare module "virtual:worker" {
  /** The address of the training worker's script. */
  const address: string;
  export default address;
}

declare module "virtual:views" {
  /** The views of every loss of the catalogue, by its name. */
  const views: Readonly<Record<string, readonly import("lossc").View[]>>;
  export default views;
}

declare module "virtual:strings" {
  type Part = () => Promise<{ readonly default: object }>;
  /** By language and room; what every room needs is the part with the empty name, and "phrases" are the library's own
   * sentences in languages other than English. */
  const parts: Readonly<Record<"en" | "zh", Readonly<Record<string, Part | undefined>>>>;
  export default parts;
}
