import type { FileHandle } from "node:fs/promises";
import type { IReadable } from "@mcap/core";

/**
 * A file as the MCAP reader wants it. What `read` returns is valid until the next call. (The reader's own for Node reads
 * into a DataView, which `FileHandle.read` refused once in a process of twenty minutes, for what it is.)
 */
export class FileSource implements IReadable {
  readonly #handle: FileHandle;
  #bytes = new Uint8Array(4096);

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  async size(): Promise<bigint> {
    return BigInt((await this.#handle.stat()).size);
  }

  /** @throws Error where the file ends before `offset + length` */
  async read(offset: bigint, length: bigint): Promise<Uint8Array> {
    const [from, wanted] = [Number(offset), Number(length)];
    if (wanted > this.#bytes.byteLength) this.#bytes = new Uint8Array(2 * wanted);
    let read = 0;
    while (read < wanted) {
      const { bytesRead } = await this.#handle.read(this.#bytes, read, wanted - read, from + read);
      if (bytesRead === 0) throw new Error(`read only ${read} bytes from offset ${from}, expected ${wanted}`);
      read += bytesRead;
    }
    return this.#bytes.subarray(0, wanted);
  }
}
