// The part of the WebAssembly JavaScript interface that the engine uses: the library is compiled without the DOM's types.

export interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}
export type WasmModule = object;
export interface WasmInstance {
  readonly exports: Readonly<Record<string, (...args: readonly number[]) => void>>;
}

interface WebAssemblyApi {
  readonly Memory: new (limits: { initial: number; maximum?: number; shared?: boolean }) => WasmMemory;
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => WasmModule;
  readonly Instance: new (
    module: WasmModule,
    imports: { readonly env: { readonly memory: WasmMemory } },
  ) => WasmInstance;
}

export const webAssembly = (globalThis as unknown as { readonly WebAssembly: WebAssemblyApi | undefined })
  .WebAssembly;

/** Whether memory can be shared between threads: not in a page that is not cross-origin isolated. */
export const canShare =
  typeof (globalThis as { SharedArrayBuffer?: unknown }).SharedArrayBuffer === "function";

/** A function with one vector instruction: `v128.const 0, drop`. */
const probe = Uint8Array.from([
  0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 10, 23, 1, 21, 0, 0xfd, 12, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x1a, 0x0b,
]);

let obstacle: string | undefined;
let isProbed = false;

/** Why no kernel can be made in this runtime, as the end of a sentence; nothing where one can. */
export function obstacleHere(): string | undefined {
  if (!isProbed) obstacle = probed();
  isProbed = true;
  return obstacle;
}

function probed(): string | undefined {
  if (!webAssembly) return "this runtime has no WebAssembly";
  try {
    new webAssembly.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
  } catch {
    return "the page's content security policy forbids WebAssembly (its script-src lacks 'wasm-unsafe-eval')";
  }
  try {
    new webAssembly.Module(probe);
  } catch {
    return "this runtime's WebAssembly has no SIMD";
  }
  return undefined;
}
