import type { z } from "zod";
import { type MESSAGES, type MessageTopic, parseMessage } from "../vda5050/messages.ts";
import type { VehicleIdentity } from "./topics.ts";

/** Why a payload is not taken. */
export type PayloadFault = "oversized" | "malformed" | "schema-violation" | "identity-mismatch" | "version-mismatch";

export type ReadPayload<Topic extends MessageTopic> =
  | { readonly ok: true; readonly message: z.infer<(typeof MESSAGES)[Topic]> }
  | { readonly ok: false; readonly fault: PayloadFault; readonly reason: string };

const utf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * Reads what came on a vehicle's topic: size, UTF-8, JSON, definition of the message, and that the header names the
 * vehicle of the topic and a version 2. Whatever fails has a reason in words.
 * @param dialectKey the key under which this vehicle has the actions of instantActions
 */
export function readPayload<Topic extends MessageTopic>(
  topic: Topic,
  payload: Uint8Array,
  identity: VehicleIdentity,
  payloadBytesMax: number,
  dialectKey: "actions" | "instantActions" = "actions",
): ReadPayload<Topic> {
  if (payload.byteLength > payloadBytesMax) {
    return fault("oversized", `${payload.byteLength} bytes; at most ${payloadBytesMax} are read`);
  }
  let value: unknown;
  try {
    value = JSON.parse(utf8.decode(payload));
  } catch (error) {
    return fault("malformed", error instanceof Error ? error.message : String(error));
  }
  if (topic === "instantActions" && dialectKey === "instantActions" && typeof value === "object" && value !== null) {
    value = { ...value, actions: (value as Record<string, unknown>).instantActions };
  }
  const parsed = parseMessage(topic, value);
  if (!parsed.ok) return fault("schema-violation", parsed.reason);
  const { manufacturer, serialNumber, version } = parsed.message;
  if (
    (manufacturer ?? identity.manufacturer) !== identity.manufacturer ||
    (serialNumber ?? identity.serialNumber) !== identity.serialNumber
  ) {
    return fault("identity-mismatch", `the message says that it is of ${manufacturer}/${serialNumber}`);
  }
  if (version !== undefined && !/^2\./.test(version))
    return fault("version-mismatch", `version ${version}; 2.x is spoken here`);
  return { ok: true, message: parsed.message };
}

function fault(
  kind: PayloadFault,
  reason: string,
): { readonly ok: false; readonly fault: PayloadFault; readonly reason: string } {
  return { ok: false, fault: kind, reason };
}
