/**
 * The messages of VDA 5050 2.1, written from the standard: one source for types, validation and JSON Schema.
 * Where the standard's document and its published schemas differ the document rules (section 7): a state may say an
 * action is PAUSED; a factsheet may list blocking types of an action and describe a 3D envelope in words.
 * Keys that the standard does not name are allowed and dropped.
 */
import { z } from "zod";
import { factsheetMessage } from "./factsheet.ts";
import { action, agvPosition, count, header, integer, orderTrajectory, stateTrajectory, velocity } from "./fields.ts";

/** Version that fleet control puts into its messages. */
export const PROTOCOL_VERSION = "2.1.0";

/** Half a turn as the standard rounds it, up: Math.PI is inside. */
const HALF_TURN = Number("3.14159265359");
const HALF_TURN_DEVIATION = Number("3.141592654");
const orientation = z.number().min(-HALF_TURN).max(HALF_TURN);

const nodePosition = z.object({
  x: z.number().describe("Metres."),
  y: z.number().describe("Metres."),
  theta: orientation.exactOptional().describe("Radians; the vehicle must have this heading on the node."),
  allowedDeviationXY: z.number().min(0).exactOptional().describe("Metres within which the node counts as reached."),
  allowedDeviationTheta: z
    .number()
    .min(-HALF_TURN_DEVIATION)
    .max(HALF_TURN_DEVIATION)
    .exactOptional()
    .describe("Radians."),
  mapId: z.string(),
  mapDescription: z.string().exactOptional(),
});

const node = z.object({
  nodeId: z.string(),
  sequenceId: count.describe("Even; shared with the edges, without gaps."),
  nodeDescription: z.string().exactOptional(),
  released: z.boolean().describe("True: part of the base. False: part of the horizon."),
  nodePosition: nodePosition.exactOptional(),
  actions: z.array(action),
});

const edge = z.object({
  edgeId: z.string(),
  sequenceId: count.describe("Odd."),
  edgeDescription: z.string().exactOptional(),
  released: z.boolean(),
  startNodeId: z.string(),
  endNodeId: z.string(),
  maxSpeed: z.number().exactOptional().describe("m/s."),
  maxHeight: z.number().exactOptional().describe("Metres, with the load."),
  minHeight: z.number().exactOptional().describe("Metres, of the load handling device."),
  orientation: orientation.exactOptional().describe("Radians."),
  orientationType: z.string().exactOptional().describe("GLOBAL or TANGENTIAL."),
  direction: z.string().exactOptional(),
  rotationAllowed: z.boolean().exactOptional(),
  maxRotationSpeed: z.number().exactOptional().describe("rad/s."),
  length: z.number().exactOptional().describe("Metres."),
  trajectory: orderTrajectory.exactOptional(),
  corridor: z
    .object({
      leftWidth: z.number().min(0).describe("Metres."),
      rightWidth: z.number().min(0).describe("Metres."),
      corridorRefPoint: z.enum(["KINEMATICCENTER", "CONTOUR"]).exactOptional(),
    })
    .exactOptional(),
  actions: z.array(action),
});

/** An order or an update of one (6.6). Published by fleet control. */
export const orderMessage = z
  .object({
    ...header,
    orderId: z.string(),
    orderUpdateId: count.describe("0 in a new order; one more in each update of it."),
    zoneSetId: z.string().exactOptional(),
    nodes: z.array(node),
    edges: z.array(edge),
  })
  .meta({ title: "order" });

/** Actions to be done as soon as they arrive (6.9). Published by fleet control. */
export const instantActionsMessage = z
  .object({ ...header, actions: z.array(action) })
  .meta({ title: "instantActions" });

const references = z.array(z.object({ referenceKey: z.string(), referenceValue: z.string() }));

const boundingBoxReference = z.object({
  x: z.number(),
  y: z.number(),
  z: z.number(),
  theta: z.number().exactOptional(),
});

const load = z.object({
  loadId: z.string().exactOptional(),
  loadType: z.string().exactOptional(),
  loadPosition: z.string().exactOptional(),
  boundingBoxReference: boundingBoxReference.exactOptional(),
  loadDimensions: z
    .object({ length: z.number(), width: z.number(), height: z.number().exactOptional() })
    .exactOptional()
    .describe("Metres."),
  weight: z.number().min(0).exactOptional().describe("kg."),
});

const actionState = z.object({
  actionId: z.string(),
  actionType: z.string().exactOptional(),
  actionDescription: z.string().exactOptional(),
  actionStatus: z.enum(["WAITING", "INITIALIZING", "RUNNING", "PAUSED", "FINISHED", "FAILED"]),
  resultDescription: z.string().exactOptional(),
});

/** What a vehicle says of itself (6.10). */
export const stateMessage = z
  .object({
    ...header,
    maps: z
      .array(
        z.object({
          mapId: z.string(),
          mapVersion: z.string(),
          mapDescription: z.string().exactOptional(),
          mapStatus: z.enum(["ENABLED", "DISABLED"]),
        }),
      )
      .exactOptional(),
    orderId: z.string().describe("Of the order that it has or had; empty if it never had one."),
    orderUpdateId: integer,
    zoneSetId: z.string().exactOptional(),
    lastNodeId: z.string(),
    lastNodeSequenceId: integer,
    driving: z.boolean(),
    paused: z.boolean().exactOptional(),
    newBaseRequest: z.boolean().exactOptional().describe("True: near the end of its base and about to brake."),
    distanceSinceLastNode: z.number().exactOptional().describe("Metres."),
    operatingMode: z.enum(["AUTOMATIC", "SEMIAUTOMATIC", "MANUAL", "SERVICE", "TEACHIN"]),
    nodeStates: z
      .array(
        z.object({
          nodeId: z.string(),
          sequenceId: integer,
          nodeDescription: z.string().exactOptional(),
          released: z.boolean(),
          nodePosition: z
            .object({ x: z.number(), y: z.number(), theta: z.number().exactOptional(), mapId: z.string() })
            .exactOptional(),
        }),
      )
      .describe("Nodes yet to be reached."),
    edgeStates: z
      .array(
        z.object({
          edgeId: z.string(),
          sequenceId: integer,
          edgeDescription: z.string().exactOptional(),
          released: z.boolean(),
          trajectory: stateTrajectory.exactOptional(),
        }),
      )
      .describe("Edges yet to be left."),
    agvPosition: agvPosition.exactOptional(),
    velocity: velocity.exactOptional(),
    loads: z.array(load).exactOptional().describe("Left out: the vehicle cannot tell."),
    actionStates: z.array(actionState),
    batteryState: z.object({
      batteryCharge: z.number().describe("Per cent."),
      batteryVoltage: z.number().exactOptional().describe("V."),
      batteryHealth: z.number().min(0).max(100).exactOptional().describe("Per cent."),
      charging: z.boolean(),
      reach: z.number().min(0).exactOptional().describe("Metres."),
    }),
    errors: z.array(
      z.object({
        errorType: z.string(),
        errorReferences: references.exactOptional(),
        errorDescription: z.string().exactOptional(),
        errorHint: z.string().exactOptional(),
        errorLevel: z.enum(["WARNING", "FATAL"]).describe("FATAL: it cannot go on without a person."),
      }),
    ),
    information: z
      .array(
        z.object({
          infoType: z.string(),
          infoReferences: references.exactOptional(),
          infoDescription: z.string().exactOptional(),
          infoLevel: z.enum(["INFO", "DEBUG"]),
        }),
      )
      .exactOptional()
      .describe("For people; never drives logic."),
    safetyState: z.object({
      eStop: z.enum(["AUTOACK", "MANUAL", "REMOTE", "NONE"]),
      fieldViolation: z.boolean(),
    }),
  })
  .meta({ title: "state" });

/** Position and speed for screens (6.12); its published schema requires nothing. Never drives logic. */
export const visualizationMessage = z
  .object({
    headerId: header.headerId.exactOptional(),
    timestamp: header.timestamp.exactOptional(),
    version: header.version.exactOptional(),
    manufacturer: header.manufacturer.exactOptional(),
    serialNumber: header.serialNumber.exactOptional(),
    agvPosition: agvPosition.exactOptional(),
    velocity: velocity.exactOptional(),
  })
  .meta({ title: "visualization" });

/** Whether the vehicle is connected to the broker (6.14); retained, and the vehicle's last will. */
export const connectionMessage = z
  .object({ ...header, connectionState: z.enum(["ONLINE", "OFFLINE", "CONNECTIONBROKEN"]) })
  .meta({ title: "connection" });

/** Every topic with its message definition. */
export const MESSAGES = {
  order: orderMessage,
  instantActions: instantActionsMessage,
  state: stateMessage,
  visualization: visualizationMessage,
  connection: connectionMessage,
  factsheet: factsheetMessage,
} as const;

export type MessageTopic = keyof typeof MESSAGES;
export type Vda5050Order = z.infer<typeof orderMessage>;
export type Vda5050InstantActions = z.infer<typeof instantActionsMessage>;
export type Vda5050State = z.infer<typeof stateMessage>;
export type Vda5050Visualization = z.infer<typeof visualizationMessage>;
export type Vda5050Connection = z.infer<typeof connectionMessage>;
export type Vda5050Node = Vda5050Order["nodes"][number];
export type Vda5050Edge = Vda5050Order["edges"][number];
export type Vda5050Action = z.infer<typeof action>;
export type Vda5050Error = Vda5050State["errors"][number];

/** A message as parsed, or the reasons why it is none: at most five, each "path: what is wrong". */
export type ParsedMessage<Topic extends MessageTopic> =
  | { readonly ok: true; readonly message: z.infer<(typeof MESSAGES)[Topic]> }
  | { readonly ok: false; readonly reason: string };

/** Judges a parsed JSON value against the definition of its topic. */
export function parseMessage<Topic extends MessageTopic>(topic: Topic, value: unknown): ParsedMessage<Topic> {
  const result = MESSAGES[topic].safeParse(value);
  if (result.success) return { ok: true, message: result.data as z.infer<(typeof MESSAGES)[Topic]> };
  const reasons = result.error.issues
    .slice(0, 5)
    .map((issue) => `${issue.path.join(".") || "message"}: ${issue.message}`);
  return { ok: false, reason: reasons.join("; ") };
}

/** JSON Schema (draft 2020-12) of a topic's message, made from the definitions above. */
export function messageJsonSchema(topic: MessageTopic): Record<string, unknown> {
  return z.toJSONSchema(MESSAGES[topic], { target: "draft-2020-12", io: "input" }) as Record<string, unknown>;
}
