/** The playhead: where in the run the page is, and how it moves on. */
import type { Feed } from "../feed/feed.ts";

/** A page that was not drawn for a while goes on from where it was. */
const LONGEST_FRAME_MS = 250;

export class Playback {
  readonly #feed: Feed;
  #tMs = 0;
  playing = true;
  speed = 1;

  constructor(feed: Feed) {
    this.#feed = feed;
  }

  get tMs(): number {
    return this.#tMs;
  }

  /** Says where the feed has restarted. */
  restarted(tMs: number): void {
    this.#tMs = tMs;
  }

  seek(tMs: number): void {
    if (this.#feed.kind === "live") return;
    const { startMs, endMs } = this.#feed.span();
    this.#feed.seek(Math.min(endMs, Math.max(startMs, tMs)));
  }

  toggle(): void {
    if (!this.playing && this.#tMs >= this.#feed.span().endMs) this.seek(this.#feed.span().startMs);
    this.playing = !this.playing;
  }

  /** Moves on by a frame; never beyond what is loaded. */
  frame(nowMs: number, frameMs: number): void {
    const liveMs = this.#feed.clockMs(nowMs);
    if (liveMs !== null) {
      this.#tMs = Math.max(this.#tMs, liveMs);
      return;
    }
    if (this.playing) {
      const nextMs = this.#tMs + Math.min(LONGEST_FRAME_MS, frameMs) * this.speed;
      this.#tMs = Math.max(this.#tMs, Math.min(nextMs, this.#feed.loadedToMs()));
      if (this.#tMs >= this.#feed.span().endMs) this.playing = false;
    }
    this.#feed.follow(this.#tMs, this.playing ? this.speed : 0);
  }
}
