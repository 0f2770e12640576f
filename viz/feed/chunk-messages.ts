/**
 * Messages of one chunk of an MCAP file: the records of the chunk, parsed straight from its bytes
 * (MCAP specification, sections "Records", "Chunk (op=0x06)" and "Message (op=0x05)"). @mcap/core finds the chunks; its
 * reader goes through the message index, which costs more than the JSON itself when all messages are wanted.
 */
const OP_MESSAGE = 0x05;
const OP_CHUNK = 0x06;
const RECORD_HEAD_BYTES = 9;
const MESSAGE_HEAD_BYTES = 22;

export interface ChunkMessage {
  readonly channelId: number;
  /** Nanoseconds since the start of the run. */
  readonly logTime: bigint;
  readonly data: Uint8Array;
}

export type Decompress = (compressed: Uint8Array, uncompressedSize: bigint) => Uint8Array;

/**
 * The uncompressed records inside a chunk record.
 * @throws Error when `record` is no chunk, or is compressed in a way that is not in `decompress`
 */
export function chunkRecords(record: Uint8Array, decompress: Readonly<Record<string, Decompress>>): Uint8Array {
  const view = new DataView(record.buffer, record.byteOffset, record.byteLength);
  if (record.byteLength < RECORD_HEAD_BYTES + 32 || view.getUint8(0) !== OP_CHUNK) {
    throw new Error("the recording's index points to something that is no chunk");
  }
  const content = RECORD_HEAD_BYTES;
  const uncompressedSize = view.getBigUint64(content + 16, true);
  const nameLength = view.getUint32(content + 28, true);
  const name = new TextDecoder().decode(record.subarray(content + 32, content + 32 + nameLength));
  const lengthAt = content + 32 + nameLength;
  const from = lengthAt + 8;
  const records = record.subarray(from, from + Number(view.getBigUint64(lengthAt, true)));
  if (name === "") return records;
  const unpack = decompress[name];
  if (unpack === undefined) throw new Error(`the recording is compressed with ${name}, expected zstd`);
  return unpack(records, uncompressedSize);
}

/** Every message of a chunk on one of the wanted channels, in file order. */
export function* chunkMessages(records: Uint8Array, wanted: ReadonlySet<number>): Generator<ChunkMessage> {
  const view = new DataView(records.buffer, records.byteOffset, records.byteLength);
  for (let at = 0; at + RECORD_HEAD_BYTES <= records.byteLength; ) {
    const length = Number(view.getBigUint64(at + 1, true));
    const content = at + RECORD_HEAD_BYTES;
    if (view.getUint8(at) === OP_MESSAGE) {
      const channelId = view.getUint16(content, true);
      if (wanted.has(channelId)) {
        yield {
          channelId,
          logTime: view.getBigUint64(content + 6, true),
          data: records.subarray(content + MESSAGE_HEAD_BYTES, content + length),
        };
      }
    }
    at = content + length;
  }
}
