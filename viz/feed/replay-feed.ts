/** A recording as a feed. The reading happens in a worker behind `ReplayPort`. */
import type { Feed, FeedListener } from "./feed.ts";
import type { ReplayAnswer, ReplayRequest } from "./replay-protocol.ts";

export interface ReplayPort {
  post(request: ReplayRequest): void;
  onAnswer(listener: (answer: ReplayAnswer) => void): void;
  close(): void;
}

/** Data is asked for when less than this many seconds of watching are left. */
const AHEAD_S = 4;
const AHEAD_MIN_MS = 10_000;

/** @param url of the recording, absolute */
export function replayFeed(port: ReplayPort, url: string): Feed {
  let span = { startMs: 0, endMs: 0 };
  let seek = 0;
  let loadedToMs = 0;
  let nextChunk = -1;
  let asked = false;
  let groundKnown = true;
  let playheadMs = 0;
  let indexed = 0;
  let indexedMs = 0;
  let seeking = false;
  /** Asked for while another seek was under way: only the last one counts. */
  let seekNextMs: number | null = null;

  const seekTo = (tMs: number): void => {
    playheadMs = Math.min(span.endMs, Math.max(span.startMs, Math.round(tMs)));
    if (seeking) {
      seekNextMs = playheadMs;
      return;
    }
    seeking = true;
    seek++;
    asked = true;
    loadedToMs = playheadMs;
    port.post({ kind: "seek", seek, tMs: playheadMs });
  };

  const receive = (listener: FeedListener, answer: ReplayAnswer): void => {
    switch (answer.kind) {
      case "opened":
        span = { startMs: answer.startMs, endMs: answer.endMs };
        listener.site(answer.site, answer.facts);
        listener.status({ kind: "running" });
        seekTo(span.startMs);
        break;
      case "motion":
        if (answer.seek !== seek) break;
        asked = false;
        loadedToMs = answer.toMs;
        nextChunk = answer.nextChunk;
        if (answer.restart !== null) {
          groundKnown = answer.restart.groundKnown;
          playheadMs = answer.restart.tMs;
          listener.restart(answer.restart.tMs, answer.restart.ground, groundKnown);
        }
        listener.motion(answer.messages);
        seeking = false;
        if (seekNextMs !== null) {
          const nextMs = seekNextMs;
          seekNextMs = null;
          seekTo(nextMs);
        }
        break;
      case "log":
        indexed = answer.indexed;
        indexedMs = answer.indexedMs;
        listener.log(answer.messages);
        if (!groundKnown && !asked && playheadMs < indexedMs) seekTo(playheadMs);
        break;
      case "failed":
        listener.status({ kind: "failed", detail: answer.detail });
        break;
    }
  };

  return {
    kind: "replay",
    span: () => span,
    loadedToMs: () => loadedToMs,
    indexed: () => indexed,
    start(listener) {
      listener.status({ kind: "opening" });
      port.onAnswer((answer) => receive(listener, answer));
      port.post({ kind: "open", url });
    },
    seek: seekTo,
    follow(tMs, speed) {
      // Until a seek has come about the playhead is still where it was.
      if (seeking) return;
      playheadMs = tMs;
      const aheadMs = Math.max(AHEAD_MIN_MS, speed * AHEAD_S * 1000);
      if (!asked && nextChunk >= 0 && loadedToMs - tMs < aheadMs) {
        asked = true;
        port.post({ kind: "more", seek, chunk: nextChunk });
      }
    },
    clockMs: () => null,
    close: () => port.close(),
  };
}
