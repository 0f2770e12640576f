/** zstd in the browser: the package's WebAssembly module without its Node wrapper (which needs Buffer). */
import makeModule, { type ZstdModule } from "@foxglove/wasm-zstd/dist/wasm-zstd.js";
import type { Decompress } from "../feed/chunk-messages.ts";

/** @throws Error when a chunk is damaged */
export async function loadZstd(): Promise<Decompress> {
  const zstd: ZstdModule = await makeModule();
  return (compressed, uncompressed) => {
    const uncompressedSize = Number(uncompressed);
    const from = zstd._malloc(compressed.byteLength);
    const to = zstd._malloc(uncompressedSize);
    try {
      zstd.HEAPU8.set(compressed, from);
      const size = zstd._decompress(to, uncompressedSize, from, compressed.byteLength);
      if (size < 0) throw new Error("a chunk of the recording cannot be unpacked: the file is damaged");
      return zstd.HEAPU8.slice(to, to + size);
    } finally {
      zstd._free(from);
      zstd._free(to);
    }
  };
}
