/** The live connection as a feed: reconnects by itself, and keeps the playhead a little behind the newest message. */
import { isViewedTopic, type TimedMessage, type ViewedTopic } from "../model/messages.ts";
import type { Feed, FeedListener, RunFacts } from "./feed.ts";
import type { LiveFrame } from "./live-messages.ts";

/** The playhead stays this far behind, so that there is a sample on both sides of it. */
const BEHIND_MS = 700;
const RETRY_MS = [500, 1000, 2000, 5000];

/** A feed from the WebSocket at `url` (see live-messages.ts). */
export function liveFeed(url: string): Feed {
  let socket: WebSocket | null = null;
  let retry = 0;
  let retryTimer: ReturnType<typeof setTimeout> | null = null;
  let closed = false;
  let startMs = 0;
  let facts: RunFacts = {};
  let newestMs = 0;
  /** Run time less the page's clock, for the message that came soonest after it was made. */
  let offsetMs = Number.NEGATIVE_INFINITY;
  /** Messages of the snapshot until it is complete. */
  let snapshot: TimedMessage[] | null = null;

  const connect = (listener: FeedListener): void => {
    socket = new WebSocket(url);
    offsetMs = Number.NEGATIVE_INFINITY;
    snapshot = null;
    socket.onmessage = ({ data }) => receive(listener, JSON.parse(String(data)) as LiveFrame);
    socket.onclose = () => {
      if (closed) return;
      listener.status({ kind: "reconnecting" });
      retryTimer = setTimeout(() => connect(listener), RETRY_MS[Math.min(retry, RETRY_MS.length - 1)]);
      retry++;
    };
  };

  const receive = (listener: FeedListener, frame: LiveFrame): void => {
    if (frame.topic === "/live") {
      const messages = snapshot ?? [];
      snapshot = null;
      retry = 0;
      startMs = newestMs;
      listener.restart(newestMs, { grants: [], plans: [] }, true);
      pass(listener, messages);
      listener.status({ kind: "running" });
      return;
    }
    if (frame.topic === "/run") facts = frame.message;
    if (!isViewed(frame)) return;
    const message = { ...frame, tMs: Math.round(frame.message.t * 1000) } as TimedMessage;
    if (message.topic === "/site") {
      snapshot = [];
      newestMs = message.tMs;
      listener.site(message.message, facts);
      return;
    }
    newestMs = Math.max(newestMs, message.tMs);
    if (snapshot !== null) snapshot.push(message);
    else {
      if (message.topic === "/vehicles") offsetMs = Math.max(offsetMs, message.tMs - performance.now());
      pass(listener, [message]);
    }
  };

  return {
    kind: "live",
    span: () => ({ startMs, endMs: newestMs }),
    loadedToMs: () => newestMs,
    indexed: () => 1,
    start(listener) {
      listener.status({ kind: "opening" });
      connect(listener);
    },
    seek() {},
    follow() {},
    clockMs: (nowMs) =>
      offsetMs === Number.NEGATIVE_INFINITY ? newestMs : Math.min(newestMs, nowMs + offsetMs - BEHIND_MS),
    close() {
      closed = true;
      if (retryTimer !== null) clearTimeout(retryTimer);
      socket?.close();
    },
  };
}

function isViewed(frame: LiveFrame): frame is Extract<LiveFrame, { topic: ViewedTopic }> {
  return isViewedTopic(frame.topic);
}

function pass(listener: FeedListener, messages: readonly TimedMessage[]): void {
  const { motion, log } = splitByUse(messages);
  if (motion.length > 0) listener.motion(motion);
  if (log.length > 0) listener.log(log);
}

/** Messages of motion and ground apart from those of the log, each in their order. */
export function splitByUse(messages: readonly TimedMessage[]): { motion: TimedMessage[]; log: TimedMessage[] } {
  const motion: TimedMessage[] = [];
  const log: TimedMessage[] = [];
  for (const message of messages) {
    if (message.topic === "/vehicles" || message.topic === "/reservations" || message.topic === "/plans") {
      motion.push(message);
    } else if (message.topic !== "/site") log.push(message);
  }
  return { motion, log };
}
