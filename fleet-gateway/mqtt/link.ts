import { connect, type MqttClient } from "mqtt";
import type { VehicleLink, VehicleState } from "../../engine/index.ts";
import type { MessageTopic } from "../vda5050/messages.ts";
import { createFleetDialog, type FleetDialogOptions, INBOUND, type LinkReport, OUTBOUND } from "./fleet-dialog.ts";
import { topicOfAll } from "./topics.ts";

export interface MqttLinkOptions extends Omit<FleetDialogOptions, "session"> {
  /** mqtt://host:port, mqtts:// or ws://. */
  readonly url: string;
  /** 4 is MQTT 3.1.1, 5 is MQTT 5. */
  readonly protocolVersion?: 4 | 5;
  /** Begins every id on the wire; without it a random name is taken, so that ids of runs before are not used again. */
  readonly session?: string;
  /** How often repetitions and silence are looked for. */
  readonly tickMs?: number;
}

export interface MqttVehicleLink extends VehicleLink {
  /** `timestampMs`: when the vehicle made the state, by its own clock. */
  onState(listener: (state: VehicleState, timestampMs: number) => void): void;
  /** Settles when the broker was reached and the subscriptions stand. */
  readonly ready: Promise<void>;
  /** How often each code was reported. */
  readonly counts: ReadonlyMap<LinkReport["code"], number>;
  /** Messages that were taken, and sent, by topic. */
  readonly received: ReadonlyMap<MessageTopic, number>;
  readonly sent: ReadonlyMap<MessageTopic, number>;
  close(): Promise<void>;
}

/**
 * VDA 5050 over MQTT as a `VehicleLink`. Orders, actions and states go at QoS 0, connection at QoS 1; nothing that fleet
 * control sends is retained. What is said and believed is the dialog's (fleet-dialog.ts).
 * @throws RangeError if a manufacturer or serial number may not be a part of a topic, or one comes twice
 */
export function createMqttVehicleLink(options: MqttLinkOptions): MqttVehicleLink {
  // Throws for a bad list before anything is connected; `client` is there when the first message goes out.
  const dialog = createFleetDialog(
    { ...options, session: options.session ?? crypto.randomUUID().slice(0, 8) },
    {
      publish: (topic, payload, retain) => void client.publish(topic, payload, { qos: 0, retain }),
      nowMs: () => performance.now(),
      calendarMs: () => Date.now(),
    },
  );
  const { report } = dialog;
  const client: MqttClient = connect(options.url, {
    protocolVersion: options.protocolVersion ?? 4,
    clean: true,
    reconnectPeriod: 1000,
    keepalive: 10,
    queueQoSZero: false,
    resubscribe: false,
    clientId: `kalong-${crypto.randomUUID()}`,
  });
  const ready = new Promise<void>((resolve) => {
    client.on("connect", () => {
      const topics = Object.fromEntries(
        [...INBOUND, ...OUTBOUND].map((topic) => [topicOfAll(topic), { qos: topic === "connection" ? 1 : 0 } as const]),
      );
      client.subscribe(topics, (error) => {
        if (error !== null) {
          report("broker-error", null, null, error.message);
          return;
        }
        report("broker-connected", null, null, options.url);
        resolve();
      });
    });
  });
  let closing = false;
  client.on("close", () => {
    if (!closing) report("broker-lost", null, null, `${options.url}: no connection; trying again every second`);
  });
  client.on("error", (error) => {
    if (!closing) report("broker-error", null, null, error.message);
  });

  client.on("message", (name, payload, packet) => dialog.receive(name, payload, packet.retain));

  const timer = setInterval(() => {
    if (client.connected) dialog.tick();
  }, options.tickMs ?? 100);

  return {
    ready,
    counts: dialog.counts,
    received: dialog.received,
    sent: dialog.sent,
    sendOrder: dialog.sendOrder,
    sendInstantAction: dialog.sendInstantAction,
    onState: dialog.onState,
    onConnection: dialog.onConnection,
    async close() {
      closing = true;
      clearInterval(timer);
      await client.endAsync(!client.connected);
    },
  };
}
