/**
 * An MQTT broker and the links to it in virtual time, with what radio and networks do to messages. It follows MQTT 3.1.1
 * where it matters to fleets: kept messages, last wills, clean sessions, QoS 0 and 1, a keep-alive of ten seconds.
 */
import FlatQueue from "flatqueue";
import type { Prng } from "../../planner/index.ts";

/** What happens to messages on each hop between a client and the broker. */
export interface NetworkConditions {
  /** Least delay, and mean of the exponential part on top of it, ms. */
  readonly latencyMs: number;
  readonly jitterMs: number;
  /** Parts of the messages at QoS 0 that are lost, that come twice, and that are late by up to `reorderMs`; 0..1. */
  readonly lossShare: number;
  readonly duplicateShare: number;
  readonly reorderShare: number;
  readonly reorderMs: number;
}

export const IDEAL_NETWORK: NetworkConditions = {
  latencyMs: 0,
  jitterMs: 0,
  lossShare: 0,
  duplicateShare: 0,
  reorderShare: 0,
  reorderMs: 0,
};

/** A client of the broker: what it is told. */
export interface BrokerClient {
  /** Topic names or filters with `+` for one level. */
  readonly topics: readonly string[];
  readonly lastWill: { readonly topic: string; readonly payload: string } | null;
  /** The connection stands, the subscriptions too. */
  connected(): void;
  disconnected(): void;
  receive(topic: string, payload: Uint8Array, retain: boolean): void;
}

/** A client's end of its link. */
export interface ClientLink {
  readonly up: boolean;
  /** `done`: the broker has taken it. What is sent while the client knows of no connection is lost at QoS 0. */
  publish(topic: string, payload: string, qos: 0 | 1, retain: boolean, done?: () => void): void;
  /** Parts the client from the broker, or lets them reach each other again. */
  setReachable(reachable: boolean): void;
}

/** A client notices after so long that the broker does not answer; the broker after half as much again (3.1.2.10). */
const KEEP_ALIVE_MS = 10_000;
const BROKER_PATIENCE_MS = 15_000;
const RECONNECT_MS = 1_000;

interface Message {
  readonly topic: string;
  readonly payload: string;
  readonly qos: 0 | 1;
  readonly retain: boolean;
  readonly done: (() => void) | undefined;
}

const encoder = new TextEncoder();

/** The broker. Time moves with `advance`; what is due at one moment happens in the order in which it was sent. */
export class VirtualBroker {
  readonly #random: Prng;
  readonly #conditions: NetworkConditions;
  readonly #links: Link[] = [];
  readonly #kept = new Map<string, string>();
  readonly #due = new FlatQueue<() => void>();
  #sequence = 0;
  nowMs = 0;

  constructor(random: Prng, conditions: NetworkConditions = IDEAL_NETWORK) {
    this.#random = random;
    this.#conditions = conditions;
  }

  /** Adds a client; it is connected at the next moment. */
  attach(client: BrokerClient): ClientLink {
    const link = new Link(this, client);
    this.#links.push(link);
    this.at(this.nowMs, () => link.connect());
    return link;
  }

  /** Lets everything happen up to `nowMs`. */
  advance(nowMs: number): void {
    while (this.#due.length > 0 && timeOf(this.#due.peekValue()!) <= nowMs) {
      this.nowMs = Math.max(this.nowMs, timeOf(this.#due.peekValue()!));
      this.#due.pop()!();
    }
    this.nowMs = nowMs;
  }

  /** @internal */
  at(ms: number, what: () => void): void {
    this.#sequence = (this.#sequence + 1) % SEQUENCE_MAX;
    this.#due.push(what, Math.max(ms, this.nowMs) * SEQUENCE_MAX + this.#sequence);
  }

  /** @internal Carries one message over one hop; it arrives once, twice or never. */
  carry(hop: Hop, qos: 0 | 1, deliver: () => void): void {
    const { latencyMs, jitterMs, lossShare, duplicateShare, reorderShare, reorderMs } = this.#conditions;
    const random = this.#random;
    const arrives = this.nowMs + Math.round(latencyMs - jitterMs * Math.log(1 - random.nextFloat()));
    const lost = random.nextFloat() < lossShare;
    const twice = random.nextFloat() < duplicateShare;
    const late = random.nextFloat() < reorderShare ? Math.round(random.nextFloat() * reorderMs) : 0;
    if (qos === 0 && lost) return;
    // One connection keeps the order of its messages; only what the conditions make late comes behind later ones.
    hop.freeMs = Math.max(hop.freeMs, arrives);
    this.at(hop.freeMs + (qos === 0 ? late : 0), deliver);
    if (qos === 0 && twice) this.at(hop.freeMs + late + 1, deliver);
  }

  /** @internal */
  route(message: Pick<Message, "topic" | "payload" | "qos" | "retain">): void {
    if (message.retain) {
      if (message.payload === "") this.#kept.delete(message.topic);
      else this.#kept.set(message.topic, message.payload);
    }
    for (const link of this.#links) {
      if (link.session && link.client.topics.some((filter) => matches(filter, message.topic))) {
        link.hand(message.topic, message.payload, message.qos, false);
      }
    }
  }

  /** @internal */
  handKept(link: Link): void {
    for (const [topic, payload] of this.#kept) {
      if (link.client.topics.some((filter) => matches(filter, topic))) link.hand(topic, payload, 1, true);
    }
  }
}

/** Keys of the queue: time first, then the order of sending. */
const SEQUENCE_MAX = 2 ** 21;
const timeOf = (key: number): number => Math.floor(key / SEQUENCE_MAX);

interface Hop {
  /** The last message on it arrives then. */
  freeMs: number;
}

class Link implements ClientLink {
  readonly client: BrokerClient;
  /** The broker has a session of this client. */
  session = false;
  up = true;
  readonly #broker: VirtualBroker;
  readonly #toBroker: Hop = { freeMs: 0 };
  readonly #toClient: Hop = { freeMs: 0 };
  /** The client believes to be connected. */
  #connected = false;
  /** Counts partings: what was in flight over a broken connection is void. */
  #connection = 0;
  #parting = 0;
  /** What TCP repeats when the parted reach each other again in time. */
  #held: (() => void)[] = [];
  /** At QoS 1, and not taken by the broker yet. */
  #unconfirmed: Message[] = [];

  constructor(broker: VirtualBroker, client: BrokerClient) {
    this.#broker = broker;
    this.client = client;
  }

  publish(topic: string, payload: string, qos: 0 | 1, retain: boolean, done?: () => void): void {
    const message: Message = { topic, payload, qos, retain, done };
    if (qos === 1) this.#unconfirmed.push(message);
    if (this.#connected) this.#send(message);
  }

  setReachable(reachable: boolean): void {
    if (this.up === reachable) return;
    this.up = reachable;
    const parting = ++this.#parting;
    if (!reachable) {
      const later = (ms: number, what: () => void) =>
        this.#broker.at(this.#broker.nowMs + ms, () => {
          if (this.#parting === parting) what();
        });
      later(KEEP_ALIVE_MS, () => this.#break());
      later(BROKER_PATIENCE_MS, () => this.#endSession());
      return;
    }
    for (const deliver of this.#held.splice(0)) deliver();
    if (!this.#connected) {
      this.#broker.at(this.#broker.nowMs + RECONNECT_MS, () => {
        if (this.#parting === parting) this.connect();
      });
    }
  }

  /** The client reaches the broker, which ends a session that it still has of it, with its last will. */
  connect(): void {
    this.#endSession();
    this.session = true;
    this.#connected = true;
    const connection = ++this.#connection;
    this.#broker.carry(this.#toClient, 1, () => {
      if (this.#connection !== connection) return;
      this.client.connected();
      for (const message of this.#unconfirmed.slice()) this.#send(message);
    });
    this.#broker.handKept(this);
  }

  hand(topic: string, payload: string, qos: 0 | 1, retain: boolean): void {
    const bytes = encoder.encode(payload);
    this.#pass(this.#toClient, qos, () => this.client.receive(topic, bytes, retain));
  }

  #send(message: Message): void {
    this.#pass(this.#toBroker, message.qos, () => {
      if (message.qos === 1) {
        const place = this.#unconfirmed.indexOf(message);
        // Sent again over a new connection, and taken already.
        if (place < 0) return;
        this.#unconfirmed.splice(place, 1);
      }
      this.#broker.route(message);
      message.done?.();
    });
  }

  #pass(hop: Hop, qos: 0 | 1, deliver: () => void): void {
    const connection = this.#connection;
    const arrive = (): void => {
      if (this.#connection !== connection || !this.#connected) return;
      if (this.up) deliver();
      else this.#held.push(arrive);
    };
    this.#broker.carry(hop, qos, arrive);
  }

  #break(): void {
    if (!this.#connected) return;
    this.#connected = false;
    this.#connection++;
    this.#held = [];
    this.client.disconnected();
  }

  #endSession(): void {
    if (!this.session) return;
    this.session = false;
    const will = this.client.lastWill;
    if (will !== null) this.#broker.route({ ...will, qos: 1, retain: true });
  }
}

/** MQTT 3.1.1, 4.7: `+` stands for one level. */
function matches(filter: string, topic: string): boolean {
  if (filter === topic) return true;
  if (!filter.includes("+")) return false;
  const [wanted, given] = [filter.split("/"), topic.split("/")];
  return wanted.length === given.length && wanted.every((level, i) => level === "+" || level === given[i]);
}
