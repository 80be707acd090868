// How long the first value and gradient of each loss take, from the call to the numbers, its kernel included. Run in a
// process of its own, where nothing is warm: prints [name, milliseconds] of each loss, a list for each round, as JSON.

import { catalogue } from "lossc";

/** Each asks for other programs than the one before it. */
const rounds = [{}, { reduction: "sum" }, { reduction: "sum", upstream: 2 }];

const times = rounds.map((round) =>
  [...catalogue.values()].map(({ name, check, valueAndGrad }) => {
    const options = { ...check.options, ...round, engine: "wasm", dtype: "float32" };
    const start = performance.now();
    valueAndGrad(check.inputs, options);
    return [name, performance.now() - start];
  }),
);
console.log(JSON.stringify(times));
