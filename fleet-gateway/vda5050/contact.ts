import type { Connection } from "../../engine/index.ts";

export interface ContactOptions {
  /** A vehicle that sends no state for so long counts as out of reach. The standard asks for one every 30 s (6.10). */
  readonly staleAfterMs: number;
}

export interface ContactChange {
  /** What the engine is to be told, if that changed. */
  readonly connection: Connection | null;
  readonly report: {
    readonly code: "state-stale" | "state-resumed" | "reachable-unconfirmed" | "online-assumed";
    readonly reason: string;
  } | null;
  /** Ask the vehicle for a state: it was out of reach and speaks again. */
  readonly requestState: boolean;
}

const NO_CHANGE: ContactChange = { connection: null, report: null, requestState: false };
/** Ticks come ten times a second. Of the time since the last one no more than this counts as time of listening, ms. */
const LISTENS_MS = 500;
/** After so many states a vehicle is believed to be back even if it answers no stateRequest. */
const STATES_FOR_ONLINE = 3;

/**
 * Whether a vehicle can be reached. The connection topic is mirrored as it comes, whatever its header says, as a last
 * will carries the header of its making. But it is not all there is: a vehicle that falls silent is out of reach though
 * its topic says ONLINE, and one that speaks though its topic says CONNECTIONBROKEN is back once it has answered.
 */
export class Contact {
  #staleAfterMs: number;
  #topic: Connection | null = null;
  #told: Connection | null = null;
  #stale = false;
  #statesSinceLoss = 0;
  #lastSignMs: number | null = null;
  #lastTickMs = Number.POSITIVE_INFINITY;

  constructor(options: ContactOptions) {
    this.#staleAfterMs = options.staleAfterMs;
  }

  get staleAfterMs(): number {
    return this.#staleAfterMs;
  }

  /** The vehicle's factsheet says how often it sends its state: three of them may be lost. */
  setStateInterval(intervalS: number): void {
    this.#staleAfterMs = Math.max(2000, 3000 * intervalS);
  }

  /** Orders may be sent. */
  get online(): boolean {
    return this.#told === "ONLINE";
  }

  /** Requests may be sent: the vehicle says that it is there, or speaks. */
  get speaking(): boolean {
    return this.online || (this.#statesSinceLoss > 0 && this.#topic !== "OFFLINE");
  }

  connection(connection: Connection, nowMs: number): ContactChange {
    this.#topic = connection;
    this.#stale = false;
    this.#statesSinceLoss = 0;
    this.#lastSignMs = nowMs;
    return { ...NO_CHANGE, connection: this.#tell(connection), requestState: connection === "ONLINE" };
  }

  /** A fresh state came. `answersRequest`: it shows our stateRequest. */
  state(nowMs: number, answersRequest: boolean): ContactChange {
    this.#lastSignMs = nowMs;
    if (this.online) return NO_CHANGE;
    if (this.#stale && this.#topic === "ONLINE") {
      this.#stale = false;
      const report = { code: "state-resumed", reason: "states arrive again" } as const;
      return { connection: this.#tell("ONLINE"), report, requestState: false };
    }
    this.#statesSinceLoss++;
    if (answersRequest || this.#statesSinceLoss >= STATES_FOR_ONLINE) {
      this.#stale = false;
      const reason = `it sends states although its connection topic says ${this.#topic ?? "nothing"}`;
      return { connection: this.#tell("ONLINE"), report: { code: "online-assumed", reason }, requestState: false };
    }
    if (this.#statesSinceLoss > 1) return NO_CHANGE;
    const reason = `a state came while its connection topic says ${this.#topic ?? "nothing"}; asked for another one`;
    return { connection: null, report: { code: "reachable-unconfirmed", reason }, requestState: true };
  }

  tick(nowMs: number): ContactChange {
    // While this process stood still, or had no broker, nobody could be heard: that is no silence of the vehicle.
    const deafMs = nowMs - this.#lastTickMs - LISTENS_MS;
    this.#lastTickMs = nowMs;
    if (deafMs > 0 && this.#lastSignMs !== null) this.#lastSignMs = Math.min(nowMs, this.#lastSignMs + deafMs);
    const silentMs = this.#lastSignMs === null ? 0 : nowMs - this.#lastSignMs;
    if (!this.online || silentMs <= this.#staleAfterMs) return NO_CHANGE;
    this.#stale = true;
    this.#statesSinceLoss = 0;
    const reason = `no state for ${(silentMs / 1000).toFixed(1)} s`;
    return { connection: this.#tell("CONNECTIONBROKEN"), report: { code: "state-stale", reason }, requestState: false };
  }

  #tell(connection: Connection): Connection | null {
    if (connection === this.#told) return null;
    this.#told = connection;
    return connection;
  }
}
