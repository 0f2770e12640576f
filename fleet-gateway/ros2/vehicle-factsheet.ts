import type { Vda5050Factsheet } from "../vda5050/factsheet.ts";
import { PROTOCOL_VERSION } from "../vda5050/messages.ts";

/**
 * A factsheet for a vehicle that has none: no limit on messages, and how often its states come at the least.
 * @param stateIntervalS seconds
 */
export function rosFactsheet(vehicle: string, stateIntervalS: number): Vda5050Factsheet {
  return {
    headerId: 0,
    timestamp: new Date(0).toISOString(),
    version: PROTOCOL_VERSION,
    manufacturer: "ros2",
    serialNumber: vehicle,
    typeSpecification: {
      seriesName: "ros2",
      agvKinematic: "OMNI",
      agvClass: "CARRIER",
      maxLoadMass: 0,
      localizationTypes: ["NATURAL"],
      navigationTypes: ["AUTONOMOUS"],
    },
    physicalParameters: {
      speedMin: 0,
      speedMax: 0,
      accelerationMax: 0,
      decelerationMax: 0,
      heightMax: 0,
      width: 0,
      length: 0,
    },
    protocolLimits: {
      maxStringLens: {},
      maxArrayLens: {},
      timing: { minOrderInterval: 0, minStateInterval: 0, defaultStateInterval: stateIntervalS },
    },
    protocolFeatures: { optionalParameters: [], agvActions: [] },
    agvGeometry: {},
    loadSpecification: {},
  };
}
