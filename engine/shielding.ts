/**
 * Feeds the safety shield with what vehicles report, and carries out what it decides. Of a vehicle it believes one thing:
 * that it will stand at the end of what it was told to drive, as long as its speed still fits that with the service
 * brake. Past that end, too fast for it, or off its path, it is reckoned to run on until a pause reaches it: state's age,
 * way of the message and reaction at its present speed, then the service brake, which is what a pause applies.
 */
import { LOOKAHEAD_MARGIN_M, MESSAGE_DELAY_S, poseAt } from "../planner/index.ts";
import { emitEvent } from "./events.ts";
import { pieceAt } from "./path.ts";
import { Shield, type ShieldVehicle, type StopDecision } from "./shield/index.ts";
import type { Engine, EngineOptions, VehicleWorld } from "./world.ts";

/** Time between two looks at whether a stopped vehicle may go on, ms, and how many in a row must find nothing. */
const RELEASE_EVERY_MS = 1000;
const RELEASE_LOOKS = 5;
/** A reported position may be this far from its place on the path, metres. */
const OFF_PATH_M = 1;
/** Spacing of path points, metres, and so many at most: beyond the longest stop distance. */
const POINT_EVERY_M = 2;
const POINTS_MAX = 48;

/** One vehicle as the shield sees it. Path points are computed only if the shield asks for them. */
class Body implements ShieldVehicle {
  readonly world: VehicleWorld;
  readonly lengthM: number;
  readonly widthM: number;
  readonly decelerationMps2: number;
  x = 0;
  y = 0;
  theta = 0;
  v = 0;
  reactionS = 0;
  stopWithinM = 0;
  /** It stands or drives within what it was told, on its path. */
  keepsToOrder = true;
  readonly #engine: Engine;
  readonly #points = new Float64Array(2 * POINTS_MAX);
  #count = -1;

  constructor(engine: Engine, world: VehicleWorld) {
    const { type } = engine.options;
    this.world = world;
    this.lengthM = type.lengthM;
    this.widthM = type.widthM;
    this.decelerationMps2 = type.serviceDecelerationMps2;
    this.#engine = engine;
  }

  get index(): number {
    return this.world.index;
  }

  get path(): ArrayLike<number> {
    if (this.#count < 0) this.#follow();
    return this.#points;
  }

  get pathPoints(): number {
    if (this.#count < 0) this.#follow();
    return this.#count;
  }

  refresh(): void {
    const { world } = this;
    const state = world.state!;
    this.#count = -1;
    this.x = state.x;
    this.y = state.y;
    this.theta = state.theta;
    this.v = state.driving || state.v !== 0 ? state.v : 0;
    if (this.v === 0 && !world.shielded) return;
    const { options, nowMs, pose } = this.#engine;
    this.reactionS = options.type.reactionS + MESSAGE_DELAY_S + (nowMs - world.stateMs) / 1000;
    const piece = world.pieces[world.piece]!;
    poseAt(options.graph.lanes, piece.lane, piece.fromM + (world.positionM - piece.startM), pose);
    const dx = pose[0]! - state.x;
    const dy = pose[1]! - state.y;
    const leftM = world.baseEndM - world.positionM;
    const brakingM = (this.v * this.v) / (2 * this.decelerationMps2);
    this.keepsToOrder = dx * dx + dy * dy <= OFF_PATH_M * OFF_PATH_M && brakingM <= leftM + LOOKAHEAD_MARGIN_M;
    this.stopWithinM = this.keepsToOrder ? Math.max(0, leftM) : Number.POSITIVE_INFINITY;
  }

  /** As it would be if it were let go: driving to the end of what it was told. */
  tryGoing(): void {
    this.v = this.#engine.options.type.maxSpeedEmptyMps;
    this.stopWithinM = Math.max(0, this.world.baseEndM - this.world.positionM);
  }

  #follow(): void {
    const { pieces, positionM, piece } = this.world;
    const { pose, options } = this.#engine;
    const last = pieces[pieces.length - 1]!;
    const endM = last.startM + (last.toM - last.fromM);
    let at = piece;
    let count = 0;
    for (let m = positionM; count < POINTS_MAX; m = Math.min(endM, m + POINT_EVERY_M)) {
      at = pieceAt(pieces, m, at);
      const on = pieces[at]!;
      poseAt(options.graph.lanes, on.lane, on.fromM + (m - on.startM), pose);
      this.#points[2 * count] = pose[0]!;
      this.#points[2 * count + 1] = pose[1]!;
      count++;
      if (m >= endM) break;
    }
    this.#count = count;
  }
}

/** The shield with its view of the fleet. */
export class Shielding {
  readonly #shield: Shield;
  /** The same, asked what would be if stopped vehicles were let go. */
  readonly #trial: Shield;
  #bodies: Body[] = [];
  #lookedMs = 0;

  constructor(options: Pick<EngineOptions, "vehiclesMax" | "tickMs">) {
    const { vehiclesMax, tickMs } = options;
    this.#shield = new Shield({ vehiclesMax, tickS: tickMs / 1000 });
    this.#trial = new Shield({ vehiclesMax, tickS: tickMs / 1000 });
  }

  /** Looks at the fleet once, stops who must stop and lets go who may. @returns vehicles stopped now */
  look(engine: Engine): number {
    const known = engine.vehicles.reduce((count, vehicle) => count + (vehicle.state === null ? 0 : 1), 0);
    if (known !== this.#bodies.length) {
      this.#bodies = engine.vehicles.flatMap((vehicle) => (vehicle.state === null ? [] : [new Body(engine, vehicle)]));
    }
    let moves = false;
    let held = false;
    for (const body of this.#bodies) {
      body.refresh();
      moves ||= body.v !== 0;
      held ||= body.world.shielded;
    }
    const decisions = moves ? this.#shield.check(this.#bodies) : [];
    let stopped = 0;
    for (const decision of decisions) if (stop(engine, decision)) stopped++;
    if (held && engine.nowMs - this.#lookedMs >= RELEASE_EVERY_MS) {
      this.#lookedMs = engine.nowMs;
      this.#release(engine);
    }
    return stopped;
  }

  /** Smallest distance between two footprints of which one moved, in the last look; Infinity without any. */
  get minSeparationM(): number {
    return this.#shield.minSeparationM;
  }

  /**
   * The rule by which a stopped vehicle goes on: it stands, within what it was told to drive, and in five looks a second
   * apart nothing was found in the way of driving there. One at a time: two are never let go against each other.
   */
  #release(engine: Engine): void {
    for (const body of this.#bodies) {
      const { world } = body;
      if (!world.shielded) continue;
      const stands = body.v === 0 && world.positionM <= world.baseEndM + LOOKAHEAD_MARGIN_M;
      if (!stands || !body.keepsToOrder || !this.#mayGo(body)) {
        world.shieldClearLooks = 0;
        continue;
      }
      if (++world.shieldClearLooks < RELEASE_LOOKS) continue;
      world.shielded = false;
      world.shieldClearLooks = 0;
      if (!world.paused) sendPause(engine, world, "stopPause");
      emitEvent(engine, "shield-release", world.id);
      return;
    }
  }

  #mayGo(body: Body): boolean {
    body.tryGoing();
    const found = this.#trial.check(this.#bodies).some((decision) => decision.vehicle === body.index);
    body.refresh();
    return !found;
  }
}

function stop(engine: Engine, decision: StopDecision): boolean {
  const vehicle = engine.vehicles[decision.vehicle]!;
  if (vehicle.shielded) return false;
  vehicle.shielded = true;
  vehicle.shieldedBy = decision.other;
  vehicle.shieldClearLooks = 0;
  sendPause(engine, vehicle, "startPause");
  const { reason, distanceM } = decision;
  emitEvent(engine, "shield-stop", vehicle.id, { reason, other: engine.vehicles[decision.other]!.id, distanceM });
  return true;
}

/** Tells a vehicle to stand where it is, or to go on. */
export function sendPause(engine: Engine, vehicle: VehicleWorld, actionType: "startPause" | "stopPause"): void {
  engine.outputs.push({
    kind: "instant-action",
    message: { vehicle: vehicle.id, actionId: `${actionType}#${++engine.actionCount}`, actionType, parameters: {} },
  });
}
