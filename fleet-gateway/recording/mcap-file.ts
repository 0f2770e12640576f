/**
 * Writes an MCAP file (https://mcap.dev/spec) synchronously: a run writes hundreds of thousands of messages from a loop
 * that never awaits, which the promise-returning writer of @mcap/core does not allow. The records themselves are built
 * by @mcap/core.
 */
import { crc32 } from "node:zlib";
import zstd from "@foxglove/wasm-zstd";
import { McapChunkBuilder, McapConstants, McapRecordBuilder, type McapTypes } from "@mcap/core";

await zstd.isLoaded;

/** Where the bytes go. Each call hands over bytes that are valid only during the call. */
export interface RecordingSink {
  write(bytes: Uint8Array): void;
  close(): void;
}

export interface McapFileOptions {
  /** Uncompressed bytes after which a chunk is closed. */
  readonly chunkBytes: number;
  /** zstd level, 1 (fast) .. 19. */
  readonly compressionLevel: number;
}

interface ChannelSpec {
  readonly topic: string;
  readonly schemaName: string;
  readonly schema: object;
}

const encoder = new TextEncoder();

export class McapFile {
  readonly #sink: RecordingSink;
  readonly #options: McapFileOptions;
  readonly #records = new McapRecordBuilder();
  readonly #chunk = new McapChunkBuilder({ useMessageIndex: true });
  readonly #schemas: McapTypes.Schema[] = [];
  readonly #channels: McapTypes.Channel[] = [];
  readonly #writtenChannels = new Set<number>();
  readonly #chunkIndices: McapTypes.ChunkIndex[] = [];
  readonly #metadataIndices: McapTypes.MetadataIndex[] = [];
  readonly #statistics: McapTypes.Statistics = {
    messageCount: 0n,
    schemaCount: 0,
    channelCount: 0,
    attachmentCount: 0,
    metadataCount: 0,
    chunkCount: 0,
    messageStartTime: 0n,
    messageEndTime: 0n,
    channelMessageCounts: new Map(),
  };
  readonly #counts: number[] = [];
  #sequence = 0;
  #startNs = 0n;
  #endNs = 0n;
  #positionBytes = 0n;
  #dataCrc = 0;

  constructor(sink: RecordingSink, library: string, options: McapFileOptions) {
    this.#sink = sink;
    this.#options = options;
    this.#records.writeMagic();
    this.#records.writeHeader({ profile: "", library });
    this.#flushData();
  }

  /** Declares a topic of JSON messages; the returned channel id is given with each message. */
  addChannel(spec: ChannelSpec): number {
    const schemaId = this.#schemas.length + 1;
    this.#schemas.push({
      id: schemaId,
      name: spec.schemaName,
      encoding: "jsonschema",
      data: encoder.encode(JSON.stringify(spec.schema)),
    });
    const id = this.#channels.length;
    this.#channels.push({ id, schemaId, topic: spec.topic, messageEncoding: "json", metadata: new Map() });
    this.#counts.push(0);
    return id;
  }

  /** Appends one message; times must not decrease. `timeMs` is run time in whole milliseconds. */
  addMessage(channelId: number, timeMs: number, json: string): void {
    if (!this.#writtenChannels.has(channelId)) {
      this.#chunk.addSchema(this.#schemas[channelId]!);
      this.#chunk.addChannel(this.#channels[channelId]!);
      this.#writtenChannels.add(channelId);
    }
    const logTime = BigInt(timeMs) * 1_000_000n;
    if (this.#sequence === 0) this.#startNs = logTime;
    this.#endNs = logTime;
    this.#counts[channelId] = this.#counts[channelId]! + 1;
    this.#chunk.addMessage({
      channelId,
      sequence: this.#sequence++,
      logTime,
      publishTime: logTime,
      data: Buffer.from(json),
    });
    if (this.#chunk.byteLength >= this.#options.chunkBytes) this.#closeChunk();
  }

  addMetadata(name: string, values: Readonly<Record<string, string>>): void {
    const length = this.#records.writeMetadata({ name, metadata: new Map(Object.entries(values)) });
    this.#metadataIndices.push({ name, offset: this.#positionBytes, length });
    this.#flushData();
  }

  /** Writes what is left and the index, and closes the sink. */
  close(): void {
    this.#closeChunk();
    this.#records.writeDataEnd({ dataSectionCrc: this.#dataCrc });
    this.#flushData();
    this.#writeSummary();
    this.#sink.close();
  }

  #closeChunk(): void {
    if (this.#chunk.numMessages === 0) return;
    const plain = this.#chunk.buffer;
    const records = zstd.compress(plain, this.#options.compressionLevel);
    const chunkStartOffset = this.#positionBytes;
    const chunkLength = this.#records.writeChunk({
      messageStartTime: this.#chunk.messageStartTime,
      messageEndTime: this.#chunk.messageEndTime,
      uncompressedSize: BigInt(plain.byteLength),
      uncompressedCrc: crc32(plain),
      compression: "zstd",
      records,
    });
    this.#flushData();
    const indexStart = this.#positionBytes;
    const messageIndexOffsets = new Map<number, bigint>();
    let messageIndexLength = 0n;
    for (const index of this.#chunk.indices) {
      messageIndexOffsets.set(index.channelId, indexStart + messageIndexLength);
      messageIndexLength += this.#records.writeMessageIndex(index);
    }
    this.#flushData();
    this.#chunkIndices.push({
      messageStartTime: this.#chunk.messageStartTime,
      messageEndTime: this.#chunk.messageEndTime,
      chunkStartOffset,
      chunkLength,
      messageIndexOffsets,
      messageIndexLength,
      compression: "zstd",
      compressedSize: BigInt(records.byteLength),
      uncompressedSize: BigInt(plain.byteLength),
    });
    this.#chunk.reset();
  }

  /** Summary section: schemas, channels, statistics, metadata and chunk indexes, then offsets to each group; footer. */
  #writeSummary(): void {
    const summaryStart = this.#positionBytes;
    const groups: McapTypes.SummaryOffset[] = [];
    const pieces: Uint8Array[] = [];
    let position = summaryStart;
    const group = (groupOpcode: number, write: () => void): void => {
      write();
      const bytes = this.#records.buffer.slice();
      this.#records.reset();
      if (bytes.byteLength === 0) return;
      pieces.push(bytes);
      groups.push({ groupOpcode, groupStart: position, groupLength: BigInt(bytes.byteLength) });
      position += BigInt(bytes.byteLength);
    };
    const { Opcode } = McapConstants;
    group(Opcode.SCHEMA, () => {
      for (const schema of this.#schemas) this.#records.writeSchema(schema);
    });
    group(Opcode.CHANNEL, () => {
      for (const channel of this.#channels) this.#records.writeChannel(channel);
    });
    group(Opcode.STATISTICS, () => {
      this.#records.writeStatistics(this.#finalStatistics());
    });
    group(Opcode.METADATA_INDEX, () => {
      for (const index of this.#metadataIndices) this.#records.writeMetadataIndex(index);
    });
    group(Opcode.CHUNK_INDEX, () => {
      for (const index of this.#chunkIndices) this.#records.writeChunkIndex(index);
    });
    const summaryOffsetStart = position;
    for (const offset of groups) this.#records.writeSummaryOffset(offset);
    pieces.push(this.#records.buffer.slice());
    this.#records.reset();

    let summaryCrc = 0;
    for (const piece of pieces) {
      summaryCrc = crc32(piece, summaryCrc);
      this.#sink.write(piece);
    }
    // The summary's checksum also covers the footer up to the checksum itself.
    const footerHead = new DataView(new ArrayBuffer(1 + 8 + 8 + 8));
    footerHead.setUint8(0, Opcode.FOOTER);
    footerHead.setBigUint64(1, 20n, true);
    footerHead.setBigUint64(9, summaryStart, true);
    footerHead.setBigUint64(17, summaryOffsetStart, true);
    summaryCrc = crc32(new Uint8Array(footerHead.buffer), summaryCrc);
    this.#records.writeFooter({ summaryStart, summaryOffsetStart, summaryCrc });
    this.#records.writeMagic();
    this.#sink.write(this.#records.buffer);
    this.#records.reset();
  }

  #finalStatistics(): McapTypes.Statistics {
    const used = this.#counts
      .map((count, channel) => [channel, BigInt(count)] as const)
      .filter(([, count]) => count > 0n);
    return {
      ...this.#statistics,
      messageCount: BigInt(this.#sequence),
      schemaCount: this.#schemas.length,
      channelCount: this.#channels.length,
      metadataCount: this.#metadataIndices.length,
      chunkCount: this.#chunkIndices.length,
      messageStartTime: this.#startNs,
      messageEndTime: this.#endNs,
      channelMessageCounts: new Map(used),
    };
  }

  #flushData(): void {
    const bytes = this.#records.buffer;
    this.#dataCrc = crc32(bytes, this.#dataCrc);
    this.#sink.write(bytes);
    this.#positionBytes += BigInt(bytes.byteLength);
    this.#records.reset();
  }
}
