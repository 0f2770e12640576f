import type { Distribution, Prng } from "../../planner/index.ts";
import type { ServiceProgress } from "../vehicle/index.ts";
import { drawServiceS } from "./draw-service.ts";

interface QueuedJob {
  readonly ticket: number;
  readonly vehicle: string;
  /** When the vehicle stands ready for it. */
  readonly readyMs: number;
  readonly service: Distribution;
}

/**
 * One crew, crane or scanner: serves one job at a time, in the order in which the vehicles stood ready (the lower
 * vehicle id first if at once). It has a random stream of its own, so its times do not depend on what others draw.
 */
export class Server {
  readonly #random: Prng;
  #queue: QueuedJob[] = [];
  #served: { readonly ticket: number; readonly endMs: number } | null = null;
  /** Nothing is begun before this. */
  #freeMs = 0;
  #out = false;
  readonly #done = new Set<number>();

  constructor(random: Prng) {
    this.#random = random;
  }

  /** Queues a job of a vehicle that came at `atMs`; it stands ready for it after its positioning, if any. */
  add(ticket: number, vehicle: string, atMs: number, positioning: Distribution | null, service: Distribution): void {
    const readyMs = atMs + (positioning === null ? 0 : drawMs(positioning, this.#random));
    const job = { ticket, vehicle, readyMs, service };
    const behind = this.#queue.findIndex(
      (other) => other.readyMs > readyMs || (other.readyMs === readyMs && other.vehicle > vehicle),
    );
    this.#queue.splice(behind < 0 ? this.#queue.length : behind, 0, job);
  }

  progress(ticket: number, nowMs: number): ServiceProgress {
    this.#advance(nowMs);
    if (this.#done.delete(ticket)) return "done";
    return this.#served?.ticket === ticket ? "serving" : "queued";
  }

  /** Takes a job out of the queue; false if it is served or done. */
  remove(ticket: number): boolean {
    const index = this.#queue.findIndex((job) => job.ticket === ticket);
    if (index < 0) return false;
    this.#queue.splice(index, 1);
    return true;
  }

  setOut(out: boolean, nowMs: number): void {
    this.#advance(nowMs);
    if (!out) this.#freeMs = Math.max(this.#freeMs, nowMs);
    this.#out = out;
  }

  /** Ends and begins all that is due by `nowMs`. */
  #advance(nowMs: number): void {
    for (;;) {
      if (this.#served !== null) {
        if (this.#served.endMs > nowMs) return;
        this.#done.add(this.#served.ticket);
        this.#freeMs = this.#served.endMs;
        this.#served = null;
      }
      const next = this.#queue[0];
      if (next === undefined || this.#out) return;
      const startMs = Math.max(this.#freeMs, next.readyMs);
      if (startMs > nowMs) return;
      this.#queue.shift();
      this.#served = { ticket: next.ticket, endMs: startMs + drawMs(next.service, this.#random) };
    }
  }
}

/** A drawn time in whole milliseconds. */
function drawMs(distribution: Distribution, random: Prng): number {
  return Math.round(drawServiceS(distribution, random) * 1000);
}
