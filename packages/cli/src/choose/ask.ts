// Asks a person at a terminal what their problem is.

import { createInterface } from "node:readline/promises";
import { type Problem, problems } from "lossc";
import { CommandError } from "../errors.ts";
import { didYouMean } from "../suggest.ts";

type Terminal<Stream> = Stream & { readonly isTTY?: boolean };

/** Asks until there is an answer; without a person the error says which flag gives it. */
export async function ask(
  input: Terminal<NodeJS.ReadableStream>,
  output: Terminal<NodeJS.WritableStream>,
): Promise<Problem> {
  const list = problems.map(
    ({ name, title }, i) => `${String(i + 1).padStart(3)}  ${name.padEnd(14)} ${title}`,
  );
  if (input.isTTY !== true || output.isTTY !== true)
    throw new CommandError(
      "no problem is named, and no file is given to look at.",
      ["Name one with --problem:", ...list.map((line) => line.slice(5))].join("\n"),
    );
  output.write(`What is the problem?\n\n${list.join("\n")}\n\n`);
  const reader = createInterface({ input, output });
  // At the end of the input a question would wait for ever; and Ctrl-C comes here as a key, not as a signal.
  const left = new Promise<never>((_, reject) => {
    reader.once("close", () =>
      reject(
        new CommandError("no problem was named.", "Name one with --problem, or answer with its number."),
      ),
    );
  });
  left.catch(() => undefined);
  reader.on("SIGINT", () => process.kill(process.pid, "SIGINT"));
  try {
    for (;;) {
      const answer = (await Promise.race([reader.question("Number or name: "), left])).trim();
      const problem = problemOf(answer);
      if (problem) return problem;
      output.write(`${didYouMean(answer, names, "There are")}\n`);
    }
  } finally {
    reader.close();
  }
}

const names = problems.map(({ name }) => name);

const problemOf = (answer: string): Problem | undefined =>
  problems[Number(answer) - 1] ?? problems.find(({ name }) => name.toLowerCase() === answer.toLowerCase());
