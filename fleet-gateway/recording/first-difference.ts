/** Where two recordings part. */
import { type ReadMessage, readRecording } from "./read-recording.ts";

export interface RecordingDifference {
  /** Run time of the first message that differs, seconds. */
  readonly t: number;
  /** The messages as JSON text; null where the recording has ended. */
  readonly a: { readonly topic: string; readonly json: string } | null;
  readonly b: { readonly topic: string; readonly json: string } | null;
}

/**
 * The first message in which two recordings differ, or null when all their messages are the same.
 * @throws RecordingError when either cannot be read
 */
export async function firstDifference(pathA: string, pathB: string): Promise<RecordingDifference | null> {
  const options = { validate: false };
  const streamA = readRecording(pathA, options);
  const streamB = readRecording(pathB, options);
  try {
    for (;;) {
      const [a, b] = [await next(streamA), await next(streamB)];
      if (a === null && b === null) return null;
      const jsonA = a === null ? null : JSON.stringify(a.message);
      const jsonB = b === null ? null : JSON.stringify(b.message);
      if (a?.topic === b?.topic && jsonA === jsonB) continue;
      return {
        t: Math.min(a?.logTimeMs ?? Number.POSITIVE_INFINITY, b?.logTimeMs ?? Number.POSITIVE_INFINITY) / 1000,
        a: a === null ? null : { topic: a.topic, json: jsonA! },
        b: b === null ? null : { topic: b.topic, json: jsonB! },
      };
    }
  } finally {
    await streamA.return();
    await streamB.return();
  }
}

async function next(stream: AsyncGenerator<ReadMessage, void, void>): Promise<ReadMessage | null> {
  const result = await stream.next();
  return result.done === true ? null : result.value;
}
