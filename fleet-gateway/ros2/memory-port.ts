/**
 * A ROS graph in memory, for tests and for trying things without ROS 2. It matches publishers and subscriptions by the
 * middleware's own rules (type, reliability, durability), keeps the last messages of latched topics for who comes later,
 * bounds queues by depth, and can delay and lose messages. It knows no clock: its owner lets time pass.
 */
import { anyCodec } from "./cdr.ts";
import {
  CDR_HEADER_BYTES,
  isCompatible,
  type Publish,
  type Qos,
  type Receive,
  type RosPort,
  type RosPortReport,
  type Serve,
} from "./port.ts";

export interface MemoryGraphOptions {
  /** Time that each message takes, ms; default none: it is there when `publish` returns. */
  readonly delayMs?: () => number;
  /**
   * Whether a message is lost on the way; default never. Between reliable ends a lost message is sent again and comes
   * late by `retryMs`; else it is gone.
   */
  readonly loses?: () => boolean;
  readonly retryMs?: number;
}

interface Publisher {
  readonly node: string;
  readonly type: string;
  readonly qos: Qos;
  /** The last `depth` messages, of latched topics only. */
  readonly kept: Uint8Array[];
}

interface Subscription {
  readonly node: string;
  readonly type: string;
  readonly qos: Qos;
  readonly receive: Receive;
  /** Messages on their way. */
  inFlight: Delivery[];
  closed: boolean;
}

interface Delivery {
  readonly dueMs: number;
  readonly order: number;
  readonly subscription: Subscription;
  readonly bytes: Uint8Array;
}

interface Topic {
  readonly publishers: Publisher[];
  readonly subscriptions: Subscription[];
}

const RETRY_MS = 20;

export class MemoryGraph {
  readonly #options: MemoryGraphOptions;
  readonly #topics = new Map<string, Topic>();
  readonly #services = new Map<string, { readonly node: string; readonly type: string; readonly serve: Serve }>();
  #deliveries: Delivery[] = [];
  #nowMs = 0;
  #sent = 0;

  constructor(options: MemoryGraphOptions = {}) {
    this.#options = options;
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  /** Lets time pass: what is due by then arrives, in the order of its times. */
  advance(nowMs: number): void {
    for (;;) {
      const next = this.#deliveries.reduce<Delivery | null>((best, each) => (isBefore(each, best) ? each : best), null);
      if (next === null || next.dueMs > nowMs) break;
      this.#deliveries = this.#deliveries.filter((each) => each !== next);
      this.#nowMs = Math.max(this.#nowMs, next.dueMs);
      this.#deliver(next);
    }
    this.#nowMs = Math.max(this.#nowMs, nowMs);
  }

  /** Names of topics with the number of publishers and subscriptions. */
  topics(): ReadonlyMap<
    string,
    { readonly type: string; readonly publishers: number; readonly subscriptions: number }
  > {
    return new Map(
      [...this.#topics]
        .filter(([, { publishers, subscriptions }]) => publishers.length + subscriptions.length > 0)
        .map(([name, { publishers, subscriptions }]) => [
          name,
          {
            type: (publishers[0] ?? subscriptions[0])!.type,
            publishers: publishers.length,
            subscriptions: subscriptions.length,
          },
        ]),
    );
  }

  /** What the publishers of a topic offer. */
  offers(topic: string): readonly Qos[] {
    return this.#topics.get(topic)?.publishers.map(({ qos }) => qos) ?? [];
  }

  hasService(name: string): boolean {
    return this.#services.has(name);
  }

  /** A node in this graph. @param onReport told what does not match or is refused */
  connect(node: string, onReport: (report: RosPortReport) => void = () => {}): RosPort {
    const own: { publishers: Publisher[]; subscriptions: Subscription[] } = { publishers: [], subscriptions: [] };
    const mismatch = (topic: string, publisher: Publisher, subscription: Subscription): void => {
      if (publisher.type !== subscription.type) {
        const reason = `${publisher.node} sends ${publisher.type}, ${subscription.node} expects ${subscription.type}`;
        onReport({ code: "type-mismatch", name: topic, reason });
      } else if (!isCompatible(publisher.qos, subscription.qos)) {
        const reason = `${publisher.node} offers ${words(publisher.qos)}, ${subscription.node} asks for ${words(subscription.qos)}`;
        onReport({ code: "qos-incompatible", name: topic, reason });
      }
    };
    let closed = false;
    return {
      advertise: (name, type, qos): Publish => {
        anyCodec(type);
        const topic = this.#topic(name);
        const publisher: Publisher = { node, type, qos, kept: [] };
        topic.publishers.push(publisher);
        own.publishers.push(publisher);
        for (const subscription of topic.subscriptions) mismatch(name, publisher, subscription);
        return (bytes) => {
          if (closed) return;
          if (bytes.byteLength < CDR_HEADER_BYTES) {
            onReport({ code: "publish-refused", name, reason: `${bytes.byteLength} bytes are no message` });
            return;
          }
          this.#publish(topic, publisher, bytes.slice());
        };
      },
      subscribe: (name, type, qos, receive): void => {
        anyCodec(type);
        const topic = this.#topic(name);
        const subscription: Subscription = { node, type, qos, receive, inFlight: [], closed: false };
        topic.subscriptions.push(subscription);
        own.subscriptions.push(subscription);
        for (const publisher of topic.publishers) {
          mismatch(name, publisher, subscription);
          if (!matches(publisher, subscription) || subscription.qos.durability !== "transient-local") continue;
          for (const bytes of publisher.kept) this.#send(publisher, subscription, bytes);
        }
      },
      serve: (name, type, serve): void => {
        anyCodec(`${type}_Request`);
        this.#services.set(name, { node, type, serve });
      },
      call: async (name, type, request, timeoutMs) => {
        const service = this.#services.get(name);
        if (service === undefined) throw new Error(`no service ${name} answered within ${timeoutMs} ms`);
        if (service.type !== type) throw new Error(`service ${name} is a ${service.type}, not a ${type}`);
        return service.serve(request.slice());
      },
      close: async () => {
        closed = true;
        for (const topic of this.#topics.values()) {
          remove(topic.publishers, own.publishers);
          remove(topic.subscriptions, own.subscriptions);
        }
        for (const subscription of own.subscriptions) subscription.closed = true;
        for (const [name, service] of this.#services) if (service.node === node) this.#services.delete(name);
      },
    };
  }

  #topic(name: string): Topic {
    const known = this.#topics.get(name);
    if (known !== undefined) return known;
    const made: Topic = { publishers: [], subscriptions: [] };
    this.#topics.set(name, made);
    return made;
  }

  #publish(topic: Topic, publisher: Publisher, bytes: Uint8Array): void {
    if (publisher.qos.durability === "transient-local") {
      publisher.kept.push(bytes);
      if (publisher.kept.length > publisher.qos.depth) publisher.kept.shift();
    }
    for (const subscription of [...topic.subscriptions]) {
      if (matches(publisher, subscription)) this.#send(publisher, subscription, bytes);
    }
  }

  #send(publisher: Publisher, subscription: Subscription, bytes: Uint8Array): void {
    const { delayMs, loses, retryMs = RETRY_MS } = this.#options;
    const reliable = publisher.qos.reliability === "reliable" && subscription.qos.reliability === "reliable";
    let dueMs = this.#nowMs + (delayMs?.() ?? 0);
    while (loses?.() === true) {
      if (!reliable) return;
      dueMs += retryMs;
    }
    if (reliable) dueMs = Math.max(dueMs, subscription.inFlight.at(-1)?.dueMs ?? 0); // reliable means in order, too
    const delivery: Delivery = { dueMs, order: this.#sent++, subscription, bytes };
    if (dueMs <= this.#nowMs) {
      this.#deliver(delivery);
      return;
    }
    subscription.inFlight.push(delivery);
    this.#deliveries.push(delivery);
    if (subscription.inFlight.length <= subscription.qos.depth) return;
    const pushedOut = subscription.inFlight.shift();
    this.#deliveries = this.#deliveries.filter((each) => each !== pushedOut);
  }

  #deliver(delivery: Delivery): void {
    const { subscription, bytes } = delivery;
    subscription.inFlight = subscription.inFlight.filter((each) => each !== delivery);
    if (!subscription.closed) subscription.receive(bytes.slice(), this.#nowMs);
  }
}

function isBefore(a: Delivery, b: Delivery | null): boolean {
  return b === null || a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.order < b.order);
}

function matches(publisher: Publisher, subscription: Subscription): boolean {
  return publisher.type === subscription.type && isCompatible(publisher.qos, subscription.qos);
}

function remove<Item>(from: Item[], items: readonly Item[]): void {
  for (const item of items) {
    const at = from.indexOf(item);
    if (at >= 0) from.splice(at, 1);
  }
}

function words({ reliability, durability }: Qos): string {
  return `${reliability}, ${durability}`;
}
