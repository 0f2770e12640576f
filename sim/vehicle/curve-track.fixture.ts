import { defaultVehiclePhysics, type VehiclePhysics } from "../../config/index.ts";
import type { OrderEdge, OrderMessage, OrderNode } from "../../engine/index.ts";
import { buildLaneGraph, type Lane, type Point, prng, referenceVehicle } from "../../planner/index.ts";
import { Conditions, LaneCurves } from "../physics/index.ts";
import { constantServices } from "./fixtures.ts";
import { LaneMap } from "./lane-map.ts";
import { SimVehicle } from "./vehicle.ts";

/** Points of an arc may be this far apart, metres: as in the site files. */
const STEP_M = 0.5;

/** A row of straights and arcs, joined end to end from (0, 0) to the east: [length, radius (0: straight, > 0: left)]. */
export function trackLanes(parts: readonly (readonly [number, number])[], limitMps: number): Lane[] {
  let [x, y, theta] = [0, 0, 0];
  return parts.map(([lengthM, radiusM], i) => {
    const count = radiusM === 0 ? 1 : Math.ceil(lengthM / STEP_M);
    const points: Point[] = [{ x, y }];
    for (let k = 0; k < count; k++) {
      const turn = radiusM === 0 ? 0 : lengthM / count / radiusM;
      const chordM = radiusM === 0 ? lengthM : 2 * Math.abs(radiusM) * Math.sin(Math.abs(turn) / 2);
      x += chordM * Math.cos(theta + turn / 2);
      y += chordM * Math.sin(theta + turn / 2);
      theta += turn;
      points.push({ x, y });
    }
    return {
      id: `T${i}`,
      points,
      speedLimitMps: limitMps,
      widthM: 4,
      twoWay: false,
      modes: ["igv"],
      gradient: 0,
      holding: true,
    };
  });
}

/** A vehicle with full physics that is told to drive a track to its end, and its map. */
export function onTrack(
  lanes: readonly Lane[],
  options: { physics?: Partial<VehiclePhysics>; seed?: number } = {},
): { vehicle: SimVehicle; map: LaneMap; conditions: Conditions } {
  const frame = { lat0: 0, lon0: 0, bearing: 0 };
  const site = { id: "track", frame, lanes, stations: [], surfaces: [], border: [] };
  const map = new LaneMap(buildLaneGraph(site, ["igv"]));
  const conditions = new Conditions();
  const vehicle = new SimVehicle({
    id: "V1",
    type: referenceVehicle,
    map,
    start: { lane: lanes[0]!.id, s: 0 },
    soc: 0.8,
    services: constantServices(1000),
    physics: {
      parameters: { ...defaultVehiclePhysics(), ...options.physics },
      conditions,
      curves: new LaneCurves(map.lanes),
      random: prng(options.seed ?? 1),
    },
  });
  vehicle.receiveOrder(wholeTrack(map, lanes));
  return { vehicle, map, conditions };
}

function wholeTrack(map: LaneMap, lanes: readonly Lane[]): OrderMessage {
  const pose = { x: 0, y: 0, theta: 0 };
  const node = (laneIndex: number, s: number, sequenceId: number): OrderNode => {
    map.poseAt(laneIndex, s, pose);
    const lane = map.lanes.laneId[laneIndex]!;
    return { nodeId: `N${sequenceId}`, sequenceId, released: true, lane, s, ...pose, actions: [] };
  };
  const indexes = lanes.map(({ id }) => map.indexOf(id));
  const ends = indexes.map((index, i) => node(index, map.lanes.lengthM[index]!, 2 * i + 2));
  const edges = indexes.map(
    (index, i): OrderEdge => ({
      edgeId: `E${i}`,
      sequenceId: 2 * i + 1,
      released: true,
      lane: map.lanes.laneId[index]!,
      fromM: 0,
      toM: map.lanes.lengthM[index]!,
      maxSpeedMps: 100,
    }),
  );
  return { vehicle: "V1", orderId: "O1", orderUpdateId: 0, nodes: [node(indexes[0]!, 0, 0), ...ends], edges };
}
