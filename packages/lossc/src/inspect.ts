// What is inside: `import … from "lossc/inspect"`, for people who want to see what a loss becomes.

export { loops } from "./contract/loops.ts";
