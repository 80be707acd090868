// `lossc completion`: its argument.

import type { VerbRow } from "./row.ts";

export const completionRow: VerbRow = {
  summary: "print a script that completes verbs, flags, losses, parameters and columns",
  argument: { name: "shell", doc: "bash, zsh or fish", names: "shell" },
  examples: [
    ['eval "$(lossc completion bash)"', "in ~/.bashrc; the same with zsh in ~/.zshrc"],
    ["lossc completion fish > ~/.config/fish/completions/lossc.fish", "fish reads it from there"],
  ],
  options: [],
};
