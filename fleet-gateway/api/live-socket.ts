import type { LiveFeed } from "./live-feed.ts";

/** The part of a WebSocket that is used here. */
export interface FrameSocket {
  /** Bytes that were sent and have not left yet. */
  readonly bufferedAmount: number;
  send(text: string): void;
  on(event: "close" | "error", listener: () => void): void;
}

/** A viewer with more than this waiting is left out until it has caught up, bytes. */
const LAG_BYTES = 1_000_000;
const CAUGHT_UP_BYTES = 50_000;

/**
 * Sends the live feed to one viewer: a snapshot, then every frame. A viewer that is too slow is sent nothing more until
 * its buffer is nearly empty, and then begins with a snapshot again: memory stays bounded and what it shows is true.
 */
export function serveLive(socket: FrameSocket, feed: LiveFeed): void {
  let lagging = false;
  const sendSnapshot = (): void => {
    for (const frame of feed.snapshot()) socket.send(frame);
  };
  sendSnapshot();
  const stop = feed.listen((frame) => {
    if (!lagging && socket.bufferedAmount <= LAG_BYTES) {
      socket.send(frame);
      return;
    }
    lagging = socket.bufferedAmount > CAUGHT_UP_BYTES;
    if (!lagging) sendSnapshot();
  });
  socket.on("close", stop);
  socket.on("error", stop);
}
