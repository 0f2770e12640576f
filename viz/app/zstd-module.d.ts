declare module "@foxglove/wasm-zstd/dist/wasm-zstd.js" {
  export interface ZstdModule {
    readonly HEAPU8: Uint8Array;
    _malloc(bytes: number): number;
    _free(pointer: number): void;
    /** Bytes written to `to`, or -1. */
    _decompress(to: number, toSize: number, from: number, fromSize: number): number;
  }
  export default function makeModule(): Promise<ZstdModule>;
}
