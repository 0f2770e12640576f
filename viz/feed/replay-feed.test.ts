import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import zstd from "@foxglove/wasm-zstd";
import { afterAll, beforeAll, expect, test } from "vitest";
import { smallSite } from "../small-site.fixture.ts";
import { writeSyntheticRecording } from "../synthetic-recording.fixture.ts";
import type { Feed, FeedListener } from "./feed.ts";
import { type ReplayPort, replayFeed } from "./replay-feed.ts";
import type { ReplayAnswer } from "./replay-protocol.ts";
import { replayServer } from "./replay-server.ts";

const SECONDS = 2400;
let folder = "";
let url = "";
let bytes: Buffer;

/** A server that knows no ranges, as the plainest ones: the whole file is read then. */
const server = createServer((request, response) => {
  if (request.url === "/run.mcap") response.end(bytes);
  else response.writeHead(404).end();
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "kalong-feed-"));
  const path = join(folder, "run.mcap");
  await writeSyntheticRecording(path, smallSite, { vehicles: 4, seconds: SECONDS, seed: 5, chunkBytes: 30_000 });
  bytes = await readFile(path);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/run.mcap`;
});
afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

/** The worker's side in this process; answers come later, as from a worker. */
function port(): ReplayPort {
  let listener: (answer: ReplayAnswer) => void = () => {};
  const serve = replayServer(
    zstd.isLoaded.then(() => ({ zstd: (data: Uint8Array, size: bigint) => zstd.decompress(data, Number(size)) })),
    (answer) => setImmediate(() => listener(structuredClone(answer))),
  );
  return {
    post: (request) => void serve(request),
    onAnswer(next) {
      listener = next;
    },
    close: () => {},
  };
}

interface Run {
  readonly feed: Feed;
  /** "<restart time> <ground known>" in order. */
  readonly restarts: string[];
  readonly motionUntil: { ms: number };
  readonly failed: Promise<string>;
}

function start(from: string): Run {
  const restarts: string[] = [];
  const motionUntil = { ms: 0 };
  const feed = replayFeed(port(), from);
  let fail: (detail: string) => void = () => {};
  const failed = new Promise<string>((done) => {
    fail = done;
  });
  const listener: FeedListener = {
    site: () => {},
    restart: (atMs, _ground, known) => {
      restarts.push(`${atMs} ${known}`);
      motionUntil.ms = 0;
    },
    motion: (messages) => {
      motionUntil.ms = messages.at(-1)?.tMs ?? motionUntil.ms;
    },
    log: () => {},
    status: (status) => {
      if (status.kind === "failed") fail(status.detail);
    },
  };
  feed.start(listener);
  return { feed, restarts, motionUntil, failed };
}

async function until(happened: () => boolean): Promise<void> {
  while (!happened()) await new Promise((done) => setImmediate(done));
}

test("a jump ahead of the pass over the file stays there, and is shown again when its ground is known", async () => {
  const { feed, restarts } = start(url);
  await until(() => restarts.length === 1);
  const middleMs = (SECONDS / 2) * 1000;
  feed.seek(middleMs);
  // The page tells where it is at each of its frames, between which several answers may come.
  let frameMs = performance.now();
  let shownMs = 40;
  await until(() => {
    if (performance.now() - frameMs > 16) {
      // A restart moves the page's playhead at once.
      if (restarts.length > 1) shownMs = Number(restarts.at(-1)!.split(" ")[0]);
      feed.follow(shownMs, 1);
      frameMs = performance.now();
    }
    return feed.indexed() === 1 && (restarts.at(-1)!.endsWith("true") || restarts.length > 20);
  });
  expect(restarts.slice(1).filter((restart) => !restart.startsWith(`${middleMs} `))).toEqual([]);
  feed.close();
});

test("of many jumps in a row the last one counts, and not each is carried out", async () => {
  const { feed, restarts } = start(url);
  await until(() => feed.indexed() === 1 && restarts.length === 1);
  for (let second = 100; second <= 1000; second++) feed.seek(second * 1000);
  await until(() => restarts.at(-1) === "1000000 true");
  expect(restarts.length).toBeLessThan(5);
  feed.close();
});

test("data is there before the playhead comes, up to the end", async () => {
  const { feed, motionUntil } = start(url);
  await until(() => feed.loadedToMs() > 0);
  for (let tMs = 0; tMs <= SECONDS * 1000; tMs += 5000) {
    await until(() => {
      feed.follow(tMs, 60);
      return feed.loadedToMs() >= Math.min(tMs + 1, SECONDS * 1000);
    });
  }
  expect(motionUntil.ms).toBe(SECONDS * 1000);
  feed.close();
});

test("a file that is not there is told", async () => {
  expect(await start(url.replace("run", "gone")).failed).toContain("HTTP 404");
});
