/**
 * The live connection: a WebSocket of text frames, server to viewer only, each one JSON object `{topic, message}` with the
 * recording's topics and messages (times in `t` are seconds of run time).
 *
 * On connecting the server sends a snapshot: `/run` (facts of the run as text: scenario, targetPerDay, startsAt); `/site`; the `/kpi` messages and `/orders` events of the last 24 hours and of
 * every open order; the last 200 `/events`; each held reservation as `granted`; each plan in force; all vehicles in one
 * `/vehicles`; then `/live` with `snapshot: "complete"`. After it come updates in order of time; `/vehicles` at 2 Hz or
 * more even when nothing moves, as it is the viewer's clock.
 */
import type { RecordedMessage } from "../model/messages.ts";
import type { RunFacts } from "./feed.ts";

export interface LiveMark {
  readonly topic: "/live";
  readonly message: { readonly snapshot: "complete" };
}

export interface LiveFacts {
  readonly topic: "/run";
  readonly message: RunFacts;
}

export type LiveFrame = RecordedMessage | LiveFacts | LiveMark;

/** `viewer.json` beside the page tells it what it shows; paths are relative to the page. */
export type ViewerConfig =
  | { readonly mode: "replay"; readonly name: string; readonly recording: string }
  | { readonly mode: "live"; readonly name: string; readonly socket: string };
