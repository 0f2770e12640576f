/** A file behind HTTP as @mcap/core reads it: by range, or whole where the server does not serve ranges. */
import type { McapTypes } from "@mcap/core";

/** @throws Error with the status when the file cannot be had */
export async function rangeReadable(url: string): Promise<McapTypes.IReadable> {
  const probe = await fetch(url, { headers: { range: "bytes=0-0" } });
  if (!probe.ok) throw new Error(`${url}: HTTP ${probe.status}`);
  const total = /\/(\d+)$/.exec(probe.headers.get("content-range") ?? "")?.[1];
  const body = new Uint8Array(await probe.arrayBuffer());
  if (probe.status !== 206 || total === undefined) {
    return {
      size: async () => BigInt(body.byteLength),
      read: async (offset, size) => body.subarray(Number(offset), Number(offset + size)),
    };
  }
  return {
    size: async () => BigInt(total),
    async read(offset, size) {
      if (size === 0n) return new Uint8Array(0);
      const response = await fetch(url, { headers: { range: `bytes=${offset}-${offset + size - 1n}` } });
      if (response.status !== 206) throw new Error(`${url}: HTTP ${response.status} for a range`);
      return new Uint8Array(await response.arrayBuffer());
    },
  };
}
