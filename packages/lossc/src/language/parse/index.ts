// Losses as people type them: text in, an expression out, and nothing in between is run as code.

export { build, type Meaning } from "./build.ts";
export type { Span } from "./tokens.ts";
export { type Line, parse, type Script, type Tree } from "./tree.ts";
export { typescriptOf, type Written } from "./typescript.ts";
export { words } from "./words.ts";
