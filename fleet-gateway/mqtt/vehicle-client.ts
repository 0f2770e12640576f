import { connect, type MqttClient } from "mqtt";
import { createVehicleDialog, type VehicleDialogOptions } from "./vehicle-dialog.ts";

export interface VehicleClientOptions extends VehicleDialogOptions {
  readonly url: string;
  readonly protocolVersion?: 4 | 5;
  /** The vehicle's clock, ms since 1970; it never goes back. Default: this machine's. */
  readonly clock?: () => number;
}

export interface VehicleClient {
  /** Settles when the vehicle is ONLINE. */
  readonly ready: Promise<void>;
  /** Sends the state if it changed, if it is due, or if something was asked. Call it after the vehicle moved on. */
  publishState(): void;
  /** Says OFFLINE and leaves. */
  close(): Promise<void>;
  /** Drops the connection without a word, as when the radio fails: the broker sends the last will. */
  breakConnection(): void;
}

/** Connects one vehicle to a broker as VDA 5050 asks of it: last will, topics, QoS, retain rules, checks of what comes. */
export function connectVehicle(options: VehicleClientOptions): VehicleClient {
  const dialog = createVehicleDialog(options, {
    publish: (topic, payload, qos, retain, done) =>
      void client.publish(topic, payload, { qos, retain }, () => done?.()),
    nowMs: () => performance.now(),
    calendarMs: options.clock ?? Date.now,
  });
  const { lastWill } = dialog;
  const client: MqttClient = connect(options.url, {
    protocolVersion: options.protocolVersion ?? 4,
    clean: true,
    reconnectPeriod: 1000,
    keepalive: 10,
    queueQoSZero: false,
    resubscribe: false,
    clientId: `kalong-vehicle-${options.serialNumber}-${crypto.randomUUID()}`,
    will: { topic: lastWill.topic, payload: Buffer.from(lastWill.payload), qos: 1, retain: true },
  });
  const ready = new Promise<void>((resolve) => {
    client.on("connect", () => {
      client.subscribe([...dialog.topics], { qos: 0 }, (error) => {
        if (error === null) dialog.connected(resolve);
        else options.onReport?.("broker-error", error.message);
      });
    });
  });
  client.on("close", () => dialog.disconnected());
  client.on("error", (error) => options.onReport?.("broker-error", error.message));
  client.on("message", (name, payload, packet) => dialog.receive(name, payload, packet.retain));

  return {
    ready,
    publishState: dialog.publishState,
    async close() {
      if (client.connected) {
        const { topic, payload } = dialog.offline();
        await client.publishAsync(topic, payload, { qos: 1, retain: true });
      }
      await client.endAsync(!client.connected);
    },
    breakConnection() {
      client.options.reconnectPeriod = 0;
      client.stream.destroy();
    },
  };
}
