/** Header ids (VDA 5050 2.1, 6.4): one count a topic and sender, 32 bit, then from 0 again. */

const HEADER_IDS = 2 ** 32;

/** Counts the messages that we send on one topic to one vehicle. */
export class HeaderCounter {
  #next: number;

  constructor(first = 0) {
    this.#next = first;
  }

  next(): number {
    const id = this.#next;
    this.#next = (id + 1) % HEADER_IDS;
    return id;
  }
}

export type Freshness =
  | { readonly kind: "fresh" /** Messages that were sent in between and did not arrive. */; readonly lost: number }
  /** The sender counts from the start again: it was restarted. */
  | { readonly kind: "restarted" }
  | { readonly kind: "stale" };

/**
 * Judges whether messages of one topic and sender come in their order. A header id at or behind the last one is a
 * message from before, unless its timestamp is later: then the sender has begun a new count. Clocks of vehicles are
 * compared with nothing but themselves.
 */
export class FreshnessFilter {
  #headerId: number | null = null;
  #timestampMs = Number.NEGATIVE_INFINITY;

  judge(headerId: number, timestamp: string): Freshness {
    const timestampMs = Date.parse(timestamp);
    const last = this.#headerId;
    const ahead = last === null ? 1 : (((headerId - last) % HEADER_IDS) + HEADER_IDS) % HEADER_IDS;
    const isAhead = ahead > 0 && ahead < HEADER_IDS / 2;
    if (!isAhead && timestampMs <= this.#timestampMs) return { kind: "stale" };
    this.#headerId = headerId;
    this.#timestampMs = Number.isNaN(timestampMs) ? this.#timestampMs : timestampMs;
    return isAhead ? { kind: "fresh", lost: ahead - 1 } : { kind: "restarted" };
  }
}
