// For a page whose policy forbids WebAssembly: which engine a large call takes, and what asking for kernels says.

import { mse } from "../../../src/index.ts";

const inputs = { prediction: new Float32Array(5000), target: new Float32Array(5000).fill(1) };
const { engine, value } = mse.valueAndGrad(inputs);
let said = "";
try {
  mse(inputs, { engine: "wasm" });
} catch (error) {
  said = (error as Error).message;
}
(globalThis as unknown as { done: (text: string) => void }).done(JSON.stringify({ engine, value, said }));
