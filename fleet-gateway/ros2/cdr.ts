import { MessageReader } from "@foxglove/rosmsg2-serialization";
import { compileWriter } from "./cdr-writer.ts";
import { definitionsOf, type MessageDefinition } from "./definitions.ts";
import type { MessageType, RosMessages, RosServices, ServiceType } from "./messages.ts";
import { CDR_HEADER_BYTES } from "./port.ts";

/** What came is not a message of its type. */
export class MalformedMessageError extends Error {}

/** Turns messages of one type into CDR and back. */
export interface Codec<Message> {
  /** Little-endian CDR with its header, padded to a multiple of 4 as Cyclone DDS sends it. */
  encode(message: Message): Uint8Array;
  /** @throws MalformedMessageError if the bytes end early or go on behind the message */
  decode(bytes: Uint8Array): Message;
}

const ALIGNMENT = 4;
const codecs = new Map<string, Codec<unknown>>();

/** The codec of a message type. */
export function codecOf<Type extends MessageType>(type: Type): Codec<RosMessages[Type]> {
  return anyCodec(type) as Codec<RosMessages[Type]>;
}

/** The codecs of a service's two halves. */
export function serviceCodecs<Type extends ServiceType>(
  type: Type,
): { readonly request: Codec<RosServices[Type]["request"]>; readonly response: Codec<RosServices[Type]["response"]> } {
  return {
    request: anyCodec(`${type}_Request`) as Codec<RosServices[Type]["request"]>,
    response: anyCodec(`${type}_Response`) as Codec<RosServices[Type]["response"]>,
  };
}

/** The codec of a type that is known by name only. @throws RangeError if there is no such type */
export function anyCodec(type: string): Codec<unknown> {
  const known = codecs.get(type);
  if (known !== undefined) return known;
  const made = createCodec<unknown>(type, definitionsOf(type));
  codecs.set(type, made);
  return made;
}

/** @param definitions of the type, which is the first, and of every type in it */
export function createCodec<Message>(type: string, definitions: readonly MessageDefinition[]): Codec<Message> {
  const reader = new MessageReader<Message>([...definitions]);
  return {
    encode: compileWriter(definitions),
    decode(bytes) {
      if (bytes.byteLength < CDR_HEADER_BYTES) {
        throw new MalformedMessageError(`${type}: ${bytes.byteLength} bytes are no message`);
      }
      let message: Message;
      try {
        message = reader.readMessage<Message>(bytes);
      } catch (error) {
        throw new MalformedMessageError(`${type}: ${error instanceof Error ? error.message : String(error)}`);
      }
      const rest = bytes.byteLength - reader.lastReadByteLength();
      if (rest < 0 || rest >= ALIGNMENT) {
        throw new MalformedMessageError(`${type}: the message ends ${rest} bytes before its payload`);
      }
      return message;
    },
  };
}
