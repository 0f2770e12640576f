/** Whether a file is a recording that the viewer can show, said before a browser opens. */
import { open } from "node:fs/promises";
import zstd from "@foxglove/wasm-zstd";
import { McapConstants, McapIndexedReader } from "@mcap/core";
import { FileSource } from "../recording/file-source.ts";

/** A file that cannot be replayed; the message says file, what was found and what was expected. */
export class ReplayFileError extends Error {
  readonly exitCode = 2;
}

const magic = Uint8Array.from(McapConstants.MCAP_MAGIC);

/**
 * Reads a recording's first bytes and its index.
 * @returns its length in seconds of run time
 * @throws ReplayFileError
 */
export async function checkReplayFile(path: string): Promise<{ readonly seconds: number }> {
  const handle = await open(path, "r").catch((error: NodeJS.ErrnoException) => {
    const found = error.code === "ENOENT" ? "there is no such file" : error.message;
    throw new ReplayFileError(`${path}: ${found}, expected a recording (run.mcap)`);
  });
  try {
    if ((await handle.stat()).isDirectory()) {
      throw new ReplayFileError(`${path}: is a folder, expected a recording (run.mcap)`);
    }
    const head = new Uint8Array(magic.length);
    const { bytesRead } = await handle.read(head, 0, magic.length, 0);
    if (bytesRead < magic.length || magic.some((byte, i) => byte !== head[i])) {
      throw new ReplayFileError(`${path}: does not begin like an MCAP file, expected a recording (run.mcap)`);
    }
    await zstd.isLoaded;
    const reader = await McapIndexedReader.Initialize({
      readable: new FileSource(handle),
      decompressHandlers: { zstd: (data, size) => zstd.decompress(data, Number(size)) },
    }).catch((error: Error) => {
      throw new ReplayFileError(
        `${path}: has no readable index (${error.message}), expected a finished recording. Was the run still going or broken off?`,
      );
    });
    const topics = new Set([...reader.channelsById.values()].map((channel) => channel.topic));
    for (const topic of ["/site", "/vehicles"]) {
      if (!topics.has(topic)) {
        throw new ReplayFileError(`${path}: has no topic ${topic}, expected the recording of a run`);
      }
    }
    const { messageStartTime = 0n, messageEndTime = 0n } = reader.statistics ?? {};
    return { seconds: Number(messageEndTime - messageStartTime) / 1e9 };
  } finally {
    await handle.close();
  }
}
