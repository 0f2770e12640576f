/**
 * rclnodejs as far as the bridge uses it, over a graph in memory, with what was seen of version 2.2.0: only a default
 * export; `subscriptionCount` is a getter; publishing wants a Buffer; raw subscriptions get Buffers; services get objects
 * in which 64-bit integers are BigInt; an unknown type throws when it is first named.
 */
import type { Rcl, RclNode } from "rclnodejs";
import { anyCodec } from "./cdr.ts";
import type { MemoryGraph } from "./memory-port.ts";
import type { Qos } from "./port.ts";

class FakeQos {
  static readonly HistoryPolicy = { RMW_QOS_POLICY_HISTORY_KEEP_LAST: 1 };
  static readonly ReliabilityPolicy = {
    RMW_QOS_POLICY_RELIABILITY_RELIABLE: 1,
    RMW_QOS_POLICY_RELIABILITY_BEST_EFFORT: 2,
  };
  static readonly DurabilityPolicy = {
    RMW_QOS_POLICY_DURABILITY_TRANSIENT_LOCAL: 1,
    RMW_QOS_POLICY_DURABILITY_VOLATILE: 2,
  };
  readonly qos: Qos;

  constructor(history: number, depth: number, reliability: number, durability: number) {
    if (history !== 1) throw new Error("the bridge keeps the last messages");
    this.qos = {
      depth,
      reliability: reliability === 1 ? "reliable" : "best-effort",
      durability: durability === 1 ? "transient-local" : "volatile",
    };
  }
}

/** @param calls what was called, in order */
export function fakeRcl(graph: MemoryGraph, calls: string[] = []): Rcl {
  const qosOf = (options: { qos: unknown }): Qos => (options.qos as FakeQos).qos;
  return {
    QoS: FakeQos,
    init: async () => void calls.push("init"),
    removeSignalHandlers: () => void calls.push("removeSignalHandlers"),
    spin: () => void calls.push("spin"),
    shutdown: () => void calls.push("shutdown"),
    createNode(name): RclNode {
      const port = graph.connect(name);
      return {
        createPublisher(type, topic, options) {
          const publish = port.advertise(topic, type, qosOf(options));
          return {
            get subscriptionCount() {
              return 0;
            },
            publish(message) {
              if (!(message instanceof Buffer)) throw new Error("objects are not published here");
              publish(message);
            },
          };
        },
        createSubscription(type, topic, options, receive) {
          port.subscribe(topic, type, qosOf(options), (bytes) => receive(Buffer.from(bytes)));
          return {};
        },
        createService(type, service, serve) {
          port.serve(service, type, (request) => {
            const message = anyCodec(`${type}_Request`).decode(request);
            return new Promise((resolve) => {
              serve(message, { send: (answer) => resolve(anyCodec(`${type}_Response`).encode(answer)) });
            });
          });
          return {};
        },
        createClient: (type, service) => ({
          waitForService: async () => graph.hasService(service),
          sendRequest(request, answer) {
            port
              .call(service, type, anyCodec(`${type}_Request`).encode(request), 1000)
              .then((bytes) => answer(anyCodec(`${type}_Response`).decode(bytes)))
              .catch(() => {}); // who calls in vain hears nothing
          },
        }),
        destroy: () => void port.close(),
      };
    },
  };
}
