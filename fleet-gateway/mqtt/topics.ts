import { MESSAGES, type MessageTopic } from "../vda5050/messages.ts";

/** Who a vehicle is on the wire: the two parts of its topics (VDA 5050 2.1, 6.3). */
export interface VehicleIdentity {
  readonly manufacturer: string;
  readonly serialNumber: string;
}

/** First parts of every topic: the interface's name and the protocol's major version. */
const PREFIX = "uagv/v2";

/** What the standard allows in a topic's parts: none of the characters that MQTT gives a meaning. */
const TOPIC_PART = /^[A-Za-z0-9_.:-]+$/;

/** Whether a manufacturer or serial number may be a part of a topic. */
export function isTopicPart(text: string): boolean {
  return TOPIC_PART.test(text);
}

export function topicOf({ manufacturer, serialNumber }: VehicleIdentity, topic: MessageTopic): string {
  return `${PREFIX}/${manufacturer}/${serialNumber}/${topic}`;
}

/** The same topic of all vehicles. */
export function topicOfAll(topic: MessageTopic): string {
  return `${PREFIX}/+/+/${topic}`;
}

/** Vehicle and message kind of a topic name, or null if it is none of VDA 5050's. */
export function parseTopic(name: string): { readonly identity: VehicleIdentity; readonly topic: MessageTopic } | null {
  const parts = name.split("/");
  if (parts.length !== 5 || `${parts[0]}/${parts[1]}` !== PREFIX) return null;
  const [manufacturer, serialNumber, topic] = [parts[2]!, parts[3]!, parts[4]!];
  return Object.hasOwn(MESSAGES, topic)
    ? { identity: { manufacturer, serialNumber }, topic: topic as MessageTopic }
    : null;
}

export function identityKey({ manufacturer, serialNumber }: VehicleIdentity): string {
  return `${manufacturer}/${serialNumber}`;
}
