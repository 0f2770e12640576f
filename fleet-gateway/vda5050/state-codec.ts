/** Vehicle states: VDA 5050's to the engine's (fleet control reads) and back (our vehicles write). */
import type { VehicleError, VehicleState } from "../../engine/index.ts";
import type { LaneGeometry } from "./lane-geometry.ts";
import type { Vda5050Error, Vda5050State } from "./messages.ts";
import { edgeIdOf } from "./order-codec.ts";
import { matchOnPath, type OrderPath } from "./order-path.ts";

export interface StateCodecOptions {
  readonly mapId: string;
  readonly geometry: LaneGeometry;
  /** Uncertainty of a position, metres, for vehicles that do not report one. */
  readonly defaultUncertaintyM: number;
}

/** A state without the protocol header. */
export type StateBody = Omit<Vda5050State, "headerId" | "timestamp" | "version" | "manufacturer" | "serialNumber">;

/** Said of a vehicle that does not know where it is: more than any site is long, so nothing counts as left. */
const UNLOCATED_M = 1e6;

export interface DecodedState {
  readonly state: VehicleState;
  /** Metres between the reported position and the path that it was matched to. */
  readonly offPathM: number;
  /** Its last node belongs to that path. */
  readonly reachedNode: boolean;
}

/**
 * Reads a state.
 * @param path the way of the order that the state names, or null if fleet control does not know that order
 * @returns null if the state does not say where the vehicle is and its order does not tell either
 */
export function decodeState(
  vehicle: string,
  message: StateBody,
  path: OrderPath | null,
  options: StateCodecOptions,
): DecodedState | null {
  const reached = path?.nodes.find(
    (node) => node.sequenceId === message.lastNodeSequenceId && node.nodeId === message.lastNodeId,
  );
  const reported = message.agvPosition?.mapId === options.mapId ? message.agvPosition : undefined;
  const position =
    reported ??
    (reached === undefined || path === null ? null : deadReckoned(path, reached.sequenceId, message, options));
  if (position === null) return null;
  const { x, y, theta } = position;
  const matched =
    path === null
      ? options.geometry.nearest(x, y, theta)
      : matchOnPath(path, reached?.sequenceId ?? null, x, y, options.geometry);
  if (matched === null) return null;
  const state: VehicleState = {
    vehicle,
    orderId: message.orderId,
    orderUpdateId: message.orderUpdateId,
    lastNodeId: message.lastNodeId,
    lastNodeSequenceId: message.lastNodeSequenceId,
    nodeSequenceIds: message.nodeStates.map((node) => node.sequenceId),
    x,
    y,
    theta,
    v: message.velocity?.vx ?? (message.driving ? assumedSpeed(path, message.lastNodeSequenceId) : 0),
    lane: matched.lane,
    s: Math.round(matched.s * 1e6) / 1e6,
    uncertaintyM: reported === undefined ? options.defaultUncertaintyM : uncertaintyM(reported, options),
    driving: message.driving,
    paused: message.paused ?? false,
    operatingMode: message.operatingMode,
    soc: message.batteryState.batteryCharge / 100,
    charging: message.batteryState.charging,
    loads: (message.loads ?? []).map((load) => load.loadId ?? ""),
    actionStates: message.actionStates.map(({ actionId, actionStatus }) => ({ actionId, actionStatus })),
    errors: message.errors.map(({ errorType, errorLevel, errorDescription }) => ({
      errorType,
      errorLevel,
      errorDescription: errorDescription ?? "",
    })),
    eStop: message.safetyState.eStop,
    fieldViolation: message.safetyState.fieldViolation,
  };
  return { state, offPathM: matched.distanceM, reachedNode: reached !== undefined };
}

/** A vehicle without a position: so many metres past its last node, along the edge ahead of it. */
function deadReckoned(
  path: OrderPath,
  lastNodeSequenceId: number,
  message: StateBody,
  options: StateCodecOptions,
): { x: number; y: number; theta: number } | null {
  const node = path.nodes.find((candidate) => candidate.sequenceId === lastNodeSequenceId);
  if (node === undefined) return null;
  const edge = path.edges.find((candidate) => candidate.sequenceId === lastNodeSequenceId + 1);
  const drivenM = message.distanceSinceLastNode ?? 0;
  if (edge === undefined || drivenM <= 0) return node;
  const line = options.geometry.line(edge.lane, edge.fromM, Math.min(edge.toM, edge.fromM + drivenM));
  const end = line.at(-1) ?? node;
  const before = line.at(-2) ?? node;
  return { x: end.x, y: end.y, theta: Math.atan2(end.y - before.y, end.x - before.x) };
}

/** Speed of a driving vehicle that does not report it: the greatest that its edge allows. */
function assumedSpeed(path: OrderPath | null, lastNodeSequenceId: number): number {
  return path?.edges.find((edge) => edge.sequenceId === lastNodeSequenceId + 1)?.maxSpeedMps ?? 0;
}

function uncertaintyM(position: NonNullable<Vda5050State["agvPosition"]>, options: StateCodecOptions): number {
  if (!position.positionInitialized) return UNLOCATED_M;
  if (position.deviationRange !== undefined) return Math.abs(position.deviationRange);
  const score = position.localizationScore ?? 1;
  return score <= 0 ? UNLOCATED_M : Math.min(UNLOCATED_M, options.defaultUncertaintyM / score);
}

/** An error of the vehicle with what it refers to, where the controller says so. */
export interface ReferencedVehicleError extends VehicleError {
  readonly errorReferences?: NonNullable<Vda5050Error["errorReferences"]>;
}

/**
 * Writes a state of one of our vehicles.
 * @param path        the way of its order as it was received, or null before the first order
 * @param newBaseRequest the base ends within the vehicle's braking distance while there is a horizon
 */
export function encodeState(
  state: VehicleState,
  path: OrderPath | null,
  mapId: string,
  newBaseRequest: boolean,
): StateBody {
  const ahead = new Set(state.nodeSequenceIds);
  const nodes = path?.nodes.filter((node) => ahead.has(node.sequenceId)) ?? [];
  const firstAhead = state.nodeSequenceIds[0];
  const edges = firstAhead === undefined ? [] : (path?.edges.filter((edge) => edge.sequenceId >= firstAhead - 1) ?? []);
  return {
    orderId: state.orderId,
    orderUpdateId: state.orderUpdateId,
    lastNodeId: state.lastNodeId,
    lastNodeSequenceId: state.lastNodeSequenceId,
    driving: state.driving,
    paused: state.paused,
    newBaseRequest,
    operatingMode: state.operatingMode,
    nodeStates: nodes.map(({ nodeId, sequenceId, released, x, y, theta }) => ({
      nodeId,
      sequenceId,
      released,
      nodePosition: { x, y, theta, mapId },
    })),
    edgeStates: edges.map((edge) => ({ edgeId: edgeIdOf(edge), sequenceId: edge.sequenceId, released: edge.released })),
    agvPosition: {
      x: state.x,
      y: state.y,
      theta: state.theta,
      mapId,
      positionInitialized: state.uncertaintyM < UNLOCATED_M,
      deviationRange: state.uncertaintyM,
    },
    velocity: { vx: state.v },
    loads: state.loads.map((loadId) => ({ loadId })),
    actionStates: state.actionStates.map(({ actionId, actionStatus }) => ({ actionId, actionStatus })),
    batteryState: { batteryCharge: state.soc * 100, charging: state.charging },
    errors: state.errors.map((error: ReferencedVehicleError) => ({
      errorType: error.errorType,
      errorLevel: error.errorLevel,
      errorDescription: error.errorDescription,
      ...(error.errorReferences === undefined ? {} : { errorReferences: [...error.errorReferences] }),
    })),
    safetyState: { eStop: state.eStop, fieldViolation: state.fieldViolation },
  };
}
