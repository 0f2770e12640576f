/**
 * Messages as rosbridge has them in JSON. It differs from the messages here in three things: 64-bit integers are numbers,
 * bytes are base64, and a number that is not finite is null. rosbridge refuses null in the other direction, so such
 * fields are left out and the receiver has the type's default, 0, there.
 */
import { definitionsOf, type MessageDefinition, type MessageDefinitionField } from "./definitions.ts";

type Fields = Record<string, unknown>;

export interface JsonCodec {
  toJson(message: unknown): unknown;
  /** Values of a wrong kind come through as they are; the CDR codec writes defaults for them. */
  fromJson(json: unknown): unknown;
}

export function jsonCodec(type: string): JsonCodec {
  const definitions = definitionsOf(type);
  const byName = new Map(definitions.map((definition) => [definition.name ?? "", definition]));
  const root = definitions[0]!;
  return {
    toJson: (message) => encodeStruct(message, root, byName),
    fromJson: (json) => decodeStruct(json, root, byName),
  };
}

type ByName = ReadonlyMap<string, MessageDefinition>;

const isBytes = (field: MessageDefinitionField): boolean => field.isArray === true && field.type === "uint8";
const dataFields = (definition: MessageDefinition): MessageDefinitionField[] =>
  definition.definitions.filter((field) => field.isConstant !== true);

function encodeStruct(value: unknown, definition: MessageDefinition, byName: ByName): Fields {
  const message = (value ?? {}) as Fields;
  const json: Fields = {};
  for (const field of dataFields(definition)) {
    const item = message[field.name];
    if (item === undefined) continue;
    const encoded = encodeField(item, field, byName);
    if (encoded !== undefined) json[field.name] = encoded;
  }
  return json;
}

function encodeField(value: unknown, field: MessageDefinitionField, byName: ByName): unknown {
  if (isBytes(field)) return Buffer.from(Array.from(value as ArrayLike<number>)).toString("base64");
  const one = (item: unknown): unknown => {
    if (field.isComplex === true) return encodeStruct(item, byName.get(field.type)!, byName);
    if (typeof item === "bigint") return Number(item);
    return typeof item === "number" && !Number.isFinite(item) ? undefined : item;
  };
  if (field.isArray !== true) return one(value);
  return Array.from(value as ArrayLike<unknown>, (item) => one(item) ?? 0);
}

function decodeStruct(value: unknown, definition: MessageDefinition, byName: ByName): Fields {
  const json = (typeof value === "object" && value !== null ? value : {}) as Fields;
  const message: Fields = {};
  for (const field of dataFields(definition)) {
    const item = json[field.name];
    if (item !== undefined) message[field.name] = decodeField(item, field, byName);
  }
  return message;
}

function decodeField(value: unknown, field: MessageDefinitionField, byName: ByName): unknown {
  if (isBytes(field) && typeof value === "string") return new Uint8Array(Buffer.from(value, "base64"));
  const one = (item: unknown): unknown => {
    if (field.isComplex === true) return decodeStruct(item, byName.get(field.type)!, byName);
    if (item === null && field.type.startsWith("float")) return Number.NaN;
    if (typeof item === "number" && field.type.endsWith("int64")) return BigInt(Math.trunc(item));
    return item;
  };
  return field.isArray === true ? (Array.isArray(value) ? value.map(one) : []) : one(value);
}
