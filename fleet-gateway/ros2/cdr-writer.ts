/**
 * Writes CDR by a type's definition: XCDR1, little-endian, primitives aligned to their size from the end of the header.
 * The package that reads it has a writer too, but that one counts the characters of a string where CDR counts the bytes of
 * its UTF-8, which cuts off "Móng Cái" and "东兴".
 */
import type { MessageDefinition, MessageDefinitionField } from "./definitions.ts";
import { CDR_HEADER_BYTES } from "./port.ts";

type Write = (out: CdrBuffer, value: unknown) => void;

const PRIMITIVES: Readonly<Record<string, Write>> = {
  bool: (out, value) => out.uint8(value === true ? 1 : 0),
  int8: (out, value) => out.uint8(numberOf(value) & 0xff),
  uint8: (out, value) => out.uint8(numberOf(value)),
  int16: (out, value) => out.view(2).setInt16(out.at, numberOf(value), true),
  uint16: (out, value) => out.view(2).setUint16(out.at, numberOf(value), true),
  int32: (out, value) => out.view(4).setInt32(out.at, numberOf(value), true),
  uint32: (out, value) => out.view(4).setUint32(out.at, numberOf(value), true),
  int64: (out, value) => out.view(8).setBigInt64(out.at, bigOf(value), true),
  uint64: (out, value) => out.view(8).setBigUint64(out.at, bigOf(value), true),
  float32: (out, value) => out.view(4).setFloat32(out.at, numberOf(value), true),
  float64: (out, value) => out.view(8).setFloat64(out.at, numberOf(value), true),
  string: (out, value) => out.string(typeof value === "string" ? value : ""),
  time: writeTime,
  duration: writeTime,
};

function writeTime(out: CdrBuffer, value: unknown): void {
  const { sec, nanosec } = (value ?? {}) as { readonly sec?: number; readonly nanosec?: number };
  out.view(4).setInt32(out.at, sec ?? 0, true);
  out.view(4).setUint32(out.at, nanosec ?? 0, true);
}

const numberOf = (value: unknown): number => (typeof value === "number" ? value : 0);
const bigOf = (value: unknown): bigint =>
  typeof value === "bigint" ? value : typeof value === "number" ? BigInt(value) : 0n;

/**
 * A function that encodes messages of the first of `definitions`. A field that a message does not have is written as the
 * definition's default.
 * @throws RangeError if a type in it is not defined, or a message's fixed array has another length
 */
export function compileWriter(definitions: readonly MessageDefinition[]): (message: unknown) => Uint8Array {
  const compiled = new Map<string, Write>();
  const byName = new Map(definitions.map((definition) => [definition.name ?? "", definition]));
  const root = structWriter(definitions[0]!, byName, compiled);
  const buffer = new CdrBuffer();
  return (message) => {
    buffer.begin();
    root(buffer, message);
    return buffer.finish();
  };
}

function structWriter(
  definition: MessageDefinition,
  byName: ReadonlyMap<string, MessageDefinition>,
  compiled: Map<string, Write>,
): Write {
  const name = definition.name ?? "";
  const known = compiled.get(name);
  if (known !== undefined) return known;
  const fields = definition.definitions
    .filter((field) => field.isConstant !== true)
    .map((field) => ({ name: field.name, write: fieldWriter(field, byName, compiled) }));
  // An empty struct has one byte: IDL knows no struct without a member.
  const write: Write =
    fields.length === 0
      ? (out) => out.uint8(0)
      : (out, value) => {
          const message = value as Record<string, unknown> | null | undefined;
          for (const field of fields) field.write(out, message?.[field.name]);
        };
  compiled.set(name, write);
  return write;
}

function fieldWriter(
  field: MessageDefinitionField,
  byName: ReadonlyMap<string, MessageDefinition>,
  compiled: Map<string, Write>,
): Write {
  const element = elementWriter(field, byName, compiled);
  if (field.isArray !== true) {
    const { defaultValue } = field;
    return defaultValue === undefined ? element : (out, value) => element(out, value ?? defaultValue);
  }
  const { arrayLength } = field;
  return (out, value) => {
    const items = (value ?? []) as ArrayLike<unknown>;
    if (arrayLength === undefined) out.view(4).setUint32(out.at, items.length, true);
    else if (value !== undefined && items.length !== arrayLength) {
      throw new RangeError(`field ${field.name} has ${items.length} items, expected ${arrayLength}`);
    }
    const count = arrayLength ?? items.length;
    for (let i = 0; i < count; i++) element(out, items[i]);
  };
}

function elementWriter(
  field: MessageDefinitionField,
  byName: ReadonlyMap<string, MessageDefinition>,
  compiled: Map<string, Write>,
): Write {
  if (field.isComplex !== true) {
    const primitive = PRIMITIVES[field.type];
    if (primitive === undefined) throw new RangeError(`field ${field.name}: type ${field.type} cannot be written`);
    return primitive;
  }
  const definition = byName.get(field.type);
  if (definition === undefined) throw new RangeError(`field ${field.name}: type ${field.type} is not defined`);
  return structWriter(definition, byName, compiled);
}

const START_BYTES = 1024;
const utf8 = new TextEncoder();

/** A growing buffer. `view(size)` makes room for a primitive; it then goes to offset `at`. */
class CdrBuffer {
  /** Where the primitive goes that room was made for. */
  at = 0;
  #end = 0;
  #bytes = new Uint8Array(START_BYTES);
  #view = new DataView(this.#bytes.buffer);

  begin(): void {
    this.#bytes.set([0, 1, 0, 0]);
    this.#end = CDR_HEADER_BYTES;
  }

  /** A copy of what was written, padded with zeros to a multiple of 4. */
  finish(): Uint8Array {
    this.#align(4);
    return this.#bytes.slice(0, this.#end);
  }

  view(size: number): DataView {
    this.#align(size);
    this.#reserve(size);
    this.at = this.#end;
    this.#end += size;
    return this.#view;
  }

  uint8(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#end++] = value;
  }

  string(text: string): void {
    // A UTF-16 unit becomes at most three bytes.
    this.view(4);
    const lengthAt = this.at;
    this.#reserve(3 * text.length + 1);
    const { written } = utf8.encodeInto(text, this.#bytes.subarray(this.#end));
    this.#end += written;
    this.#bytes[this.#end++] = 0;
    this.#view.setUint32(lengthAt, written + 1, true);
  }

  #align(size: number): void {
    const missing = (size - ((this.#end - CDR_HEADER_BYTES) % size)) % size;
    this.#reserve(missing);
    this.#bytes.fill(0, this.#end, this.#end + missing);
    this.#end += missing;
  }

  #reserve(size: number): void {
    if (this.#end + size <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(2 * this.#bytes.length, this.#end + size));
    grown.set(this.#bytes);
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}
