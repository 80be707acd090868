// Shell completion: what may follow on a line, and the script of bash at work.

import { spawnSync } from "node:child_process";
import { chmodSync } from "node:fs";
import { expect, it } from "vitest";
import { complete, completionText, splitLine } from "../src/completion/complete.ts";
import { scripts } from "../src/completion/scripts.ts";
import { verbs } from "../src/options.ts";
import { newFolder } from "./helpers.ts";

const folder = newFolder();
folder.write("preds.csv", "y_true,score,the group\n1,2,a\n");

const values = async (line: string): Promise<string[]> =>
  (await complete(line)).candidates.map(({ value }) => value);

it("completes verbs, and flags of a verb", async () => {
  expect(await values("lossc ")).toEqual(Object.keys(verbs));
  expect(await values("lossc ev")).toEqual(["eval"]);
  expect(await values("lossc eval --tar")).toEqual(["--target"]);
  expect(await values("lossc eval --on-bad ")).toEqual(["error", "skip"]);
  expect(await values("lossc eval --on-bad=s")).toEqual(["--on-bad=skip"]);
});

it("completes losses, then their parameters", async () => {
  expect(await values("lossc show hub")).toEqual(["huber"]);
  expect(await values("lossc eval preds.csv --loss huber:")).toEqual(["huber:delta="]);
  expect(await values("lossc eval preds.csv -l focal:gamma=2,a")).toEqual(["focal:gamma=2,alpha="]);
});

it("completes the columns of the file on the line, inputs of its losses, views and problems", async () => {
  const path = folder.path("preds.csv");
  expect(await values(`lossc eval ${path} --by t`)).toEqual(["the group"]);
  expect(await values(`lossc eval ${path} --loss mse --target y_true --prediction `)).toEqual([
    "y_true",
    "score",
    "the group",
  ]);
  expect(await values(`lossc eval ${path} --loss gaussianNll --input v`)).toEqual(["variance="]);
  expect(await values(`lossc eval ${path} --loss gaussianNll --input variance=s`)).toEqual([
    "variance=score",
  ]);
  expect(await values("lossc plot huber --over r")).toEqual(["residual"]);
  expect(await values("lossc choose --problem out")).toEqual(["outliers"]);
});

it("leaves files to the shell, and says nothing of what it does not know", async () => {
  expect(await complete("lossc eval ")).toEqual({ candidates: [], files: true });
  expect(await complete("lossc eval x.csv --loss ./my")).toEqual({ candidates: [], files: true });
  expect(await values("lossc nothing ")).toEqual([]);
});

it("splits a line as a shell does", () => {
  expect(splitLine(`lossc eval 'my file.csv' --by a\\ b "c`)).toEqual([
    "lossc",
    "eval",
    "my file.csv",
    "--by",
    "a b",
    "c",
  ]);
});

it("gives bash what follows the last colon, which cuts its words", async () => {
  const line = "lossc show huber:d";
  expect(completionText(await complete(line), "bash", line)).toMatch(/^:nospace\ndelta=\t/);
});

/** A command `lossc` that completes as the real one does, and else says what it was called with. */
function commandInFolder(): string {
  folder.write(
    "lossc",
    `#!/bin/sh
case "$1" in
  complete | completion) exec "${process.execPath}" "${new URL("../bin/lossc.js", import.meta.url).pathname}" "$@" ;;
  *) printf 'ran:'; printf ' <%s>' "$@"; echo ;;
esac
`,
  );
  chmodSync(folder.path("lossc"), 0o755);
  return folder.path("");
}

const inShell = (shell: string, args: readonly string[]) =>
  spawnSync(shell, args, {
    cwd: folder.path(""),
    encoding: "utf8",
    env: {
      ...process.env,
      PATH: `${commandInFolder()}:${process.env.PATH}`,
      HOME: folder.path(""),
      TERM: "xterm",
    },
    timeout: 60_000,
  });
const isThere = (shell: string): boolean => spawnSync(shell, ["--version"]).status === 0;
const declared = (shell: string): string => (isThere(shell) ? "" : ` (skipped: there is no ${shell} here)`);

it("the script of bash completes a line", () => {
  const { stdout } = inShell("bash", [
    "-c",
    `${scripts.bash}\nCOMP_LINE="lossc show tuk"; COMP_POINT=14; _lossc; printf '%s\\n' "\${COMPREPLY[@]}"`,
  ]);
  expect(stdout).toBe("tukeyBiweight\n");
});

/** What is typed before the tab, and the words that the command then gets. */
const typed: readonly (readonly [line: string, ran: string])[] = [
  ["lossc show tuk", "<show> <tukeyBiweight>"],
  ["lossc eval preds.csv --on-bad=s", "<eval> <preds.csv> <--on-bad=skip>"],
  ["lossc show huber:", "<show> <huber:delta=>"],
  ["lossc eval preds.csv --by the", "<eval> <preds.csv> <--by> <the group>"],
  ["lossc eval pre", "<eval> <preds.csv>"],
];

it.skipIf(!isThere("zsh"))(
  `the script of zsh completes what is typed at its prompt${declared("zsh")}`,
  () => {
    const lines = typed.map(([line]) => `ask '${line}'`).join("\n");
    const { stdout } = inShell("zsh", [
      "-f",
      "-c",
      `zmodload zsh/zpty
zpty shell zsh -f -i
send() { zpty -w -n shell "$1" }
until_says() { local text; zpty -r -m shell text "*$1*"; print -r -- "$text" }
send $'PS1= PS2= RPS1=; autoload -U compinit; compinit -u -D; eval "$(lossc completion zsh)"; print rea""dy\n'
until_says ready >/dev/null
ask() { send "$1"$'\t'; send $'\n'; until_says $'ran:*\n' }
${lines}
zpty -d shell`,
    ]);
    const ran = [...stdout.matchAll(/ran: (.*?)\s*$/gm)].map(([, words]) => words);
    expect(ran).toEqual(typed.map(([, words]) => words));
  },
  60_000,
);

it.skipIf(!isThere("fish"))(
  `the script of fish completes a line${declared("fish")}`,
  () => {
    folder.write("lossc.fish", scripts.fish);
    const of = (line: string): string[] =>
      inShell("fish", ["--no-config", "-c", `source lossc.fish; complete -C '${line}'`])
        .stdout.split("\n")
        .filter((text) => text !== "")
        .map((text) => text.split("\t")[0]);
    expect(of("lossc show tuk")).toEqual(["tukeyBiweight"]);
    expect(of("lossc eval preds.csv --on-bad=s")).toEqual(["--on-bad=skip"]);
    expect(of("lossc show huber:")).toEqual(["huber:delta="]);
    expect(of("lossc eval preds.csv --by the")).toEqual(["the group"]);
    expect(of("lossc eval pre")).toEqual(["preds.csv"]);
  },
  60_000,
);
