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
