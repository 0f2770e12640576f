/** The worker's side of a replay: answers seeks at once and goes through the file in between. */
import type { TimedMessage } from "../model/messages.ts";
import type { Decompress } from "./chunk-messages.ts";
import { rangeReadable } from "./range-readable.ts";
import { RecordingReader } from "./recording-reader.ts";
import type { ReplayAnswer, ReplayRequest, ReplayRestart } from "./replay-protocol.ts";

/** Log messages are handed over in batches of at least this many, or when this much time has gone by. */
const BATCH_MESSAGES = 2_000;
const BATCH_MS = 150;
/** A request waits no longer than this for the pass over the file, and the chunk that is being read. */
const YIELD_MS = 25;

/**
 * Serves requests with answers through `answer`. Requests may overlap; each is served as soon as it comes.
 * @param decompress ready when the unpackers are
 */
export function replayServer(
  decompress: Promise<Readonly<Record<string, Decompress>>>,
  answer: (answer: ReplayAnswer) => void,
): (request: ReplayRequest) => Promise<void> {
  let reader: RecordingReader | null = null;

  const toMs = (recording: RecordingReader, chunk: number): number =>
    chunk < recording.chunks.length ? recording.chunks[chunk]!.startMs : recording.endMs;

  const indexAll = async (recording: RecordingReader): Promise<void> => {
    let batch: TimedMessage[] = [];
    let sentMs = performance.now();
    let yieldedMs = sentMs;
    for (let chunk = 0; chunk < recording.chunks.length; chunk++) {
      batch.push(...(await recording.index(chunk)));
      const done = chunk + 1 === recording.chunks.length;
      if (done || batch.length >= BATCH_MESSAGES || performance.now() - sentMs > BATCH_MS) {
        const indexed = (chunk + 1) / recording.chunks.length;
        answer({ kind: "log", messages: batch, indexedMs: toMs(recording, chunk + 1), indexed });
        batch = [];
        sentMs = performance.now();
      }
      if (performance.now() - yieldedMs > YIELD_MS) {
        // A file that is in memory is read without a pause: requests must come through all the same.
        await new Promise((done) => setTimeout(done, 0));
        yieldedMs = performance.now();
      }
    }
  };

  const serve = async (request: ReplayRequest): Promise<void> => {
    if (request.kind === "open") {
      const recording = await RecordingReader.open(await rangeReadable(request.url), await decompress);
      reader = recording;
      const { site, facts, startMs, endMs } = recording;
      answer({ kind: "opened", site, facts, startMs, endMs });
      await indexAll(recording);
    } else if (reader === null) throw new Error(`${request.kind} before the recording was opened`);
    else if (request.kind === "seek") {
      const { tMs, seek } = request;
      const { ground, groundKnown, messages, nextChunk } = await reader.seek(tMs);
      passMotion(reader, seek, { tMs, ground, groundKnown }, messages, nextChunk);
    } else passMotion(reader, request.seek, null, await reader.motion(request.chunk), request.chunk + 1);
  };

  const passMotion = (
    recording: RecordingReader,
    seek: number,
    restart: ReplayRestart | null,
    messages: readonly TimedMessage[],
    following: number,
  ): void => {
    const nextChunk = following < recording.chunks.length ? following : -1;
    answer({ kind: "motion", seek, restart, messages, toMs: toMs(recording, following), nextChunk });
  };

  return (request) =>
    serve(request).catch((error: unknown) =>
      answer({ kind: "failed", detail: error instanceof Error ? error.message : String(error) }),
    );
}
