/**
 * The second way into a graph: rosbridge_server, JSON over a WebSocket (rosbridge protocol 2.0). Nothing of ROS 2 is needed
 * on this machine. rosbridge chooses the quality of service of its subscriptions by what publishers offer; of ours
 * only "latched" and the depth can be told.
 */
import { type RawData, WebSocket } from "ws";
import { anyCodec } from "./cdr.ts";
import {
  CDR_HEADER_BYTES,
  type Publish,
  type Qos,
  type Receive,
  type RosPort,
  type RosPortReport,
  type Serve,
} from "./port.ts";
import { type JsonCodec, jsonCodec } from "./rosbridge-json.ts";

export interface RosbridgeOptions {
  /** ws://host:9090 */
  readonly url: string;
  readonly onReport: (report: RosPortReport) => void;
  /** Pause before a lost connection is tried again, ms. */
  readonly retryMs?: number;
  readonly connectMs?: number;
}

interface Operation {
  readonly op: string;
  readonly id?: string;
  readonly topic?: string;
  readonly service?: string;
  readonly msg?: unknown;
  readonly args?: unknown;
  readonly values?: unknown;
  readonly result?: boolean;
  readonly level?: string;
}

const RETRY_MS = 1000;
const CONNECT_MS = 5000;
const PAYLOAD_BYTES_MAX = 16 * 1024 * 1024;

/** Settles when the server has taken the connection. @throws Error if it does not within `connectMs` */
export async function openRosbridgePort(options: RosbridgeOptions): Promise<RosPort> {
  const port = new RosbridgePort(options);
  try {
    await port.opened;
    return port;
  } catch (error) {
    await port.close();
    throw error;
  }
}

interface Subscription {
  readonly type: string;
  readonly json: JsonCodec;
  readonly receive: Receive;
}

class RosbridgePort implements RosPort {
  readonly opened: Promise<void>;
  readonly #options: RosbridgeOptions;
  /** What to say again after the connection was lost, in order. */
  readonly #announced: object[] = [];
  readonly #kept = new Map<string, object[]>();
  readonly #subscriptions = new Map<string, Subscription[]>();
  readonly #services = new Map<string, { readonly type: string; readonly serve: Serve }>();
  readonly #calls = new Map<string, (answer: Operation | null) => void>();
  #socket: WebSocket;
  #everOpen = false;
  #closing = false;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #resolveOpened: () => void = () => {};
  #ids = 0;

  constructor(options: RosbridgeOptions) {
    this.#options = options;
    this.opened = new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error("it does not answer")), options.connectMs ?? CONNECT_MS);
      this.#resolveOpened = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#socket = this.#connect();
  }

  advertise(topic: string, type: string, qos: Qos): Publish {
    const codec = anyCodec(type);
    const json = jsonCodec(type);
    const latch = qos.durability === "transient-local";
    this.#announce({ op: "advertise", id: this.#id(), topic, type, latch, queue_size: qos.depth });
    return (bytes) => {
      if (bytes.byteLength < CDR_HEADER_BYTES) {
        const reason = `${bytes.byteLength} bytes are no message`;
        this.#options.onReport({ code: "publish-refused", name: topic, reason });
        return;
      }
      const message = { op: "publish", topic, msg: json.toJson(codec.decode(bytes)) };
      if (latch) this.#kept.set(topic, [...(this.#kept.get(topic) ?? []), message].slice(-qos.depth));
      this.#send(message);
    };
  }

  subscribe(topic: string, type: string, qos: Qos, receive: Receive): void {
    const known = this.#subscriptions.get(topic) ?? [];
    this.#subscriptions.set(topic, [...known, { type, json: jsonCodec(type), receive }]);
    this.#announce({ op: "subscribe", id: this.#id(), topic, type, queue_length: qos.depth });
  }

  serve(service: string, type: string, serve: Serve): void {
    this.#services.set(service, { type, serve });
    this.#announce({ op: "advertise_service", type, service });
  }

  call(service: string, type: string, request: Uint8Array, timeoutMs: number): Promise<Uint8Array> {
    const id = this.#id();
    const args = jsonCodec(`${type}_Request`).toJson(anyCodec(`${type}_Request`).decode(request));
    return new Promise((resolve, reject) => {
      const late = (): void => reject(new Error(`no service ${service} answered within ${timeoutMs} ms`));
      const timer = setTimeout(() => {
        this.#calls.delete(id);
        late();
      }, timeoutMs);
      this.#calls.set(id, (answer) => {
        clearTimeout(timer);
        this.#calls.delete(id);
        if (answer === null) late();
        else if (answer.result === false) reject(new Error(`service ${service}: ${String(answer.values)}`));
        else {
          const name = `${type}_Response`;
          resolve(anyCodec(name).encode(jsonCodec(name).fromJson(answer.values)));
        }
      });
      this.#send({ op: "call_service", id, service, type, args });
    });
  }

  async close(): Promise<void> {
    this.#closing = true;
    clearTimeout(this.#retry);
    for (const answer of [...this.#calls.values()]) answer(null);
    if (this.#socket.readyState === WebSocket.CLOSED) return;
    await new Promise<void>((resolve) => {
      this.#socket.once("close", () => resolve());
      this.#socket.close();
    });
  }

  #id(): string {
    return `kalong-${this.#ids++}`;
  }

  #announce(operation: object): void {
    this.#announced.push(operation);
    this.#send(operation);
  }

  #send(operation: object): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(operation));
  }

  #connect(): WebSocket {
    const socket = new WebSocket(this.#options.url, { maxPayload: PAYLOAD_BYTES_MAX, handshakeTimeout: CONNECT_MS });
    let problem = "the connection was closed";
    socket.on("open", () => this.#opened());
    socket.on("message", (data) => this.#receive(data));
    socket.on("error", (error) => {
      problem = error.message;
    });
    socket.on("close", () => this.#closed(problem));
    return socket;
  }

  #opened(): void {
    for (const operation of this.#announced) this.#send(operation);
    for (const kept of this.#kept.values()) for (const message of kept) this.#send(message);
    if (this.#everOpen) this.#options.onReport({ code: "graph-back", name: null, reason: this.#options.url });
    this.#everOpen = true;
    this.#resolveOpened();
  }

  #closed(problem: string): void {
    if (this.#closing) return;
    for (const answer of [...this.#calls.values()]) answer(null);
    if (this.#everOpen) {
      this.#options.onReport({ code: "graph-lost", name: null, reason: `${this.#options.url}: ${problem}` });
    }
    this.#retry = setTimeout(() => {
      this.#socket = this.#connect();
    }, this.#options.retryMs ?? RETRY_MS);
  }

  #receive(data: RawData): void {
    const operation = readOperation(data);
    if (operation === null) {
      this.#options.onReport({
        code: "message-malformed",
        name: null,
        reason: "rosbridge sent what is no JSON object",
      });
      return;
    }
    switch (operation.op) {
      case "publish":
        this.#message(operation.topic ?? "", operation.msg);
        return;
      case "call_service":
        this.#request(operation);
        return;
      case "service_response":
        this.#calls.get(operation.id ?? "")?.(operation);
        return;
      case "status":
        if (operation.level === "error" || operation.level === "warning") {
          this.#options.onReport({ code: "graph-error", name: operation.topic ?? null, reason: String(operation.msg) });
        }
    }
  }

  #message(topic: string, msg: unknown): void {
    const receivedMs = performance.now();
    for (const { type, json, receive } of this.#subscriptions.get(topic) ?? []) {
      let bytes: Uint8Array;
      try {
        bytes = anyCodec(type).encode(json.fromJson(msg));
      } catch (error) {
        this.#options.onReport({ code: "message-malformed", name: topic, reason: String(error) });
        continue;
      }
      receive(bytes, receivedMs);
    }
  }

  #request({ id, service = "", args }: Operation): void {
    const offered = this.#services.get(service);
    if (offered === undefined) return;
    const { type, serve } = offered;
    const respond = (result: boolean, values: unknown): void =>
      this.#send({ op: "service_response", ...(id === undefined ? {} : { id }), service, values, result });
    const request = anyCodec(`${type}_Request`).encode(jsonCodec(`${type}_Request`).fromJson(args));
    serve(request).then(
      (bytes) => respond(true, jsonCodec(`${type}_Response`).toJson(anyCodec(`${type}_Response`).decode(bytes))),
      (error: unknown) => {
        this.#options.onReport({ code: "graph-error", name: service, reason: String(error) });
        respond(false, {});
      },
    );
  }
}

function readOperation(data: RawData): Operation | null {
  try {
    const value: unknown = JSON.parse(data.toString());
    return typeof value === "object" && value !== null && "op" in value ? (value as Operation) : null;
  } catch {
    return null;
  }
}
