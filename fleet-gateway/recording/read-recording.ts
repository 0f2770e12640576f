/** Reads a recording back as typed messages in the order of log time, chunk by chunk. */
import { type FileHandle, open } from "node:fs/promises";
import zstd from "@foxglove/wasm-zstd";
import { McapIndexedReader, type McapTypes } from "@mcap/core";
import { FileSource } from "./file-source.ts";
import { type RecordedMessage, type Topic, topicSchemas } from "./messages.ts";
import { recordingParts } from "./parts.ts";

/** A message with where it stood in the file. */
export type ReadMessage = RecordedMessage & {
  /** MCAP log time in milliseconds of run time. */
  readonly logTimeMs: number;
  /** Number of the message in its file, in the order of writing. */
  readonly sequence: number;
  /** 1 for the first day's file. */
  readonly part: number;
};

export interface ReadOptions {
  /** Default: all topics of ours. */
  readonly topics?: readonly Topic[];
  /** Whether each message is held against its schema; default true. */
  readonly validate?: boolean;
}

/** A file that is missing, foreign, broken or cut short; the message says which, where, and what was expected. */
export class RecordingError extends Error {
  /** The command line's exit code for bad input. */
  readonly exitCode = 2;
  readonly kind: "missing" | "foreign" | "broken";

  constructor(kind: RecordingError["kind"], message: string) {
    super(message);
    this.name = "RecordingError";
    this.kind = kind;
  }
}

/**
 * All messages of a recording, over all its days. `/site` is given once, from the first file.
 * @throws RecordingError when the file is missing, no recording, or broken
 */
export async function* readRecording(path: string, options: ReadOptions = {}): AsyncGenerator<ReadMessage, void, void> {
  await zstd.isLoaded;
  const paths = recordingParts(path);
  for (const [index, partPath] of paths.entries()) {
    const handle = await openFile(partPath);
    try {
      yield* readPart(partPath, handle, index + 1, options);
    } finally {
      await handle.close();
    }
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    const handle = await open(path, "r");
    if ((await handle.stat()).isFile()) return handle;
    await handle.close();
    throw new RecordingError("missing", `${path} is not a file; expected a recording (run.mcap)`);
  } catch (error) {
    if (error instanceof RecordingError) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    const why = code === "ENOENT" ? "there is no such file" : code === "EISDIR" ? "it is a folder" : String(code);
    throw new RecordingError("missing", `Cannot read ${path}: ${why}; expected a recording (run.mcap)`);
  }
}

const decoder = new TextDecoder("utf-8", { fatal: true });
const mcapMagic = [0x89, 0x4d, 0x43, 0x41, 0x50, 0x30, 0x0d, 0x0a];

async function openReader(path: string, handle: FileHandle): Promise<McapIndexedReader> {
  const head = new Uint8Array(mcapMagic.length);
  const { bytesRead } = await handle.read(head, 0, head.length, 0);
  if (bytesRead === 0) throw new RecordingError("broken", `${path} is empty; expected an MCAP recording`);
  if (bytesRead < head.length || mcapMagic.some((byte, i) => head[i] !== byte)) {
    throw new RecordingError("foreign", `${path} is not an MCAP file: it does not begin with the MCAP magic bytes`);
  }
  try {
    return await McapIndexedReader.Initialize({
      readable: new FileSource(handle),
      decompressHandlers: { zstd: (bytes, size) => zstd.decompress(bytes, Number(size)) },
    });
  } catch (error) {
    throw new RecordingError(
      "broken",
      `${path} has no readable index at its end, so it was cut short or damaged: ${(error as Error).message}`,
    );
  }
}

async function* readPart(
  path: string,
  handle: FileHandle,
  part: number,
  options: ReadOptions,
): AsyncGenerator<ReadMessage, void, void> {
  const reader = await openReader(path, handle);
  const topicOf = channelTopics(path, reader);
  const wanted = options.topics ?? (Object.keys(topicSchemas) as Topic[]);
  const messages = reader.readMessages({ topics: wanted, validateCrcs: true });
  for (;;) {
    let next: IteratorResult<McapTypes.TypedMcapRecords["Message"], void>;
    try {
      next = await messages.next();
    } catch (error) {
      throw new RecordingError("broken", `${path} is damaged: ${(error as Error).message}`);
    }
    if (next.done === true) return;
    const record = next.value;
    const topic = topicOf.get(record.channelId)!;
    if (topic === "/site" && part > 1) continue;
    const logTimeMs = Number(record.logTime / 1_000_000n);
    const message = decode(path, topic, record.sequence, record.data, options.validate !== false);
    yield { topic, message, logTimeMs, sequence: record.sequence, part } as ReadMessage;
  }
}

function channelTopics(path: string, reader: McapIndexedReader): ReadonlyMap<number, Topic> {
  const topics = new Map<number, Topic>();
  for (const channel of reader.channelsById.values()) {
    if (channel.messageEncoding === "json" && channel.topic in topicSchemas)
      topics.set(channel.id, channel.topic as Topic);
  }
  const names = [...topics.values()];
  if (!names.includes("/site") || !names.includes("/vehicles")) {
    const found = [...reader.channelsById.values()].map((channel) => channel.topic).join(", ") || "none";
    throw new RecordingError(
      "foreign",
      `${path} is an MCAP file but not a run: it lacks the topics /site and /vehicles (found: ${found})`,
    );
  }
  return topics;
}

function decode(path: string, topic: Topic, sequence: number, data: Uint8Array, validate: boolean): unknown {
  let value: unknown;
  try {
    value = JSON.parse(decoder.decode(data));
  } catch (error) {
    throw new RecordingError(
      "broken",
      `${path}: message ${sequence} on ${topic} is not JSON: ${(error as Error).message}`,
    );
  }
  if (!validate) return value;
  const result = topicSchemas[topic].safeParse(value);
  if (result.success) return value;
  const issue = result.error.issues[0]!;
  const where = issue.path.map(String).join(".") || "the message";
  throw new RecordingError("broken", `${path}: message ${sequence} on ${topic}: ${where}: ${issue.message}`);
}
