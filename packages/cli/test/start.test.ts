// What people ask first is answered at once: --help, list and show load neither the losses nor DuckDB.

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { catalogue, curve, viewsOf } from "lossc";
import { docs } from "lossc/docs";
import { printProgram } from "lossc/language";
import { expect, it } from "vitest";
import { knownNames, knownProfile } from "../src/profile/known.ts";
import { profileOf } from "../src/profile/profile.ts";
import { lineOf, profileIn } from "../src/profile/text.ts";

const command = fileURLToPath(new URL("../bin/lossc.js", import.meta.url));

/** The shortest of several runs, in milliseconds: the machine may be busy with others. */
function shortest(args: readonly string[]): number {
  const times = Array.from({ length: 5 }, () => {
    const begun = performance.now();
    const { status } = spawnSync(process.execPath, args, { stdio: "ignore" });
    expect(status).toBe(0);
    return performance.now() - begun;
  });
  return Math.min(...times);
}

it.each(["--help", "list", "show huber", "show ciou", "eval --help"])(
  "lossc %s answers in a quarter of a second",
  (words) => {
    // On a loaded machine Node itself takes long to start; what the command adds is a few times that.
    const allowed = Math.max(250, 6 * shortest(["-e", "0"]));
    expect(shortest([command, ...words.split(" ")])).toBeLessThan(allowed);
  },
);

it("what is known of the catalogue is what its losses say", () => {
  expect(new Set(knownNames())).toEqual(new Set(catalogue.keys()));
  for (const name of ["huber", "crossEntropy", "giou"]) {
    const fresh = profileOf(catalogue.get(name)!, docs[name], { curve, viewsOf, printProgram });
    expect(knownProfile(name)).toEqual(profileIn(lineOf(fresh))); // which leaves out what other languages need
  }
});
