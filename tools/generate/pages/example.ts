// The example of a page: a call that can be copied, with the numbers it gives. The tests run it and compare.

import type { AnyLoss, Tensor } from "../../../packages/lossc/src/index.ts";
import { fenced } from "./markdown.ts";

/** The case of the loss's definition, with gradients. */
export function exampleSection(loss: AnyLoss): string {
  const { inputs, options = {} } = loss.check!;
  const result = loss.valueAndGrad(inputs as never, options as never);
  const given = [literal(inputs), ...(Object.keys(options).length === 0 ? [] : [literal(options)])];
  const short = `const { value, grads } = ${loss.name}.valueAndGrad(${given.join(", ")});`;
  const call =
    short.length <= 100
      ? short
      : `const { value, grads } = ${loss.name}.valueAndGrad(\n${given.map((part) => `  ${part},\n`).join("")});`;
  const lines = [
    `import { ${loss.name} } from "lossc";`,
    "",
    call,
    `value; // ${rounded(result.value)}`,
    ...Object.entries(result.grads).map(([input, grad]) => `grads.${input}; // ${nested(grad)}`),
  ];
  const tensors =
    Object.keys(result.grads).length > 0
      ? "\n\nGradients are tensors, `{ data, shape }`; their numbers are shown as nested arrays."
      : "";
  return fenced("ts", lines.join("\n")) + tensors;
}

/** A number with six significant digits. */
export const rounded = (value: number): string => String(Number(value.toPrecision(6)) + 0);

function nested({ data, shape }: Tensor): string {
  const write = (axis: number, from: number, size: number): string => {
    if (axis === shape.length) return rounded(data[from]);
    const step = size / shape[axis];
    return `[${Array.from({ length: shape[axis] }, (_, i) => write(axis + 1, from + i * step, step)).join(", ")}]`;
  };
  return write(0, 0, data.length);
}

/** A value as TypeScript writes it. */
function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (typeof value === "object" && value !== null)
    return `{ ${Object.entries(value)
      .map(([key, part]) => `${key}: ${literal(part)}`)
      .join(", ")} }`;
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}
