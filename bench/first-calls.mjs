// How long the first value and gradient of each loss take, from the call to the numbers, its kernel included. Run in a
// process of its own, where nothing is warm: prints each round with [name, milliseconds] of each loss, as JSON.

import { catalogue } from "lossc";

/** Each asks for other programs than the one before it. */
const rounds = {
  "in a new process": {},
  "then of its sum": { reduction: "sum" },
  "then with another gradient from above": { reduction: "sum", upstream: 2 },
};

const times = Object.entries(rounds).map(([round, more]) => [
  round,
  [...catalogue.values()].map(({ name, check, valueAndGrad }) => {
    const options = { ...check.options, ...more, engine: "wasm", dtype: "float32" };
    const start = performance.now();
    valueAndGrad(check.inputs, options);
    return [name, performance.now() - start];
  }),
]);
console.log(JSON.stringify(times));
