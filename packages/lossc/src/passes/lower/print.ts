// Prints a kernel as a listing a person can read: one statement per line, loops indented.

import type { Buffer, Kernel, Operand, Place, Statement, Value } from "./ir.ts";

const name = ({ id, type }: Value): string => `${type === "bool" ? "b" : type === "int" ? "i" : "v"}${id}`;
const place = (at: Place): string => (typeof at === "object" ? name(at) : String(at));
const element = (buffer: Buffer, at: readonly Place[]): string =>
  at.length ? `${buffer.name}[${at.map(place).join(", ")}]` : buffer.name;
const operand = ({ buffer, at }: Operand): string => element(buffer, at);

const signs: Readonly<Record<string, string>> = {
  add: "+",
  sub: "-",
  mul: "*",
  div: "/",
  lt: "<",
  le: "<=",
  gt: ">",
  ge: ">=",
  eq: "==",
  ne: "!=",
  and: "and",
  or: "or",
};

type Lines<S> = (statement: S) => string[];
type Rows = { readonly [K in Statement["kind"]]: Lines<Extract<Statement, { kind: K }>> };

const rows: Rows = {
  constant: ({ result, value }) => [`${name(result)} = ${value}`],
  size: ({ result, axis }) => [`${name(result)} = size(${axis})`],
  param: ({ result, name: param }) => [`${name(result)} = ${param}`],
  index: ({ result, axis }) => [`${name(result)} = ${axis}`],
  compute: ({ result, op, args }) => {
    const sign = signs[op];
    const text = args.map(name);
    return [`${name(result)} = ${sign ? text.join(` ${sign} `) : `${op}(${text.join(", ")})`}`];
  },
  load: ({ result, buffer, at }) => [`${name(result)} = ${element(buffer, at)}`],
  store: ({ buffer, at, value }) => [`${element(buffer, at)} = ${name(value)}`],
  accumulate: ({ buffer, at, value }) => [`${element(buffer, at)} += ${name(value)}`],
  clear: ({ buffer }) => [`${buffer.name} = 0`],
  loop: ({ axis, role, block, body, reductions }) => [
    `for ${axis}${block ? ` by ${block}` : ""}${role === "inner" ? "" : ` (${role})`}`,
    ...body.flatMap(lines).map((line) => `  ${line}`),
    ...reductions.map(({ result, fold, value }) => `${name(result)} = ${fold} of ${name(value)}`),
  ],
  contract: ({ of, rows: i, columns: j, over, left, right, to, accumulate }) => [
    `${operand(to)} ${accumulate ? "+=" : "="} ${of}(${operand(left)}, ${operand(right)}; ${i} × ${j} over ${over})`,
  ],
  routine: ({ name: routine, result, row, args }) => [
    `${name(result)} = ${routine}(${[row.name, ...args.map(name)].join(", ")})`,
  ],
  row: ({ name: routine, row, to }) => [`${to.name} = ${routine}(${row.name})`],
};

const lines = (statement: Statement): string[] => (rows[statement.kind] as Lines<Statement>)(statement);

export function printKernel({ arithmetic, buffers, body }: Kernel): string {
  const made = buffers.filter(({ role }) => role === "temporary" || role === "scratch");
  return [
    ...(arithmetic ? [`arithmetic ${arithmetic}`] : []),
    ...made.map(
      ({ name, role, axes, tiled }) =>
        `${role} ${name} [${axes.map((axis) => (tiled?.includes(axis) ? `${axis} tile` : axis)).join(", ")}]`,
    ),
    ...body.flatMap(lines),
  ].join("\n");
}
