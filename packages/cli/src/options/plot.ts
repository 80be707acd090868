// `lossc plot`: its arguments and flags.

import { common, type VerbRow } from "./row.ts";

export const plotRow: VerbRow = {
  summary: "draw losses over a residual, margin, probability …",
  argument: { name: "losses", doc: "one or more losses, with parameters", names: "loss", repeats: true },
  examples: [
    ["lossc plot huber mae tukeyBiweight:c=3", "value and gradient, here in the terminal"],
    [
      "lossc plot huber mae tukeyBiweight:c=3 --over residual -o robust.svg",
      "the same as a picture; .png too",
    ],
    ["lossc plot binaryFocal:gamma=0 binaryFocal:gamma=5 --over probability", "parameters side by side"],
    ["lossc plot ./my-loss.ts huber --from -3 --to 3", "a loss of your own beside another"],
  ],
  options: [
    {
      flags: "--over <view>",
      doc: "what x is, as residual, margin, logit; by default the first that all losses have",
      names: "view",
    },
    { flags: "--from <x>", doc: "where x begins" },
    { flags: "--to <x>", doc: "where x ends" },
    { flags: "--target <label>", doc: "the truth of a binary target, 0 or 1", default: "1" },
    { flags: "--curvature", doc: "also the second derivative" },
    {
      flags: "--theme <theme>",
      doc: "the colours of a picture",
      choices: ["auto", "light", "dark"],
      default: "auto",
    },
    ...common,
  ],
};
