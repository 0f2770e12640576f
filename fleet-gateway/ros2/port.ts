/**
 * The way into a ROS 2 graph. Messages cross it as CDR bytes (4 bytes of encapsulation header, then the payload), so that
 * whoever is behind it need not know their types; `cdr.ts` makes and reads them. Adapters: rclnodejs in a process of its
 * own, rosbridge over a WebSocket, and a graph in memory.
 */

/** What a publisher offers and a subscription asks for. Only the policies that every adapter can keep. */
export interface Qos {
  readonly reliability: "reliable" | "best-effort";
  /** transient-local: who comes later gets the last `depth` messages ("latched"). */
  readonly durability: "volatile" | "transient-local";
  /** Keep last so many. */
  readonly depth: number;
}

export const QOS = {
  /** What comes often and is old soon: odometry, battery. REP-2003 calls it sensor data. */
  sensorData: { reliability: "best-effort", durability: "volatile", depth: 5 },
  /** What must arrive. */
  reliable: { reliability: "reliable", durability: "volatile", depth: 10 },
  /** What whoever comes later must know too: the map, plans. */
  latched: { reliability: "reliable", durability: "transient-local", depth: 1 },
  /** tf2's own profile for /tf. */
  transforms: { reliability: "reliable", durability: "volatile", depth: 100 },
  /** What rclcpp asks of /clock. */
  clock: { reliability: "best-effort", durability: "volatile", depth: 1 },
} as const satisfies Record<string, Qos>;

/** Whether a subscription that asks for `requested` gets what a publisher with `offered` sends: it may ask for less. */
export function isCompatible(offered: Qos, requested: Qos): boolean {
  if (requested.reliability === "reliable" && offered.reliability !== "reliable") return false;
  return requested.durability !== "transient-local" || offered.durability === "transient-local";
}

export interface RosPortReport {
  readonly code:
    | "graph-lost" // the bridge's other half is gone; it is started or called again
    | "graph-back"
    | "qos-incompatible"
    | "type-mismatch"
    | "message-malformed" // what came is not of the type it should be; it was dropped
    | "publish-refused"
    | "graph-error";
  /** Topic or service, or null. */
  readonly name: string | null;
  readonly reason: string;
}

export type Publish = (bytes: Uint8Array) => void;
/** `receivedMs`: when it came, on the clock of `performance.now()` or of the test that owns the graph. */
export type Receive = (bytes: Uint8Array, receivedMs: number) => void;
/** Answers a request; both are CDR. A rejection is told to nobody but the bridge's reports. */
export type Serve = (request: Uint8Array) => Promise<Uint8Array>;

/** Names are full (`/kalong/kpi`), types too (`nav_msgs/msg/Odometry`, `std_srvs/srv/SetBool`). */
export interface RosPort {
  /** Announces a topic. What is published while the graph is out of reach is dropped, but for the last of a latched topic. */
  advertise(topic: string, type: string, qos: Qos): Publish;
  subscribe(topic: string, type: string, qos: Qos, receive: Receive): void;
  serve(service: string, type: string, serve: Serve): void;
  /** @throws Error if nobody answers within `timeoutMs` */
  call(service: string, type: string, request: Uint8Array, timeoutMs: number): Promise<Uint8Array>;
  /** Leaves the graph. */
  close(): Promise<void>;
}

/** Below this no CDR message exists; the middleware crashes subscribers on less. */
export const CDR_HEADER_BYTES = 4;
