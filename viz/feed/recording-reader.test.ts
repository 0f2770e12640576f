import { mkdtemp, open, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import zstd from "@foxglove/wasm-zstd";
import { FileHandleReadable } from "@mcap/nodejs";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Ground } from "../model/ground.ts";
import type { TimedMessage } from "../model/messages.ts";
import { World } from "../model/world.ts";
import { smallSite } from "../small-site.fixture.ts";
import { writeSyntheticRecording } from "../synthetic-recording.fixture.ts";
import { RecordingReader } from "./recording-reader.ts";

await zstd.isLoaded;
const decompress = { zstd: (data: Uint8Array, size: bigint) => zstd.decompress(data, Number(size)) };
const SECONDS = 900;
let folder = "";
let path = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "kalong-reader-"));
  path = join(folder, "run.mcap");
  await writeSyntheticRecording(path, smallSite, { vehicles: 4, seconds: SECONDS, seed: 7, chunkBytes: 64_000 });
});
afterAll(() => rm(folder, { recursive: true }));

async function withReader(use: (reader: RecordingReader) => Promise<void>): Promise<void> {
  const handle = await open(path);
  try {
    await use(await RecordingReader.open(new FileHandleReadable(handle), decompress));
  } finally {
    await handle.close();
  }
}

async function readAll(reader: RecordingReader): Promise<TimedMessage[]> {
  const messages: TimedMessage[] = [];
  for (let chunk = 0; chunk < reader.chunks.length; chunk++) messages.push(...(await reader.motion(chunk)));
  return messages;
}

function groundText(ground: Ground): string[] {
  const { grants, plans } = ground.snapshot();
  return [...grants, ...plans].map((message) => JSON.stringify(message)).sort();
}

test("a jump to any time shows what playing up to it shows", async () => {
  await withReader(async (reader) => {
    expect(reader.chunks.length).toBeGreaterThan(8);
    expect(reader.endMs).toBe(SECONDS * 1000);
    const all = await readAll(reader);
    for (let chunk = 0; chunk < reader.chunks.length; chunk++) await reader.index(chunk);
    const times = [0, 1, 333_300, SECONDS * 1000, ...reader.chunks.flatMap(({ startMs }) => [startMs, startMs + 1])];
    for (const tMs of times) {
      const played = new World(reader.site);
      played.add(all);
      played.advance(tMs);
      const jumped = new World(reader.site);
      const { ground, groundKnown, messages } = await reader.seek(tMs);
      expect(groundKnown).toBe(true);
      jumped.restart(tMs, ground);
      jumped.add(messages);
      expect(groundText(jumped.ground), `ground at ${tMs} ms`).toEqual(groundText(played.ground));
      const poses = (world: World): unknown => world.vehicles().map(({ sample, x, y }) => [sample.id, x, y]);
      expect(poses(jumped), `vehicles at ${tMs} ms`).toEqual(poses(played));
    }
  });
});

test("before the pass over the file has come by, a jump says that it does not know the ground", async () => {
  await withReader(async (reader) => {
    const tMs = (SECONDS / 2) * 1000;
    const early = await reader.seek(tMs);
    expect(early.groundKnown).toBe(false);
    expect(early.messages.length).toBeGreaterThan(0);
    for (let chunk = 0; chunk < reader.chunks.length; chunk++) await reader.index(chunk);
    expect((await reader.seek(tMs)).groundKnown).toBe(true);
  });
});

test("the pass over the file hands over every message of the log once", async () => {
  await withReader(async (reader) => {
    const counts = new Map<string, number>();
    for (let chunk = 0; chunk < reader.chunks.length; chunk++) {
      for (const { topic } of await reader.index(chunk)) counts.set(topic, (counts.get(topic) ?? 0) + 1);
    }
    expect(counts.get("/kpi")).toBe(SECONDS / 60 + 1);
    expect(counts.get("/events")).toBe(3);
    expect([...counts.keys()].sort()).toEqual(["/events", "/kpi", "/orders"]);
  });
});

test("facts of the run are in reach", async () => {
  await withReader(async (reader) => {
    expect(reader.facts).toMatchObject({ scenario: "synthetic", seed: "7" });
    expect(reader.site.site).toBe("small");
  });
});

test("a file that was cut off and one of another kind are refused", async () => {
  const bytes = new Uint8Array(await readFile(path));
  const memory = (content: Uint8Array) => ({
    size: async () => BigInt(content.byteLength),
    read: async (offset: bigint, size: bigint) => content.subarray(Number(offset), Number(offset + size)),
  });
  await expect(RecordingReader.open(memory(bytes.subarray(0, 100_000)), decompress)).rejects.toThrow();
  await expect(RecordingReader.open(memory(new Uint8Array(5000)), decompress)).rejects.toThrow();
});
