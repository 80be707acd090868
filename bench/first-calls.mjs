// How long the first value and gradient of each loss take, from the call to the numbers, its kernel included. Run in a
// process of its own, where nothing is warm: prints each round with [name, milliseconds] of each loss, as JSON.

import { catalogue } from "lossc";

/** Each asks for other programs or kernels than those before it. */
const rounds = [
  {},
  { reduction: "sum" },
  { reduction: "sum", upstream: 2 },
  { upstream: 2 },
  { dtype: "float64" },
  { dtype: "float64", reduction: "sum" },
];

const times = rounds.map((more) =>
  [...catalogue.values()].map(({ name, check, valueAndGrad }) => {
    const options = { ...check.options, engine: "wasm", dtype: "float32", ...more };
    const start = performance.now();
    valueAndGrad(check.inputs, options);
    return [name, performance.now() - start];
  }),
);
console.log(JSON.stringify(times));
