import { createHash } from "node:crypto";

/** Numbers that JSON would turn into null keep their own names. */
function plain(_key: string, value: unknown): unknown {
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  if (typeof value === "bigint") return `${value}n`;
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return Array.from(value as Uint8Array);
  if (value instanceof Map || value instanceof Set) return [...value];
  return value;
}

/** Hash of an answer: 16 hexadecimal digits of SHA-256 over its JSON, typed arrays, maps and sets included. */
export function checksum(answer: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify(answer, plain) ?? "undefined")
    .digest("hex")
    .slice(0, 16);
}
