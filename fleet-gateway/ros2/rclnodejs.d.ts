/**
 * The part of rclnodejs that `rcl-port.ts` uses. Declared here because the package's own types exist only where ROS 2 is
 * installed and differ there from what it does: types would depend on the machine.
 */
declare module "rclnodejs" {
  interface RclNode {
    createPublisher(type: string, topic: string, options: { qos: unknown }): { publish(message: Buffer): void };
    createSubscription(
      type: string,
      topic: string,
      options: { qos: unknown; isRaw: true },
      receive: (message: Buffer) => void,
    ): unknown;
    createService(
      type: string,
      name: string,
      serve: (request: unknown, response: { send(message: unknown): void }) => void,
    ): unknown;
    createClient(
      type: string,
      name: string,
    ): {
      waitForService(timeoutMs: number): Promise<boolean>;
      sendRequest(request: unknown, answer: (response: unknown) => void): void;
    };
    destroy(): void;
  }

  /** The default export; the package has no named ones. */
  interface Rcl {
    init(): Promise<void>;
    removeSignalHandlers(): void;
    createNode(name: string): RclNode;
    spin(node: RclNode): void;
    shutdown(): void;
    readonly QoS: {
      new (history: number, depth: number, reliability: number, durability: number): unknown;
      readonly HistoryPolicy: { readonly RMW_QOS_POLICY_HISTORY_KEEP_LAST: number };
      readonly ReliabilityPolicy: {
        readonly RMW_QOS_POLICY_RELIABILITY_RELIABLE: number;
        readonly RMW_QOS_POLICY_RELIABILITY_BEST_EFFORT: number;
      };
      readonly DurabilityPolicy: {
        readonly RMW_QOS_POLICY_DURABILITY_TRANSIENT_LOCAL: number;
        readonly RMW_QOS_POLICY_DURABILITY_VOLATILE: number;
      };
    };
  }

  const rcl: Rcl;

  export type { Rcl, RclNode };
  export default rcl;
}
