// The WebAssembly instructions that kernels use: their encoding, what they take and what they give.
// WebAssembly 2.0, binary format §5.4. No relaxed SIMD: every one of these has the same bits on every machine.

export const valueTypes = ["f32", "f64", "i32", "i64", "v128"] as const;
export type ValueType = (typeof valueTypes)[number];

/** `cheap`: as cheap as reading a local, never kept in one. `read`: reads memory, or may trap, and stays where it is. */
export type Trait = "cheap" | "read";

export interface Instruction {
  readonly name: string;
  /** The opcode, and of one that reads or writes memory the alignment: an offset follows. */
  readonly code: readonly number[];
  /** Not said of calls: those are made for their function. */
  readonly takes: readonly ValueType[] | undefined;
  readonly gives: ValueType | undefined;
  readonly trait: Trait | undefined;
  /** Of numbers in lanes: whether the order of the arguments is nothing. */
  readonly commutes: boolean;
  /** The code with a number after it, by that number, of those that were asked for. */
  readonly numbered: (readonly number[])[];
}

/** An unsigned number as LEB128. */
export const leb = (n: number): number[] => (n < 128 ? [n] : [(n & 127) | 128, ...leb(n >>> 7)]);

/** Numbers up to here are kept with their instruction's code; larger ones are offsets of rare constants. */
const MOST_KEPT = 1023;
/** The code of an instruction and a number after it: a lane, an offset. */
export function numbered(row: Instruction, n: number): readonly number[] {
  let bytes = row.numbered[n];
  if (!bytes) {
    bytes = [...row.code, ...leb(n)];
    if (n <= MOST_KEPT) row.numbered[n] = bytes;
  }
  return bytes;
}

export const instructionOf = (
  name: string,
  code: readonly number[],
  takes: readonly ValueType[] | undefined,
  gives: ValueType | undefined,
  trait?: Trait,
): Instruction => ({
  name,
  code,
  takes,
  gives,
  trait,
  commutes: /^f\d+x\d+\.(add|mul|eq|ne)$/.test(name),
  numbered: [],
});

type Row = readonly [code: number, takes: readonly ValueType[], gives: ValueType | undefined, align?: number];

const table: Record<string, Instruction> = {};
const put = (prefix: number | undefined, rows: Record<string, Row>): void => {
  for (const [name, [opcode, takes, gives, align]] of Object.entries(rows)) {
    const code = prefix === undefined ? [opcode] : [prefix, ...leb(opcode)];
    if (align !== undefined) code.push(align);
    const stays = align !== undefined || /^i32\.(div|rem)/.test(name);
    table[name] = instructionOf(name, code, takes, gives, stays ? "read" : undefined);
  }
};
const one = <T extends ValueType>(type: T) => [type] as const;
const two = <T extends ValueType>(type: T) => [type, type] as const;

/** Consecutive opcodes with the same signature. */
const run = (
  first: number,
  names: string,
  takes: readonly ValueType[],
  gives: ValueType,
): Record<string, Row> =>
  Object.fromEntries(names.split(" ").map((name, i) => [name, [first + i, takes, gives]]));
const within = (prefix: string, names: string): string =>
  names
    .split(" ")
    .map((name) => `${prefix}.${name}`)
    .join(" ");

put(undefined, {
  "i32.load": [0x28, ["i32"], "i32", 2],
  "f32.load": [0x2a, ["i32"], "f32", 2],
  "f64.load": [0x2b, ["i32"], "f64", 3],
  "i32.store": [0x36, ["i32", "i32"], undefined, 2],
  "f32.store": [0x38, ["i32", "f32"], undefined, 2],
  "f64.store": [0x39, ["i32", "f64"], undefined, 3],
  "i32.ctz": [0x68, ["i32"], "i32"],
  "i32.eqz": [0x45, ["i32"], "i32"],
  ...run(0x46, within("i32", "eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u"), two("i32"), "i32"),
  ...run(0x5b, within("f32", "eq ne lt gt le ge"), two("f32"), "i32"),
  ...run(0x61, within("f64", "eq ne lt gt le ge"), two("f64"), "i32"),
  ...run(
    0x6a,
    within("i32", "add sub mul div_s div_u rem_s rem_u and or xor shl shr_s shr_u"),
    two("i32"),
    "i32",
  ),
  ...run(0x8b, within("f32", "abs neg ceil floor trunc nearest sqrt"), one("f32"), "f32"),
  ...run(0x92, within("f32", "add sub mul div min max copysign"), two("f32"), "f32"),
  ...run(0x99, within("f64", "abs neg ceil floor trunc nearest sqrt"), one("f64"), "f64"),
  ...run(0xa0, within("f64", "add sub mul div min max copysign"), two("f64"), "f64"),
  "f32.convert_i32_s": [0xb2, ["i32"], "f32"],
  "f32.demote_f64": [0xb6, ["f64"], "f32"],
  "f64.convert_i32_s": [0xb7, ["i32"], "f64"],
  "f64.promote_f32": [0xbb, ["f32"], "f64"],
});
put(0xfc, {
  "i32.trunc_sat_f32_s": [0, ["f32"], "i32"],
  "i32.trunc_sat_f64_s": [2, ["f64"], "i32"],
});

const vector = one("v128");
const vectors = two("v128");
put(0xfd, {
  "v128.load": [0, ["i32"], "v128", 4],
  "v128.load32_splat": [9, ["i32"], "v128", 2],
  "v128.load64_splat": [10, ["i32"], "v128", 3],
  "v128.store": [11, ["i32", "v128"], undefined, 4],
  "v128.load32_lane": [86, ["i32", "v128"], "v128", 2],
  "v128.load64_lane": [87, ["i32", "v128"], "v128", 3],
  "v128.store32_lane": [90, ["i32", "v128"], undefined, 2],
  "v128.store64_lane": [91, ["i32", "v128"], undefined, 3],
  "v128.load32_zero": [92, ["i32"], "v128", 2],
  "v128.load64_zero": [93, ["i32"], "v128", 3],
  "i32x4.splat": [17, ["i32"], "v128"],
  "i64x2.splat": [18, ["i64"], "v128"],
  "f32x4.splat": [19, ["f32"], "v128"],
  "f64x2.splat": [20, ["f64"], "v128"],
  ...run(55, within("i32x4", "eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u"), vectors, "v128"),
  ...run(65, within("f32x4", "eq ne lt gt le ge"), vectors, "v128"),
  ...run(71, within("f64x2", "eq ne lt gt le ge"), vectors, "v128"),
  "v128.not": [77, vector, "v128"],
  ...run(78, within("v128", "and andnot or xor"), vectors, "v128"),
  "v128.bitselect": [82, ["v128", "v128", "v128"], "v128"],
  "v128.any_true": [83, vector, "i32"],
  "f32x4.demote_f64x2_zero": [94, vector, "v128"],
  "f64x2.promote_low_f32x4": [95, vector, "v128"],
  ...run(0x67, within("f32x4", "ceil floor trunc nearest"), vector, "v128"),
  ...run(0x74, within("f64x2", "ceil floor"), vector, "v128"),
  "f64x2.trunc": [0x7a, vector, "v128"],
  "f64x2.nearest": [0x94, vector, "v128"],
  "i32x4.all_true": [0xa3, vector, "i32"],
  "i32x4.bitmask": [0xa4, vector, "i32"],
  "i64x2.all_true": [0xc3, vector, "i32"],
  "i64x2.bitmask": [0xc4, vector, "i32"],
  ...run(0xab, within("i32x4", "shl shr_s shr_u"), ["v128", "i32"], "v128"),
  "i32x4.add": [0xae, vectors, "v128"],
  "i32x4.sub": [0xb1, vectors, "v128"],
  ...run(0xcb, within("i64x2", "shl shr_s shr_u"), ["v128", "i32"], "v128"),
  "i64x2.add": [0xce, vectors, "v128"],
  "i64x2.sub": [0xd1, vectors, "v128"],
  "f32x4.abs": [0xe0, vector, "v128"],
  "f32x4.neg": [0xe1, vector, "v128"],
  "f32x4.sqrt": [0xe3, vector, "v128"],
  ...run(0xe4, within("f32x4", "add sub mul div min max pmin pmax"), vectors, "v128"),
  "f64x2.abs": [0xec, vector, "v128"],
  "f64x2.neg": [0xed, vector, "v128"],
  "f64x2.sqrt": [0xef, vector, "v128"],
  ...run(0xf0, within("f64x2", "add sub mul div min max pmin pmax"), vectors, "v128"),
  "i32x4.trunc_sat_f32x4_s": [0xf8, vector, "v128"],
  "i32x4.trunc_sat_f64x2_s_zero": [0xfc, vector, "v128"],
  "f32x4.convert_i32x4_s": [0xfa, vector, "v128"],
  "f64x2.convert_low_i32x4_s": [0xfe, vector, "v128"],
});
/** A lane follows. */
put(0xfd, {
  "i32x4.extract_lane": [27, vector, "i32"],
  "f32x4.extract_lane": [31, vector, "f32"],
  "f32x4.replace_lane": [32, ["v128", "f32"], "v128"],
  "f64x2.extract_lane": [33, vector, "f64"],
  "f64x2.replace_lane": [34, ["v128", "f64"], "v128"],
});
/** Sixteen bytes follow: which of the 32 bytes of both vectors each byte of the result is. */
put(0xfd, { "i8x16.shuffle": [13, vectors, "v128"] });

/** By name. */
export const instructions: Readonly<Record<string, Instruction>> = table;

/** The instructions of a shape, by what comes after it in their names. */
export const instructionsOf = (shape: string): Readonly<Record<string, Instruction>> =>
  Object.fromEntries(
    Object.entries(table)
      .filter(([name]) => name.startsWith(`${shape}.`))
      .map(([name, row]) => [name.slice(shape.length + 1), row]),
  );
