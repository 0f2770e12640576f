/** A small lane graph and messages on it, for tests of this folder. */
import type { OrderAction, OrderEdge, OrderMessage, OrderNode } from "../../engine/index.ts";
import type { LaneGraph } from "../../planner/index.ts";
import type { Vda5050Factsheet } from "./factsheet.ts";
import { createLaneGeometry } from "./lane-geometry.ts";
import type { Vda5050State } from "./messages.ts";

/** Lanes by id with the coordinates of their points, metres. Nodes are not needed by what is tested here. */
export function laneGraph(lanes: Record<string, readonly (readonly [number, number])[]>): LaneGraph {
  const ids = Object.keys(lanes);
  const pointsXY = ids.map((id) => Float64Array.from(lanes[id]!.flat()));
  const pointsS = pointsXY.map((xy) => {
    const along = new Float64Array(xy.length / 2);
    for (let i = 1; i < along.length; i++) {
      along[i] = along[i - 1]! + Math.hypot(xy[2 * i]! - xy[2 * i - 2]!, xy[2 * i + 1]! - xy[2 * i - 1]!);
    }
    return along;
  });
  const count = ids.length;
  return {
    laneCount: count,
    nodeCount: 0,
    laneId: ids,
    siteLane: Int32Array.from(ids.keys()),
    reversed: new Uint8Array(count),
    opposite: new Int32Array(count).fill(-1),
    fromNode: new Int32Array(count),
    toNode: new Int32Array(count),
    lengthM: Float64Array.from(pointsS, (along) => along.at(-1)!),
    speedLimitMps: new Float64Array(count).fill(8),
    gradient: new Float64Array(count),
    holding: new Uint8Array(count).fill(1),
    firstOut: new Uint32Array(1),
    outLane: new Int32Array(0),
    firstIn: new Uint32Array(1),
    inLane: new Int32Array(0),
    nodeX: new Float64Array(0),
    nodeY: new Float64Array(0),
    pointsXY,
    pointsS,
    segmentTheta: pointsXY.map((xy) =>
      Float64Array.from({ length: xy.length / 2 - 1 }, (_, i) =>
        Math.atan2(xy[2 * i + 3]! - xy[2 * i + 1]!, xy[2 * i + 2]! - xy[2 * i]!),
      ),
    ),
  };
}

/**
 * "west" runs 100 m east, "bend" goes on round a corner of 40 m, "north" 60 m up; "back" is beside "west", 4 m to the
 * north, in the other direction.
 */
export const corridor = laneGraph({
  west: [
    [0, 0],
    [100, 0],
  ],
  bend: [
    [100, 0],
    [120, 0],
    [120, 20],
  ],
  north: [
    [120, 20],
    [120, 80],
  ],
  back: [
    [100, 4],
    [0, 4],
  ],
});
export const geometry = createLaneGeometry(corridor);

/** The stops of the way west - bend - north: node ids with lane and metres. */
const stops: readonly (readonly [id: string, lane: string, s: number, x: number, y: number, theta: number])[] = [
  ["n0", "west", 0, 0, 0, 0],
  ["n1", "west", 50, 50, 0, 0],
  ["n2", "west", 100, 100, 0, 0],
  ["n3", "bend", 40, 120, 20, Math.PI / 2],
  ["n4", "north", 30, 120, 50, Math.PI / 2],
  ["n5", "north", 60, 120, 80, Math.PI / 2],
];

export function node(index: number, released: boolean, actions: readonly OrderAction[] = []): OrderNode {
  const [nodeId, lane, s, x, y, theta] = stops[index]!;
  return { nodeId, sequenceId: 2 * index, released, lane, s, x, y, theta, actions };
}

function edge(index: number, released: boolean): OrderEdge {
  const from = stops[index]!;
  const to = stops[index + 1]!;
  const fromM = from[1] === to[1] ? from[2] : 0;
  const edgeId = `${to[1]}:${fromM}-${to[2]}`;
  return { edgeId, sequenceId: 2 * index + 1, released, lane: to[1], fromM, toM: to[2], maxSpeedMps: 6 };
}

/** An order along the way from stop `first`: released up to stop `baseEnd`, horizon up to stop `end`. */
export function order(
  orderId: string,
  orderUpdateId: number,
  [first, baseEnd, end]: readonly [number, number, number],
  actions: Readonly<Record<number, readonly OrderAction[]>> = {},
): OrderMessage {
  const nodes: OrderNode[] = [];
  const edges: OrderEdge[] = [];
  for (let i = first; i <= end; i++) {
    nodes.push(node(i, i <= baseEnd, actions[i]));
    if (i > first) edges.push(edge(i - 1, i <= baseEnd));
  }
  return { vehicle: "V01", orderId, orderUpdateId, nodes, edges };
}

let headerId = 0;

/** A state of V01 standing at (0, 0) without an order, later than all made before, with what `changes` says instead. */
export function state(changes: Partial<Vda5050State> = {}): Vda5050State {
  headerId++;
  return {
    headerId,
    timestamp: new Date(Date.UTC(2026, 0, 1) + headerId * 1000).toISOString(),
    version: "2.1.0",
    manufacturer: "kalong",
    serialNumber: "V01",
    orderId: "",
    orderUpdateId: 0,
    lastNodeId: "",
    lastNodeSequenceId: 0,
    driving: false,
    operatingMode: "AUTOMATIC",
    nodeStates: [],
    edgeStates: [],
    agvPosition: { x: 0, y: 0, theta: 0, mapId: "site", positionInitialized: true },
    actionStates: [],
    batteryState: { batteryCharge: 80, charging: false },
    errors: [],
    safetyState: { eStop: "NONE", fieldViolation: false },
    ...changes,
  };
}

/** The part of a state that follows from an order and the index of the stop reached last. */
export function progress(message: OrderMessage, reached: number): Partial<Vda5050State> {
  const [lastNodeId, , , x, y, theta] = stops[reached]!;
  return {
    orderId: message.orderId,
    orderUpdateId: message.orderUpdateId,
    lastNodeId,
    lastNodeSequenceId: 2 * reached,
    nodeStates: message.nodes
      .filter((candidate) => candidate.sequenceId > 2 * reached)
      .map(({ nodeId, sequenceId, released }) => ({ nodeId, sequenceId, released })),
    edgeStates: message.edges
      .filter((candidate) => candidate.sequenceId > 2 * reached)
      .map(({ edgeId, sequenceId, released }) => ({ edgeId, sequenceId, released })),
    agvPosition: { x, y, theta, mapId: "site", positionInitialized: true },
  };
}

export function factsheet(changes: {
  arrays?: Vda5050Factsheet["protocolLimits"]["maxArrayLens"];
  strings?: Vda5050Factsheet["protocolLimits"]["maxStringLens"];
  timing?: Partial<Vda5050Factsheet["protocolLimits"]["timing"]>;
}): Vda5050Factsheet {
  return {
    version: "2.1.0",
    manufacturer: "kalong",
    serialNumber: "V01",
    typeSpecification: {
      seriesName: "IGV",
      agvKinematic: "OMNI",
      agvClass: "CARRIER",
      maxLoadMass: 40_000,
      localizationTypes: ["NATURAL"],
      navigationTypes: ["VIRTUAL_LINE_GUIDED"],
    },
    physicalParameters: {
      speedMin: 0,
      speedMax: 8,
      accelerationMax: 0.5,
      decelerationMax: 1,
      heightMax: 2,
      width: 3,
      length: 15,
    },
    protocolLimits: {
      maxStringLens: changes.strings ?? {},
      maxArrayLens: changes.arrays ?? {},
      timing: { minOrderInterval: 0, minStateInterval: 0.1, ...changes.timing },
    },
    protocolFeatures: { optionalParameters: [], agvActions: [] },
    agvGeometry: {},
    loadSpecification: {},
  };
}
