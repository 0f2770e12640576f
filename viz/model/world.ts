/** The run as seen at the playhead: vehicles, ground, plans, and the ledger behind them. */
import { Ground, type GroundSnapshot } from "./ground.ts";
import { Ledger } from "./ledger.ts";
import type { SiteMessage, TimedMessage } from "./messages.ts";
import { PoseTrack, type VehicleNow } from "./pose-track.ts";
import { makeSiteView, type SiteView } from "./site-view.ts";

const KEEP_BEHIND_MS = 5_000;

export class World {
  readonly siteMessage: SiteMessage;
  readonly site: SiteView;
  readonly ground = new Ground();
  readonly ledger = new Ledger();
  readonly #tracks = new Map<string, PoseTrack>();
  /** Ground messages of times that the playhead has yet to reach. */
  #ahead: TimedMessage[] = [];
  #aheadFrom = 0;
  #nowMs = 0;

  constructor(siteMessage: SiteMessage) {
    this.siteMessage = siteMessage;
    this.site = makeSiteView(siteMessage);
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  /** Starts over at a keyframe: what was known of motion and ground is forgotten, the ledger stays. */
  restart(atMs: number, ground: GroundSnapshot): void {
    this.#tracks.clear();
    this.#ahead = [];
    this.#aheadFrom = 0;
    this.ground.restore(ground);
    this.#nowMs = atMs;
  }

  /** Takes messages of motion and ground, in order of time. */
  add(messages: readonly TimedMessage[]): void {
    for (const message of messages) {
      if (message.topic === "/vehicles") {
        for (const sample of message.message.vehicles) {
          let track = this.#tracks.get(sample.id);
          if (track === undefined) {
            track = new PoseTrack();
            this.#tracks.set(sample.id, track);
          }
          track.add({ ...sample, tMs: message.tMs });
        }
      } else if (message.tMs <= this.#nowMs) this.ground.apply(message);
      else this.#ahead.push(message);
    }
  }

  /** Moves the playhead forward; backwards only `restart` leads. */
  advance(toMs: number): void {
    while (this.#aheadFrom < this.#ahead.length && this.#ahead[this.#aheadFrom]!.tMs <= toMs) {
      this.ground.apply(this.#ahead[this.#aheadFrom]!);
      this.#aheadFrom++;
    }
    if (this.#aheadFrom > 1000) {
      this.#ahead.splice(0, this.#aheadFrom);
      this.#aheadFrom = 0;
    }
    this.#nowMs = Math.max(this.#nowMs, toMs);
    for (const track of this.#tracks.values()) track.prune(toMs - KEEP_BEHIND_MS);
  }

  /** Every vehicle at the playhead, sorted by id. */
  vehicles(): VehicleNow[] {
    const now: VehicleNow[] = [];
    for (const track of this.#tracks.values()) {
      const vehicle = track.at(this.site, this.#nowMs);
      if (vehicle !== null) now.push(vehicle);
    }
    return now.sort((a, b) => (a.sample.id < b.sample.id ? -1 : a.sample.id > b.sample.id ? 1 : 0));
  }
}
