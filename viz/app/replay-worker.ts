/** The worker that reads a recording. */
import type { ReplayRequest } from "../feed/replay-protocol.ts";
import { replayServer } from "../feed/replay-server.ts";
import { loadZstd } from "./zstd.ts";

const serve = replayServer(
  loadZstd().then((zstd) => ({ zstd })),
  (answer) => postMessage(answer),
);
addEventListener("message", ({ data }: MessageEvent<ReplayRequest>) => void serve(data));
