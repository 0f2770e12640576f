/**
 * Carries CDR between rclnodejs and a channel. Messages stay bytes in both directions (`isRaw`): that is ten times as fast
 * as objects, and a truncated payload cannot turn into a message of zeros. Services have no raw form; their objects are
 * made from CDR and back here. Runs on the main thread of a process of its own: rclnodejs aborts in worker threads.
 */
import type { Rcl, RclNode } from "rclnodejs";
import { anyCodec } from "./cdr.ts";
import { CDR_HEADER_BYTES, type Qos } from "./port.ts";
import type { FromRcl, ToRcl } from "./rcl-protocol.ts";

type Publisher = ReturnType<RclNode["createPublisher"]>;
type Client = ReturnType<RclNode["createClient"]>;

/**
 * Puts a node on the graph and does what comes over the channel.
 * @param send  takes messages to the supervisor
 * @returns what takes the supervisor's messages
 */
export async function hostRcl(rcl: Rcl, nodeName: string, send: (message: FromRcl) => void) {
  await rcl.init();
  // Ctrl-C in a terminal reaches this process too; the supervisor decides when it ends.
  rcl.removeSignalHandlers();
  const node = rcl.createNode(nodeName);
  const publishers = new Map<number, Publisher>();
  const clients = new Map<string, Client>();
  const waiting = new Map<number, { readonly type: string; readonly respond: (response: unknown) => void }>();
  let requests = 0;

  /** A type or name that ROS 2 does not take ends neither process nor the other topics. */
  function attempt(name: string | null, act: () => void): void {
    try {
      act();
    } catch (error) {
      send({ kind: "report", name, reason: error instanceof Error ? error.message : String(error) });
    }
  }

  function serve(id: number, service: string, type: string): void {
    const request = anyCodec(`${type}_Request`);
    node.createService(type, service, (message, response) => {
      const number = requests++;
      waiting.set(number, { type, respond: (answer) => response.send(answer) });
      attempt(service, () => send({ kind: "request", id, request: number, bytes: request.encode(message) }));
    });
  }

  function answer(request: number, bytes: Uint8Array | null): void {
    const asked = waiting.get(request);
    waiting.delete(request);
    if (asked === undefined || bytes === null) return;
    attempt(null, () => asked.respond(plain(anyCodec(`${asked.type}_Response`).decode(bytes))));
  }

  async function call({ id, service, type, bytes, timeoutMs }: Extract<ToRcl, { kind: "call" }>): Promise<void> {
    const client = clients.get(service) ?? node.createClient(type, service);
    clients.set(service, client);
    const none = { kind: "response", id, bytes: null, reason: `no service ${service} answered` } as const;
    if (!(await client.waitForService(timeoutMs))) {
      send(none);
      return;
    }
    const timer = setTimeout(() => send(none), timeoutMs);
    client.sendRequest(plain(anyCodec(`${type}_Request`).decode(bytes)), (response) => {
      clearTimeout(timer);
      send({ kind: "response", id, bytes: anyCodec(`${type}_Response`).encode(response), reason: "" });
    });
  }

  rcl.spin(node);
  return (message: ToRcl): void => {
    switch (message.kind) {
      case "advertise":
        attempt(message.topic, () => {
          const options = { qos: rclQos(rcl, message.qos) };
          publishers.set(message.id, node.createPublisher(message.type, message.topic, options));
        });
        return;
      case "publish":
        // A shorter buffer ends the process of whoever subscribes.
        if (message.bytes.byteLength < CDR_HEADER_BYTES) return;
        attempt(null, () => publishers.get(message.id)?.publish(asBuffer(message.bytes)));
        return;
      case "subscribe":
        attempt(message.topic, () => {
          const options = { qos: rclQos(rcl, message.qos), isRaw: true as const };
          node.createSubscription(message.type, message.topic, options, (bytes) =>
            send({ kind: "message", id: message.id, bytes }),
          );
        });
        return;
      case "serve":
        attempt(message.service, () => serve(message.id, message.service, message.type));
        return;
      case "answer":
        answer(message.request, message.bytes);
        return;
      case "call":
        call(message).catch((error: unknown) =>
          send({ kind: "response", id: message.id, bytes: null, reason: String(error) }),
        );
        return;
      case "close":
        node.destroy();
        rcl.shutdown();
    }
  };
}

function rclQos(rcl: Rcl, qos: Qos): unknown {
  const { HistoryPolicy, ReliabilityPolicy, DurabilityPolicy } = rcl.QoS;
  return new rcl.QoS(
    HistoryPolicy.RMW_QOS_POLICY_HISTORY_KEEP_LAST,
    qos.depth,
    qos.reliability === "reliable"
      ? ReliabilityPolicy.RMW_QOS_POLICY_RELIABILITY_RELIABLE
      : ReliabilityPolicy.RMW_QOS_POLICY_RELIABILITY_BEST_EFFORT,
    qos.durability === "transient-local"
      ? DurabilityPolicy.RMW_QOS_POLICY_DURABILITY_TRANSIENT_LOCAL
      : DurabilityPolicy.RMW_QOS_POLICY_DURABILITY_VOLATILE,
  );
}

/** The bytes as a Buffer over the same memory: rclnodejs asks `instanceof Buffer`. */
function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Typed arrays as plain ones: rclnodejs takes them for every field. */
function plain(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<unknown>);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}
