import type { VehicleClientOptions } from "../../fleet-gateway/index.ts";
import type { VehicleType } from "../../planner/index.ts";

/** What a simulated vehicle of a type says of itself in its VDA 5050 factsheet. */
export function factsheetOf(type: VehicleType, stateIntervalMs: number): VehicleClientOptions["factsheet"] {
  const halfWidthM = type.widthM / 2;
  const halfLengthM = type.lengthM / 2;
  const corner = (x: number, y: number): { x: number; y: number } => ({ x, y });
  const instant = (actionType: string) => ({ actionType, actionScopes: ["INSTANT" as const] });
  const handling = (actionType: string) => ({
    actionType,
    actionScopes: ["NODE" as const],
    actionParameters: [{ key: "loadId", valueDataType: "STRING" as const, isOptional: true }],
    blockingTypes: ["HARD" as const],
  });
  return {
    typeSpecification: {
      seriesName: type.type,
      seriesDescription: "simulated container carrier",
      agvKinematic: "OMNI",
      agvClass: "CARRIER",
      maxLoadMass: type.payloadMaxKg,
      localizationTypes: ["NATURAL"],
      navigationTypes: ["VIRTUAL_LINE_GUIDED"],
    },
    physicalParameters: {
      speedMin: 0,
      speedMax: Math.max(type.maxSpeedEmptyMps, type.maxSpeedLadenMps),
      accelerationMax: type.accelerationLadenMps2,
      decelerationMax: type.serviceDecelerationMps2,
      heightMax: 4.5,
      width: type.widthM,
      length: type.lengthM,
    },
    protocolLimits: {
      maxStringLens: {},
      maxArrayLens: {},
      timing: { minOrderInterval: 0, minStateInterval: 0.1, defaultStateInterval: stateIntervalMs / 1000 },
    },
    protocolFeatures: {
      optionalParameters: [],
      agvActions: [
        ...["pick", "drop", "service", "startCharging"].map(handling),
        ...["stopCharging", "cancelOrder", "startPause", "stopPause", "stateRequest", "factsheetRequest"].map(instant),
      ],
    },
    agvGeometry: {
      envelopes2d: [
        {
          set: "footprint",
          polygonPoints: [
            corner(halfLengthM, halfWidthM),
            corner(-halfLengthM, halfWidthM),
            corner(-halfLengthM, -halfWidthM),
            corner(halfLengthM, -halfWidthM),
          ],
        },
      ],
    },
    loadSpecification: {},
  };
}
