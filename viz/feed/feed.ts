/** Where the viewer's data comes from: a live connection or a recording, through one interface. */
import type { GroundSnapshot } from "../model/ground.ts";
import type { SiteMessage, TimedMessage } from "../model/messages.ts";

export type FeedStatus =
  | { readonly kind: "opening" }
  | { readonly kind: "running" }
  /** Live: the connection broke and is tried again. */
  | { readonly kind: "reconnecting" }
  /** Nothing more will come; `detail` is the technical reason. */
  | { readonly kind: "failed"; readonly detail: string };

/** Facts of the run as text by name; known names: scenario, seed, targetPerDay (containers), startsAt (ISO 8601, run time 0). */
export type RunFacts = Readonly<Record<string, string>>;

/** What a feed tells. Messages of a kind come in order of time. */
export interface FeedListener {
  /** First of all, and again when the feed starts over (a live connection that came back). */
  site(message: SiteMessage, facts: RunFacts): void;
  /** Motion and ground start over at `atMs`; `groundKnown` false: grants from before are not known yet. */
  restart(atMs: number, ground: GroundSnapshot, groundKnown: boolean): void;
  /** `/vehicles`, `/reservations` and `/plans` around and after the last restart. */
  motion(messages: readonly TimedMessage[]): void;
  /** `/orders`, `/events` and `/kpi`: live as they happen, in replay the whole run's, bit by bit. */
  log(messages: readonly TimedMessage[]): void;
  status(status: FeedStatus): void;
}

export interface Feed {
  readonly kind: "live" | "replay";
  /** Times that can be shown, milliseconds of run time. */
  span(): { readonly startMs: number; readonly endMs: number };
  /** Motion is known up to here. */
  loadedToMs(): number;
  /** Share of the recording that the log covers, 0..1; 1 when live. */
  indexed(): number;
  start(listener: FeedListener): void;
  /** Goes to a time: a restart follows. Live feeds have no other time than now and ignore it. */
  seek(tMs: number): void;
  /** Says each frame where the playhead is and how fast it moves, so that data is there when it arrives. */
  follow(tMs: number, speed: number): void;
  /** Where the playhead belongs at `nowMs` of the page's clock when the feed sets the time (live); null in replay. */
  clockMs(nowMs: number): number | null;
  close(): void;
}
