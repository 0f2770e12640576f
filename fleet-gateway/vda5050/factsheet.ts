/** The factsheet (VDA 5050 2.1, section 7): what a vehicle type is and which limits its controller has. */
import { z } from "zod";
import { count, header, integer } from "./fields.ts";

const typeSpecification = z.object({
  seriesName: z.string(),
  seriesDescription: z.string().exactOptional(),
  agvKinematic: z.enum(["DIFF", "OMNI", "THREEWHEEL"]),
  agvClass: z.enum(["FORKLIFT", "CONVEYOR", "TUGGER", "CARRIER"]),
  maxLoadMass: z.number().min(0).describe("kg."),
  localizationTypes: z.array(z.enum(["NATURAL", "REFLECTOR", "RFID", "DMC", "SPOT", "GRID"])),
  navigationTypes: z.array(z.enum(["PHYSICAL_LINE_GUIDED", "VIRTUAL_LINE_GUIDED", "AUTONOMOUS"])),
});

const physicalParameters = z.object({
  speedMin: z.number().describe("m/s."),
  speedMax: z.number().describe("m/s."),
  accelerationMax: z.number().describe("m/s², fully laden."),
  decelerationMax: z.number().describe("m/s², fully laden."),
  heightMin: z.number().exactOptional().describe("Metres."),
  heightMax: z.number().describe("Metres."),
  width: z.number().describe("Metres."),
  length: z.number().describe("Metres."),
});

const limit = integer.exactOptional();

const protocolLimits = z.object({
  maxStringLens: z.object({
    msgLen: limit.describe("Bytes of an MQTT message."),
    topicSerialLen: limit,
    topicElemLen: limit,
    idLen: limit.describe("Characters of any id."),
    idNumericalOnly: z.boolean().exactOptional(),
    enumLen: limit,
    loadIdLen: limit,
  }),
  maxArrayLens: z.object({
    "order.nodes": limit,
    "order.edges": limit,
    "node.actions": limit,
    "edge.actions": limit,
    "actions.actionsParameters": limit,
    instantActions: limit,
    "trajectory.knotVector": limit,
    "trajectory.controlPoints": limit,
    "state.nodeStates": limit,
    "state.edgeStates": limit,
    "state.loads": limit,
    "state.actionStates": limit,
    "state.errors": limit,
    "state.information": limit,
    "error.errorReferences": limit,
    "information.infoReferences": limit,
  }),
  timing: z.object({
    minOrderInterval: z.number().describe("Least time between two orders, s."),
    minStateInterval: z.number().describe("Least time between two states, s."),
    defaultStateInterval: z.number().exactOptional().describe("Longest time between two states, s; 30 if left out."),
    visualizationInterval: z.number().exactOptional().describe("s."),
  }),
});

const protocolFeatures = z.object({
  optionalParameters: z.array(
    z.object({
      parameter: z.string().describe("Full name, as order.nodes.nodePosition.allowedDeviationXY."),
      support: z.enum(["SUPPORTED", "REQUIRED"]),
      description: z.string().exactOptional(),
    }),
  ),
  agvActions: z.array(
    z.object({
      actionType: z.string(),
      actionDescription: z.string().exactOptional(),
      actionScopes: z.array(z.enum(["INSTANT", "NODE", "EDGE"])),
      actionParameters: z
        .array(
          z.object({
            key: z.string(),
            valueDataType: z.enum(["BOOL", "NUMBER", "INTEGER", "FLOAT", "STRING", "OBJECT", "ARRAY"]),
            description: z.string().exactOptional(),
            isOptional: z.boolean().exactOptional(),
          }),
        )
        .exactOptional(),
      resultDescription: z.string().exactOptional(),
      blockingTypes: z.array(z.enum(["NONE", "SOFT", "HARD"])).exactOptional(),
    }),
  ),
});

const polygonPoint = z.object({ x: z.number(), y: z.number() });

const agvGeometry = z.object({
  wheelDefinitions: z
    .array(
      z.object({
        type: z.enum(["DRIVE", "CASTER", "FIXED", "MECANUM"]),
        isActiveDriven: z.boolean(),
        isActiveSteered: z.boolean(),
        position: z.object({ x: z.number(), y: z.number(), theta: z.number().exactOptional() }),
        diameter: z.number().describe("Metres."),
        width: z.number().describe("Metres."),
        centerDisplacement: z.number().exactOptional().describe("Metres."),
        constraints: z.string().exactOptional(),
      }),
    )
    .exactOptional(),
  envelopes2d: z
    .array(
      z.object({
        set: z.string(),
        polygonPoints: z.array(polygonPoint),
        description: z.string().exactOptional(),
      }),
    )
    .exactOptional(),
  envelopes3d: z
    .array(
      z.object({
        set: z.string(),
        format: z.string(),
        data: z.record(z.string(), z.unknown()).exactOptional(),
        url: z.string().exactOptional(),
        description: z.union([z.string(), integer]).exactOptional(),
      }),
    )
    .exactOptional(),
});

const optionalNumber = z.number().exactOptional();

const loadSpecification = z.object({
  loadPositions: z.array(z.string()).exactOptional(),
  loadSets: z
    .array(
      z.object({
        setName: z.string(),
        loadType: z.string(),
        loadPositions: z.array(z.string()).exactOptional(),
        boundingBoxReference: z
          .object({ x: z.number(), y: z.number(), z: z.number(), theta: optionalNumber })
          .exactOptional(),
        loadDimensions: z.object({ length: z.number(), width: z.number(), height: optionalNumber }).exactOptional(),
        maxWeight: optionalNumber,
        minLoadhandlingHeight: optionalNumber,
        maxLoadhandlingHeight: optionalNumber,
        minLoadhandlingDepth: optionalNumber,
        maxLoadhandlingDepth: optionalNumber,
        minLoadhandlingTilt: optionalNumber,
        maxLoadhandlingTilt: optionalNumber,
        agvSpeedLimit: optionalNumber,
        agvAccelerationLimit: optionalNumber,
        agvDecelerationLimit: optionalNumber,
        pickTime: optionalNumber,
        dropTime: optionalNumber,
        description: z.string().exactOptional(),
      }),
    )
    .exactOptional(),
});

const vehicleConfig = z.object({
  versions: z.array(z.object({ key: z.string(), value: z.string() })).exactOptional(),
  network: z
    .object({
      dnsServers: z.array(z.string()).exactOptional(),
      localIpAddress: z.string().exactOptional(),
      ntpServers: z.array(z.string()).exactOptional(),
      netmask: z.string().exactOptional(),
      defaultGateway: z.string().exactOptional(),
    })
    .exactOptional(),
});

/** Published by the vehicle, retained, when it is asked to (factsheetRequest). */
export const factsheetMessage = z
  .object({
    headerId: count.exactOptional(),
    timestamp: header.timestamp.exactOptional(),
    version: header.version,
    manufacturer: header.manufacturer,
    serialNumber: header.serialNumber,
    typeSpecification,
    physicalParameters,
    protocolLimits,
    protocolFeatures,
    agvGeometry,
    loadSpecification,
    vehicleConfig: vehicleConfig.exactOptional(),
  })
  .meta({ title: "factsheet" });

export type Vda5050Factsheet = z.infer<typeof factsheetMessage>;
