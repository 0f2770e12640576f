import type { OrderEventMessage } from "../../engine/index.ts";
import { Durations } from "./percentile.ts";

interface OpenOrder {
  readonly releaseMs: number;
  pickedUp: boolean;
}

/** Follows the transport orders of a run by their events: how many are where, and how long they took. */
export class OrderTimes {
  accepted = 0;
  delivered = 0;
  cancelled = 0;
  /** Accepted, and no vehicle has picked up the container yet. */
  waitingForPickUp = 0;
  /** Seconds: release to delivery, release to pick-up. */
  readonly leadS = new Durations();
  readonly pickUpS = new Durations();
  readonly #open = new Map<string, OpenOrder>();
  readonly #releaseMs = new Map<string, number>();

  /** An order is handed to the control system. */
  released(order: string, releaseMs: number): void {
    this.#releaseMs.set(order, releaseMs);
  }

  take(message: OrderEventMessage, nowMs: number): void {
    const open = this.#open.get(message.order);
    switch (message.event) {
      case "accepted": {
        const releaseMs = this.#releaseMs.get(message.order) ?? nowMs;
        this.#releaseMs.delete(message.order);
        this.#open.set(message.order, { releaseMs, pickedUp: false });
        this.accepted++;
        this.waitingForPickUp++;
        return;
      }
      case "pickedUp":
        if (open !== undefined && !open.pickedUp) {
          open.pickedUp = true;
          this.waitingForPickUp--;
          this.pickUpS.add((nowMs - open.releaseMs) / 1000);
        }
        return;
      case "delivered":
        this.delivered++;
        if (open !== undefined) {
          this.leadS.add((nowMs - open.releaseMs) / 1000);
          this.#open.delete(message.order);
        }
        return;
      case "cancelled":
        this.cancelled++;
        if (open !== undefined && !open.pickedUp) this.waitingForPickUp--;
        this.#open.delete(message.order);
        return;
      case "assigned":
      case "atStation":
      case "waiting":
        return;
    }
  }

  /** Accepted, neither delivered nor cancelled. */
  get open(): number {
    return this.accepted - this.delivered - this.cancelled;
  }

  /** Seconds since the release of the order that has waited longest for its pick-up; 0 where none waits. */
  longestWaitS(nowMs: number): number {
    let longest = 0;
    for (const { releaseMs, pickedUp } of this.#open.values()) {
      if (!pickedUp) longest = Math.max(longest, (nowMs - releaseMs) / 1000);
    }
    return longest;
  }
}
