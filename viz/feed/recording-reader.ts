/**
 * A recording, read chunk by chunk: any time of a day-long file within a chunk's read, and one pass over the whole file
 * that leaves a keyframe of the ground at the start of each chunk and hands over the log.
 */
import { McapIndexedReader, type McapTypes } from "@mcap/core";
import { Ground, type GroundSnapshot } from "../model/ground.ts";
import { isViewedTopic, type SiteMessage, type TimedMessage, type ViewedTopic } from "../model/messages.ts";
import { type ChunkMessage, chunkMessages, chunkRecords, type Decompress } from "./chunk-messages.ts";
import type { RunFacts } from "./feed.ts";
import { splitByUse } from "./live-feed.ts";

const utf8 = new TextDecoder();
const NS_PER_MS = 1_000_000n;
/** Before the first sample of a chunk the vehicles' last ones are in the chunk before. */
const SAMPLES_BEFORE_MS = 2_000;

export interface RecordingChunk {
  readonly startMs: number;
  readonly endMs: number;
  readonly offset: bigint;
  readonly length: bigint;
}

export interface SeekResult {
  readonly ground: GroundSnapshot;
  /** False while the pass over the file has not come here: grants from before the chunk are missing. */
  readonly groundKnown: boolean;
  readonly messages: readonly TimedMessage[];
  /** Chunk to read on from. */
  readonly nextChunk: number;
}

export class RecordingReader {
  readonly site: SiteMessage;
  readonly facts: RunFacts;
  readonly startMs: number;
  readonly endMs: number;
  /** By time of their start. */
  readonly chunks: readonly RecordingChunk[];
  readonly #readable: McapTypes.IReadable;
  readonly #decompress: Readonly<Record<string, Decompress>>;
  readonly #topicOf: ReadonlyMap<number, ViewedTopic>;
  /** [chunk] ground at its start, as far as the pass has come. */
  readonly #keyframes: GroundSnapshot[] = [];

  private constructor(
    readable: McapTypes.IReadable,
    decompress: Readonly<Record<string, Decompress>>,
    topicOf: ReadonlyMap<number, ViewedTopic>,
    chunks: readonly RecordingChunk[],
    site: SiteMessage,
    facts: RunFacts,
  ) {
    this.#readable = readable;
    this.#decompress = decompress;
    this.#topicOf = topicOf;
    this.chunks = chunks;
    this.site = site;
    this.facts = facts;
    this.startMs = chunks[0]!.startMs;
    this.endMs = Math.max(...chunks.map((chunk) => chunk.endMs));
  }

  /** @throws Error when the file is no finished recording of a run */
  static async open(
    readable: McapTypes.IReadable,
    decompress: Readonly<Record<string, Decompress>>,
  ): Promise<RecordingReader> {
    const mcap = await McapIndexedReader.Initialize({ readable, decompressHandlers: decompress });
    const topicOf = new Map<number, ViewedTopic>();
    for (const channel of mcap.channelsById.values()) {
      if (isViewedTopic(channel.topic)) topicOf.set(channel.id, channel.topic);
    }
    const facts: Record<string, string> = {};
    for await (const { metadata } of mcap.readMetadata({ name: "run" }))
      Object.assign(facts, Object.fromEntries(metadata));
    for await (const message of mcap.readMessages({ topics: ["/site"], validateCrcs: false })) {
      const site = JSON.parse(utf8.decode(message.data)) as SiteMessage;
      const chunks = mcap.chunkIndexes
        .map((chunk) => ({
          startMs: Number(chunk.messageStartTime / NS_PER_MS),
          endMs: Number(chunk.messageEndTime / NS_PER_MS),
          offset: chunk.chunkStartOffset,
          length: chunk.chunkLength,
        }))
        .sort((a, b) => a.startMs - b.startMs || (a.offset < b.offset ? -1 : 1));
      return new RecordingReader(readable, decompress, topicOf, chunks, site, facts);
    }
    throw new Error("the file holds no /site message: it is no recording of a run");
  }

  /** What is needed to show `tMs`: the ground at the start of its chunk, and the chunk's messages of motion and ground. */
  async seek(tMs: number): Promise<SeekResult> {
    const at = this.#chunkAt(tMs);
    const known = this.#keyframes[at];
    const messages: TimedMessage[] = [];
    if (at > 0 && tMs - this.chunks[at]!.startMs < SAMPLES_BEFORE_MS) {
      for (const message of await this.motion(at - 1)) {
        if (message.topic === "/vehicles" && message.tMs >= tMs - 2 * SAMPLES_BEFORE_MS) messages.push(message);
      }
    }
    messages.push(...(await this.motion(at)));
    return {
      ground: known ?? { grants: [], plans: [] },
      groundKnown: known !== undefined || at === 0,
      messages,
      nextChunk: at + 1,
    };
  }

  /** Messages of motion and ground in one chunk. */
  async motion(chunk: number): Promise<TimedMessage[]> {
    return splitByUse(
      await this.#read(chunk, (topic) => topic !== "/orders" && topic !== "/events" && topic !== "/kpi"),
    ).motion;
  }

  /** Reads one chunk for the log, and leaves a keyframe for the chunk after it. Chunks are to be read in order. */
  async index(chunk: number): Promise<TimedMessage[]> {
    const ground = new Ground();
    ground.restore(this.#keyframes[chunk] ?? { grants: [], plans: [] });
    if (chunk === 0) this.#keyframes[0] = ground.snapshot();
    const { motion, log } = splitByUse(await this.#read(chunk, (topic) => topic !== "/vehicles"));
    for (const message of motion) ground.apply(message);
    this.#keyframes[chunk + 1] = ground.snapshot();
    return log;
  }

  #chunkAt(tMs: number): number {
    let low = 0;
    let high = this.chunks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.chunks[middle]!.startMs <= tMs) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  async #read(chunk: number, wants: (topic: ViewedTopic) => boolean): Promise<TimedMessage[]> {
    const { offset, length } = this.chunks[chunk]!;
    const records = chunkRecords(await this.#readable.read(offset, length), this.#decompress);
    const wanted = new Set([...this.#topicOf].filter(([, topic]) => wants(topic)).map(([id]) => id));
    const messages: TimedMessage[] = [];
    for (const message of chunkMessages(records, wanted)) messages.push(this.#parse(message));
    return messages.sort((a, b) => a.tMs - b.tMs);
  }

  #parse(message: ChunkMessage): TimedMessage {
    return {
      topic: this.#topicOf.get(message.channelId)!,
      tMs: Number(message.logTime / NS_PER_MS),
      message: JSON.parse(utf8.decode(message.data)),
    } as TimedMessage;
  }
}
