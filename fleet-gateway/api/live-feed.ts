import type { RecordedEvent, RecordedMessage, SiteMessage, VehicleSample } from "../recording/messages.ts";

/** A message on the live connection: the recording's topics and messages, facts of the run, and the end of a snapshot. */
export type LiveFrame =
  | RecordedMessage
  | { readonly topic: "/run"; readonly message: Readonly<Record<string, string>> }
  | { readonly topic: "/live"; readonly message: { readonly snapshot: "complete" } };

type Of<Topic extends RecordedMessage["topic"]> = Extract<RecordedMessage, { topic: Topic }>["message"];

const EVENTS_MAX = 200;
const DAY_S = 24 * 3600;
/** Order events that are kept for snapshots, and key figures (one a minute). */
const ORDER_EVENTS_MAX = 50_000;
const KPIS_MAX = 24 * 60;

/**
 * Keeps what a viewer that comes late must know, and passes on what happens. Frames are texts of JSON, made once for all
 * who listen. The snapshot is: `/run`, `/site`, the key figures and order events of the last 24 hours and of every open
 * order, the last events, the ground held, the plans in force, all vehicles, then `/live`.
 */
export class LiveFeed {
  readonly #facts: () => Readonly<Record<string, string>>;
  readonly #site: SiteMessage;
  readonly #listeners = new Set<(frame: string, topic: LiveFrame["topic"]) => void>();
  readonly #vehicles = new Map<string, VehicleSample>();
  readonly #held = new Map<string, Of<"/reservations">>();
  readonly #plans = new Map<string, Of<"/plans">>();
  readonly #openOrders = new Map<string, Of<"/orders">[]>();
  #closedOrders: Of<"/orders">[] = [];
  #kpis: Of<"/kpi">[] = [];
  #events: RecordedEvent[] = [];
  #nowS = 0;

  /** @param facts scenario, targetPerDay, startsAt and the like, as text */
  constructor(site: SiteMessage, facts: () => Readonly<Record<string, string>>) {
    this.#site = site;
    this.#facts = facts;
  }

  get site(): SiteMessage {
    return this.#site;
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  /** @returns call it to hear no more */
  listen(listener: (frame: string, topic: LiveFrame["topic"]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  publish(message: RecordedMessage): void {
    this.#keep(message);
    if (this.#listeners.size === 0) return;
    const frame = JSON.stringify(message);
    for (const listener of this.#listeners) listener(frame, message.topic);
  }

  /** The frames that bring a viewer up to now, as texts. */
  snapshot(): string[] {
    this.#forgetOld();
    const t = this.#nowS;
    const orders = [...this.#closedOrders, ...[...this.#openOrders.values()].flat()].sort((a, b) => a.t - b.t);
    const frames: LiveFrame[] = [
      { topic: "/run", message: this.#facts() },
      { topic: "/site", message: { ...this.#site, t } },
      ...this.#kpis.map((message): LiveFrame => ({ topic: "/kpi", message })),
      ...orders.map((message): LiveFrame => ({ topic: "/orders", message })),
      ...this.#events.map((message): LiveFrame => ({ topic: "/events", message })),
      ...[...this.#held.values()].map((message): LiveFrame => ({ topic: "/reservations", message: { ...message, t } })),
      ...[...this.#plans.values()].map((message): LiveFrame => ({ topic: "/plans", message: { ...message, t } })),
      { topic: "/vehicles", message: { t, vehicles: [...this.#vehicles.values()] } },
      { topic: "/live", message: { snapshot: "complete" } },
    ];
    return frames.map((frame) => JSON.stringify(frame));
  }

  #keep(recorded: RecordedMessage): void {
    this.#nowS = Math.max(this.#nowS, recorded.message.t);
    switch (recorded.topic) {
      case "/vehicles":
        for (const sample of recorded.message.vehicles) this.#vehicles.set(sample.id, sample);
        return;
      case "/reservations": {
        const { message } = recorded;
        const key = `${message.vehicle} ${message.kind} ${message.resource}`;
        if (message.event === "granted") this.#held.set(key, message);
        else this.#held.delete(key);
        return;
      }
      case "/plans":
        this.#plans.set(recorded.message.vehicle, recorded.message);
        return;
      case "/orders":
        this.#keepOrder(recorded.message);
        return;
      case "/events":
        this.#events.push(recorded.message);
        if (this.#events.length > EVENTS_MAX) this.#events.shift();
        return;
      case "/kpi":
        this.#kpis.push(recorded.message);
        if (this.#kpis.length > KPIS_MAX) this.#kpis.shift();
        return;
      case "/site":
      case "/vda5050":
        return;
    }
  }

  #keepOrder(message: Of<"/orders">): void {
    const history = this.#openOrders.get(message.order) ?? [];
    history.push(message);
    if (message.event === "delivered" || message.event === "cancelled") {
      this.#openOrders.delete(message.order);
      this.#closedOrders.push(...history);
      if (this.#closedOrders.length > 2 * ORDER_EVENTS_MAX) this.#forgetOld();
    } else this.#openOrders.set(message.order, history);
  }

  #forgetOld(): void {
    const sinceS = this.#nowS - DAY_S;
    this.#closedOrders = this.#closedOrders.filter((message) => message.t >= sinceS).slice(-ORDER_EVENTS_MAX);
  }
}
