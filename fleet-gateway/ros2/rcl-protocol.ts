/** What passes between the supervisor and the process that has rclnodejs in it. `id` is the supervisor's number of a thing. */
import type { Qos } from "./port.ts";

export type ToRcl =
  | {
      readonly kind: "advertise";
      readonly id: number;
      readonly topic: string;
      readonly type: string;
      readonly qos: Qos;
    }
  | { readonly kind: "publish"; readonly id: number; readonly bytes: Uint8Array }
  | {
      readonly kind: "subscribe";
      readonly id: number;
      readonly topic: string;
      readonly type: string;
      readonly qos: Qos;
    }
  | { readonly kind: "serve"; readonly id: number; readonly service: string; readonly type: string }
  /** The answer to `request`; null: there is none, the caller waits in vain. */
  | { readonly kind: "answer"; readonly request: number; readonly bytes: Uint8Array | null }
  | {
      readonly kind: "call";
      readonly id: number;
      readonly service: string;
      readonly type: string;
      readonly bytes: Uint8Array;
      readonly timeoutMs: number;
    }
  | { readonly kind: "close" };

export type FromRcl =
  /** The node is on the graph. */
  | { readonly kind: "ready" }
  /** ROS 2 or rclnodejs cannot be used; the process ends. */
  | { readonly kind: "failed"; readonly reason: string }
  /** Sent every second: the process's loop still turns. */
  | { readonly kind: "alive" }
  | { readonly kind: "message"; readonly id: number; readonly bytes: Uint8Array }
  | { readonly kind: "request"; readonly id: number; readonly request: number; readonly bytes: Uint8Array }
  | { readonly kind: "response"; readonly id: number; readonly bytes: Uint8Array | null; readonly reason: string }
  | { readonly kind: "report"; readonly name: string | null; readonly reason: string };

export const ALIVE_EVERY_MS = 1000;
