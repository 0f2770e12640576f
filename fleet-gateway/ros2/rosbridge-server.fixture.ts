/**
 * A rosbridge server over a graph in memory, for tests: the operations of the protocol that the bridge uses, with
 * rosbridge_suite's ways of writing values (null for what is not finite, refused in the other direction).
 */
import { type WebSocket, WebSocketServer } from "ws";
import { anyCodec } from "./cdr.ts";
import type { MemoryGraph } from "./memory-port.ts";
import { type Publish, QOS, type Qos, type RosPort } from "./port.ts";

interface Operation {
  readonly op: string;
  readonly id?: string;
  readonly topic?: string;
  readonly service?: string;
  readonly type?: string;
  readonly latch?: boolean;
  readonly msg?: unknown;
  readonly args?: unknown;
  readonly values?: unknown;
}

export interface FakeRosbridge {
  readonly url: string;
  /** Everything that clients have sent. */
  readonly operations: Operation[];
  /** Cuts all connections. */
  drop(): void;
  /** Sends a text to all clients. */
  say(text: string): void;
  stop(): Promise<void>;
}

export async function startRosbridge(graph: MemoryGraph): Promise<FakeRosbridge> {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  await new Promise<void>((resolve) => server.once("listening", resolve));
  const operations: Operation[] = [];
  let clients = 0;
  server.on("connection", (socket) => {
    const client = new Client(socket, graph, `rosbridge_${clients++}`);
    socket.on("message", (data) => {
      const operation = JSON.parse(data.toString()) as Operation;
      operations.push(operation);
      client.take(operation);
    });
    socket.on("close", () => void client.port.close());
  });
  return {
    url: `ws://127.0.0.1:${(server.address() as { port: number }).port}`,
    operations,
    drop: () => {
      for (const socket of server.clients) socket.terminate();
    },
    say: (text) => {
      for (const socket of server.clients) socket.send(text);
    },
    stop: async () => {
      for (const socket of server.clients) socket.terminate();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

class Client {
  readonly port: RosPort;
  readonly #socket: WebSocket;
  readonly #publishers = new Map<string, { readonly type: string; readonly publish: Publish }>();
  readonly #waiting = new Map<string, (values: unknown) => void>();
  readonly #graph: MemoryGraph;
  #calls = 0;

  constructor(socket: WebSocket, graph: MemoryGraph, name: string) {
    this.#socket = socket;
    this.#graph = graph;
    this.port = graph.connect(name);
  }

  take(operation: Operation): void {
    const { op, topic = "", service = "", type = "" } = operation;
    if (op === "advertise") this.#publisher(topic, type, operation.latch === true);
    else if (op === "publish") {
      const known = this.#publishers.get(topic) ?? this.#publisher(topic, type, false);
      known.publish(anyCodec(known.type).encode(fromJson(operation.msg)));
    } else if (op === "subscribe") {
      // rosbridge asks for as much as some publisher of the topic offers when it subscribes.
      const offers = this.#graph.offers(topic);
      const reliable = offers.some(({ reliability }) => reliability === "reliable");
      const latched = offers.some(({ durability }) => durability === "transient-local");
      const qos: Qos = {
        reliability: reliable ? "reliable" : "best-effort",
        durability: latched ? "transient-local" : "volatile",
        depth: 100,
      };
      this.port.subscribe(topic, type, qos, (bytes) =>
        this.#send({ op: "publish", topic, msg: toJson(anyCodec(type).decode(bytes)) }),
      );
    } else if (op === "advertise_service") {
      this.port.serve(service, type, async (request) => {
        const id = `call_service:${service}:${this.#calls++}`;
        const answer = new Promise<unknown>((resolve) => this.#waiting.set(id, resolve));
        this.#send({ op: "call_service", id, service, args: toJson(anyCodec(`${type}_Request`).decode(request)) });
        return anyCodec(`${type}_Response`).encode(fromJson(await answer));
      });
    } else if (op === "service_response") this.#waiting.get(operation.id ?? "")?.(operation.values);
    else if (op === "call_service") void this.#call(operation);
  }

  async #call({ id, service = "", type = "", args }: Operation): Promise<void> {
    try {
      const bytes = await this.port.call(service, type, anyCodec(`${type}_Request`).encode(fromJson(args)), 1000);
      const values = toJson(anyCodec(`${type}_Response`).decode(bytes));
      this.#send({ op: "service_response", id, service, values, result: true });
    } catch (error) {
      this.#send({ op: "service_response", id, service, values: String(error), result: false });
    }
  }

  #publisher(topic: string, type: string, latch: boolean) {
    const made = { type, publish: this.port.advertise(topic, type, latch ? QOS.latched : QOS.reliable) };
    this.#publishers.set(topic, made);
    return made;
  }

  #send(operation: object): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(JSON.stringify(operation));
  }
}

function toJson(value: unknown): unknown {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value === "bigint") return Number(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<number>, toJson);
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toJson(item)]));
}

/** A null reaches nobody through rosbridge but where the graph's own drivers put a NaN: there it is one again. */
function fromJson(value: unknown): unknown {
  if (value === null) return Number.NaN;
  if (Array.isArray(value)) return value.map(fromJson);
  if (typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fromJson(item)]));
}
