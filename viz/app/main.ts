/** The viewer's start: asks the server what to show, and shows it. */
import { liveFeed } from "../feed/live-feed.ts";
import type { ViewerConfig } from "../feed/live-messages.ts";
import { type ReplayPort, replayFeed } from "../feed/replay-feed.ts";
import type { ReplayAnswer } from "../feed/replay-protocol.ts";
import { initialLanguage, textsIn } from "./i18n/texts.ts";
import { showError } from "./page.ts";
import { type DebugState, startSession } from "./session.ts";

declare global {
  interface Window {
    /** State of the page for tests; read only. */
    __kalong?: { readonly state: DebugState };
  }
}

/** About 30 pictures a second: enough for 30 km/h seen from above, and kind to a page that is open day and night. */
const FRAME_MS_MIN = 30;

const app = document.getElementById("app")!;

async function start(): Promise<void> {
  const response = await fetch("viewer.json");
  if (!response.ok) throw new Error(`viewer.json: HTTP ${response.status}`);
  const config = (await response.json()) as ViewerConfig;
  const feed =
    config.mode === "live"
      ? liveFeed(new URL(config.socket, location.href.replace(/^http/, "ws")).href)
      : replayFeed(workerPort(), new URL(config.recording, location.href).href);
  const session = startSession(app, feed, config.name, initialLanguage());
  Object.defineProperty(window, "__kalong", {
    value: Object.freeze({
      get state() {
        return session.debug();
      },
    }),
  });
  let drawnMs = Number.NEGATIVE_INFINITY;
  const frame = (nowMs: number): void => {
    if (nowMs - drawnMs >= FRAME_MS_MIN) {
      drawnMs = nowMs;
      session.frame(nowMs);
    }
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}

function workerPort(): ReplayPort {
  const worker = new Worker(new URL("./replay-worker.ts", import.meta.url), { type: "module" });
  return {
    post: (request) => worker.postMessage(request),
    onAnswer(listener) {
      worker.onmessage = ({ data }: MessageEvent<ReplayAnswer>) => listener(data);
      worker.onerror = ({ message }) => listener({ kind: "failed", detail: message });
    },
    close: () => worker.terminate(),
  };
}

start().catch((error: unknown) => {
  const texts = textsIn(initialLanguage());
  showError(app, texts, texts.t("error.config"), error instanceof Error ? error.message : String(error));
});
