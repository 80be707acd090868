// Reads `--loss NAME:param=value,…` into a loss and its options.

import { type AnyLoss, catalogue, nearest } from "lossc";
import { hintFromElsewhere } from "lossc/names";
import { CommandError } from "../errors.ts";
import { didYouMean } from "../suggest.ts";
import { lossFromFile, splitSpec } from "../user/load.ts";

export interface LossSpec {
  /** As it was typed: it labels the rows of the result. */
  readonly text: string;
  readonly loss: AnyLoss;
  readonly options: Readonly<Record<string, OptionValue>>;
}

export type OptionValue = number | string | boolean | null | readonly number[];

/** Options of the library that a flag, or the command itself, decides; and what to do instead. */
const elsewhere: Readonly<Record<string, string>> = {
  reduction: "The value is the mean; the JSON result has weightSum too, and mean · weightSum is the sum.",
  weight: "Name a column of weights: --weight COLUMN.",
  mask: "Give the rows to leave out the weight 0: --weight COLUMN.",
  onEmpty: "Nothing to average is shown as – (null in JSON) with the count 0.",
  validate: "Bad rows are handled by --on-bad error|skip.",
  axis: "In a file the classes are columns, or a list in each row.",
  dtype: "The command computes in float64.",
  wrt: "The command computes values; gradients come from the library.",
  perSample: "The command prints one row per group; see --by.",
  upstream: "The command computes values; gradients come from the library.",
  out: "The command computes values; gradients come from the library.",
};

const EXAMPLE = "Write a name, or a name with parameters: --loss huber, --loss focal:gamma=2,alpha=0.25";

/** The loss of a name, or of a file that was loaded before; else the error that names the nearest. */
export function findLoss(name: string): AnyLoss {
  const loss = catalogue.get(name) ?? lossFromFile(name);
  if (loss) return loss;
  const near = nearest(name, catalogue.keys());
  const meant = hintFromElsewhere(name) ?? (near === undefined ? "" : `Did you mean "${near}"?`);
  throw new CommandError(`there is no loss "${name}".`, `${meant} lossc list shows them all.`.trimStart());
}

export function parseSpec(text: string): LossSpec {
  const { name, parameters } = splitSpec(text);
  if (name === "") throw new CommandError(`--loss ${JSON.stringify(text)} has no name.`, EXAMPLE);
  // XGBoost's names have a colon: "reg:squarederror" is no loss "reg" with a parameter.
  const loss = findLoss(hintFromElsewhere(text) === undefined || catalogue.has(name) ? name : text);
  const options: Record<string, OptionValue> = {};
  for (const assignment of parameters === undefined ? [] : splitOutsideBrackets(parameters)) {
    const [option, value] = parseAssignment(assignment, text);
    checkOption(option, loss);
    if (option in options)
      throw new CommandError(`--loss ${text}: "${option}" is given twice.`, "Give it once.");
    options[option] = value;
  }
  return { text: text.trim(), loss, options };
}

/** The options that `--loss` takes for a loss. */
export const optionsOf = (loss: AnyLoss): string[] => loss.options.filter((name) => !(name in elsewhere));

function checkOption(option: string, loss: AnyLoss): void {
  const known = optionsOf(loss);
  if (known.includes(option)) return;
  if (option in elsewhere)
    throw new CommandError(`${loss.name}: "${option}" is not given with --loss.`, elsewhere[option]);
  throw new CommandError(
    `${loss.name} has no parameter or option "${option}".`,
    `${didYouMean(option, known, "It takes")} lossc show ${loss.name} says what each is.`,
  );
}

function parseAssignment(text: string, whole: string): [string, OptionValue] {
  const equals = text.indexOf("=");
  const option = text.slice(0, Math.max(equals, 0)).trim();
  const value = text.slice(equals + 1).trim();
  if (equals < 0 || option === "" || value === "") {
    throw new CommandError(`--loss ${whole}: "${text}" is not of the form param=value.`, EXAMPLE);
  }
  return [option, parseValue(value, whole)];
}

const words: Readonly<Record<string, OptionValue>> = {
  true: true,
  false: false,
  null: null,
  none: null,
  inf: Number.POSITIVE_INFINITY,
  "+inf": Number.POSITIVE_INFINITY,
  "-inf": Number.NEGATIVE_INFINITY,
  infinity: Number.POSITIVE_INFINITY,
  "-infinity": Number.NEGATIVE_INFINITY,
};

/** A number, true, false, null, a list of numbers in brackets, or else a word. */
function parseValue(text: string, whole: string): OptionValue {
  const word = text.toLowerCase();
  if (Object.hasOwn(words, word)) return words[word];
  if (text.startsWith("[")) {
    if (!text.endsWith("]"))
      throw new CommandError(
        `--loss ${whole}: the list ${text} has no closing bracket.`,
        "Write classWeight=[1,2,3].",
      );
    return text
      .slice(1, -1)
      .split(",")
      .map((item) => {
        const number = Number(item);
        if (item.trim() === "" || Number.isNaN(number)) {
          throw new CommandError(
            `--loss ${whole}: "${item.trim()}" in the list ${text} is not a number.`,
            "Write numbers: classWeight=[1,2,3].",
          );
        }
        return number;
      });
  }
  const number = Number(text);
  return Number.isNaN(number) ? text : number;
}

/** Splits at commas, except those inside a list. */
function splitOutsideBrackets(text: string): string[] {
  return text.split(/,(?![^[]*\])/).map((part) => part.trim());
}
