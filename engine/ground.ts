/**
 * The ground that a vehicle holds: metres of lanes from behind its tail to the end of its authority, and for each lane
 * the order of those granted over it. Followers end behind what the vehicle ahead still holds, so intervals on a lane
 * are disjoint and in the order of the grants by construction.
 */
import { NONE } from "../planner/index.ts";
import { appendLeg, type PathPiece } from "./path.ts";
import type { Engine, VehicleWorld } from "./world.ts";

/** Ground behind is given back in steps of this many metres; finer where somebody follows closely. */
const RELEASE_STEP_M = 10;
const RELEASE_STEP_FOLLOWED_M = 0.5;

/** Puts a newly admitted vehicle's body on its lanes; its centre is the origin of its path. */
export function occupyStand(engine: Engine, vehicle: VehicleWorld, stand: number): void {
  const behind = engine.overhangs.behind[stand]!;
  const { stopLane, stopM } = engine.options.graph.stands[stand]!;
  let length = 0;
  for (const hang of behind) length += hang.toM - hang.fromM;
  let at = -length;
  vehicle.pieces = [];
  for (const hang of behind) {
    vehicle.pieces.push({ lane: hang.lane, fromM: hang.fromM, toM: hang.toM, startM: at });
    at += hang.toM - hang.fromM;
  }
  if (vehicle.pieces.length === 0 || vehicle.pieces[vehicle.pieces.length - 1]!.lane !== stopLane) {
    vehicle.pieces.push({ lane: stopLane, fromM: stopM, toM: stopM, startM: 0 });
  }
  for (const piece of vehicle.pieces) joinLane(engine, piece.lane, vehicle);
  vehicle.piece = vehicle.pieces.length - 1;
  vehicle.positionM = 0;
  vehicle.grantedEndM = 0;
  vehicle.baseEndM = 0;
  vehicle.heldFromM = -length;
  publishHeld(engine, vehicle);
}

function joinLane(engine: Engine, lane: number, vehicle: VehicleWorld): void {
  const users = engine.laneUsers[lane]!;
  if (!users.includes(vehicle)) users.push(vehicle);
}

/** Lengthens the path by a leg that was granted. */
export function occupyLeg(engine: Engine, vehicle: VehicleWorld, leg: number): void {
  vehicle.grantedEndM = appendLeg(engine.options.graph, vehicle.pieces, leg, vehicle.grantedEndM);
  for (const lane of engine.options.graph.legs[leg]!.lanes) joinLane(engine, lane, vehicle);
}

/** Gives back what the tail, with gap and uncertainty, has left. */
export function releaseTail(engine: Engine, vehicle: VehicleWorld): void {
  const { type } = engine.options;
  const uncertaintyM = vehicle.state?.uncertaintyM ?? 0;
  const tailM = vehicle.positionM - uncertaintyM - type.lengthM / 2 - type.standstillGapM;
  const stepM = vehicle.followed ? RELEASE_STEP_FOLLOWED_M : RELEASE_STEP_M;
  if (tailM - vehicle.heldFromM < stepM) return;
  vehicle.heldFromM = tailM;
  const pieces = vehicle.pieces;
  let gone = 0;
  while (gone + 1 < pieces.length && pieces[gone + 1]!.startM <= tailM) gone++;
  if (gone > 0) {
    const left = pieces.splice(0, gone);
    vehicle.piece = Math.max(0, vehicle.piece - gone);
    for (const piece of left) {
      if (pieces.some((other) => other.lane === piece.lane)) continue;
      const users = engine.laneUsers[piece.lane]!;
      users.splice(users.indexOf(vehicle), 1);
    }
  }
  publishHeld(engine, vehicle);
}

/** Path coordinate of the end of a vehicle's authority: end of its granted legs, but behind who is ahead on a lane. */
export function authority(engine: Engine, vehicle: VehicleWorld): number {
  let limitM = vehicle.grantedEndM;
  if (!engine.options.reservations) return limitM;
  const halfM = engine.options.type.lengthM / 2;
  const pieces = vehicle.pieces;
  let ahead: VehicleWorld | null = null;
  const consider = (lane: number, laneStartM: number, users: readonly VehicleWorld[], until: number): void => {
    // `laneStartM`: own path coordinate of the lane's metre 0.
    for (let i = until - 1; i >= 0; i--) {
      const other = users[i]!;
      if (other === vehicle) continue;
      const heldM = heldFromOn(other, lane);
      if (heldM === null) continue;
      const endM = laneStartM + heldM - halfM;
      if (endM < limitM) {
        limitM = endM;
        ahead = other;
      }
      // Those granted before it are further ahead.
      return;
    }
  };
  for (let i = vehicle.piece; i < pieces.length; i++) {
    const piece = pieces[i]!;
    const users = engine.laneUsers[piece.lane]!;
    if (users.length > 1) consider(piece.lane, piece.startM - piece.fromM, users, users.indexOf(vehicle));
  }
  let atM = vehicle.grantedEndM;
  for (const hang of endOverhang(engine, vehicle)) {
    const users = engine.laneUsers[hang.lane]!;
    const own = users.indexOf(vehicle);
    if (users.length > 0) consider(hang.lane, atM - hang.fromM, users, own < 0 ? users.length : own);
    atM += hang.toM - hang.fromM;
  }
  vehicle.behind = NONE;
  if (ahead !== null) {
    (ahead as VehicleWorld).followed = true;
    vehicle.behind = (ahead as VehicleWorld).index;
  }
  return limitM;
}

/** Lane metre from which a vehicle holds ground on a lane, or null where it holds none of it any more. */
function heldFromOn(vehicle: VehicleWorld, lane: number): number | null {
  for (const piece of vehicle.pieces) {
    if (piece.lane !== lane) continue;
    if (piece.startM + (piece.toM - piece.fromM) < vehicle.heldFromM) continue;
    return piece.fromM + (vehicle.heldFromM - piece.startM);
  }
  return null;
}

/** What the front covers past the stop line at which the granted legs end. */
function endOverhang(engine: Engine, vehicle: VehicleWorld): readonly { lane: number; fromM: number; toM: number }[] {
  const traffic = engine.book.vehicles[vehicle.index]!;
  let granted = 0;
  while (granted < traffic.steps.length && traffic.steps[granted]!.granted) granted++;
  return engine.overhangs.ahead[traffic.visits[granted]!.stand]!;
}

/** Tells the recording what the vehicle holds of each lane now: from behind its tail to its front at the end of its base. */
export function publishHeld(engine: Engine, vehicle: VehicleWorld): void {
  const frontM = vehicle.baseEndM + engine.options.type.lengthM / 2;
  const now = new Map<number, { fromM: number; toM: number }>();
  const add = (lane: number, fromM: number, toM: number): void => {
    const known = now.get(lane);
    if (known === undefined) now.set(lane, { fromM, toM });
    else {
      known.fromM = Math.min(known.fromM, fromM);
      known.toM = Math.max(known.toM, toM);
    }
  };
  const clip = (piece: PathPiece): void => {
    const endM = piece.startM + (piece.toM - piece.fromM);
    const from = Math.max(piece.startM, vehicle.heldFromM);
    const to = Math.min(endM, frontM);
    if (to - from > 1e-9) add(piece.lane, piece.fromM + (from - piece.startM), piece.fromM + (to - piece.startM));
  };
  for (const piece of vehicle.pieces) clip(piece);
  let atM = vehicle.grantedEndM;
  for (const hang of endOverhang(engine, vehicle)) {
    clip({ lane: hang.lane, fromM: hang.fromM, toM: hang.toM, startM: atM });
    atM += hang.toM - hang.fromM;
  }
  const laneId = engine.options.graph.lanes.laneId;
  for (const [lane, part] of now) {
    const known = vehicle.held.get(lane);
    if (known !== undefined && known.fromM === part.fromM && known.toM === part.toM) continue;
    vehicle.held.set(lane, part);
    emitGround(
      engine,
      vehicle,
      laneId[lane]!,
      "lane",
      "",
      part.fromM,
      part.toM,
      "granted",
      engine.laneUsers[lane]!.indexOf(vehicle),
    );
  }
  for (const lane of vehicle.held.keys()) {
    if (now.has(lane)) continue;
    vehicle.held.delete(lane);
    emitGround(engine, vehicle, laneId[lane]!, "lane", "", 0, 0, "cleared", NONE);
  }
}

export function emitGround(
  engine: Engine,
  vehicle: VehicleWorld,
  resource: string,
  kind: "lane" | "area" | "place",
  side: string,
  fromM: number,
  toM: number,
  event: "granted" | "cleared",
  seq: number,
): void {
  engine.outputs.push({
    kind: "reservation",
    message: { vehicle: vehicle.id, resource, kind, side, fromM, toM, event, seq },
  });
}
