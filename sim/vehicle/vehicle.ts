import type { InstantActionMessage, OrderMessage, OrderNode, VehicleState } from "../../engine/index.ts";
import { accelerationMps2, maxSpeedMps, type VehicleType } from "../../planner/index.ts";
import { NodeActions } from "./actions.ts";
import { Battery } from "./battery.ts";
import { Handling } from "./handling.ts";
import { InstantActions } from "./instant-actions.ts";
import type { LaneMap, Pose } from "./lane-map.ts";
import type { Load } from "./load.ts";
import { Motion } from "./motion.ts";
import { judgeOrder, orderError, type ReferencedError } from "./order-rules.ts";
import { Path, type PathEdge, stopsDriving } from "./path.ts";
import { PhysicalMotion, type PhysicsOptions } from "./physical-motion.ts";
import type { ServiceHost } from "./services.ts";
import type { VehicleMotion } from "./vehicle-motion.ts";

/** A change of acceleration: until the next one the vehicle moves from here with this speed and acceleration. */
export interface MotionSample {
  readonly tMs: number;
  /** Directed lane and metres of the centre on it. */
  readonly lane: string;
  readonly s: number;
  readonly v: number;
  readonly a: number;
  readonly pose: Readonly<Pose>;
}

export interface VehicleOptions {
  readonly id: string;
  readonly type: VehicleType;
  readonly map: LaneMap;
  /** Where its centre stands at `startMs`: directed lane and metres on it. */
  readonly start: { readonly lane: string; readonly s: number };
  /** State of charge at the start, 0..1. */
  readonly soc: number;
  readonly services: ServiceHost;
  readonly startMs?: number;
  /** Reported half width of the interval that holds the position; default 0.1 m. With `physics` it says that itself. */
  readonly uncertaintyM?: number;
  /** Full physics; default the closed form. */
  readonly physics?: PhysicsOptions | null;
  /** Told at each change of acceleration, within the call that moves it; the pose is valid until the listener returns. */
  readonly onMotion?: (sample: MotionSample) => void;
}

/** A new order's first node may be this far from the vehicle, metres. */
const START_TOLERANCE_M = 0.5;
/** The reported state of charge has this many steps, so that a standing vehicle's state rarely changes. */
const SOC_STEPS = 10_000;

/**
 * A simulated vehicle controller: takes orders and instant actions, follows the base of its order, carries out node
 * actions, and says how it is, by the rules of VDA 5050 2.1. It knows of no clock: `advance` moves it on, in virtual
 * or in real time, and the messages may come in process or from a broker.
 */
export class SimVehicle {
  readonly id: string;
  readonly type: VehicleType;
  readonly battery: Battery;
  /** Metres driven, all and laden. */
  drivenM = 0;
  drivenLadenM = 0;
  readonly #map: LaneMap;
  readonly #uncertaintyM: number;
  readonly #reactionMs: number;
  readonly #path: Path;
  readonly #motion: VehicleMotion;
  /** The same, where the vehicle has physics. */
  readonly #physical: PhysicalMotion | null;
  readonly #handling: Handling;
  readonly #actions: NodeActions;
  readonly #instant = new InstantActions();

  #nowMs: number;
  /** Where it stands without an order. */
  #restLane: number;
  #restS: number;
  #orderId = "";
  #orderUpdateId = 0;
  #message: OrderMessage | null = null;
  #lastReleased: OrderNode | null = null;
  #lastNodeId = "";
  #lastNodeSequenceId = 0;
  /** How far base and actions have let it drive, metres of the path; the motion learns it when it has reacted. */
  #authorityP = 0;
  #paused = false;
  #cancelling = false;
  #cancelled = false;
  #orderErrors: readonly ReferencedError[] = [];
  #fault: ReferencedError | null = null;

  readonly #pose: Pose = { x: 0, y: 0, theta: 0 };
  readonly #reported: Pose = { x: 0, y: 0, theta: 0 };
  /** Parts of the state, each replaced as a whole when it changes. */
  #nodeSequenceIds: readonly number[] = [];
  #actionStates: VehicleState["actionStates"] = [];
  #errors: readonly ReferencedError[] = [];
  #soc: number;
  #state: VehicleState | null = null;
  #changed = true;

  /** @throws RangeError if the map has no lane of the start's name */
  constructor(options: VehicleOptions) {
    this.id = options.id;
    this.type = options.type;
    this.#map = options.map;
    this.#uncertaintyM = options.uncertaintyM ?? 0.1;
    this.#reactionMs = options.type.reactionS * 1000;
    this.#nowMs = options.startMs ?? 0;
    this.#restLane = options.map.indexOf(options.start.lane);
    if (this.#restLane < 0) throw new RangeError(`vehicle ${options.id}: the map has no lane ${options.start.lane}`);
    this.#restS = options.start.s;
    const physics = options.physics ?? null;
    this.battery = new Battery(options.type, options.soc, physics);
    this.#soc = this.#roundedSoc();
    this.#path = new Path(options.map);
    const tell = options.onMotion;
    const onPhase = (tMs: number, v: number, a: number): void => {
      tell?.({ tMs, lane: this.laneId, s: this.s, v, a, pose: this.pose() });
    };
    const limits = driveLimits(options.type, false);
    this.#physical =
      physics === null
        ? null
        : new PhysicalMotion(options.type, options.map, this.#path, limits, this.#nowMs, physics, onPhase);
    this.#motion = this.#physical ?? new Motion(this.#path, limits, this.#nowMs, onPhase);
    this.#handling = new Handling(
      options.id,
      options.type,
      this.battery,
      options.services,
      () => this.pose(),
      () => this.#motion.stops,
      () => this.#motion.setLimits(driveLimits(this.type, this.load.laden), this.load.grossKg),
    );
    this.#actions = new NodeActions(this.#handling);
  }

  // ---------------------------------------------------------------- how it is

  get nowMs(): number {
    return this.#nowMs;
  }

  get v(): number {
    return this.#motion.v;
  }

  get a(): number {
    return this.#motion.a;
  }

  /** Index of the directed lane that its centre is on. */
  get lane(): number {
    const edge = this.#path.edges[this.#path.edgeIndex];
    return edge === undefined || this.#beforePath(edge) ? this.#restLane : edge.lane;
  }

  get laneId(): string {
    return this.#map.lanes.laneId[this.lane]!;
  }

  /** Metres of its centre on `lane`. */
  get s(): number {
    const edge = this.#path.edges[this.#path.edgeIndex];
    if (edge === undefined || this.#beforePath(edge)) return this.#restS + this.#motion.p;
    return edge.order.fromM + (this.#motion.p - edge.startP);
  }

  /** It stands a little before the joint at which its order begins. */
  #beforePath(edge: PathEdge): boolean {
    return this.#physical !== null && this.#motion.p < edge.startP && this.#path.edgeIndex === 0;
  }

  /** The true pose; the object is the vehicle's own and is written again by the next call. */
  pose(): Readonly<Pose> {
    const { lane, s } = this;
    this.#map.poseAt(lane, s, this.#pose);
    const physical = this.#physical;
    if (physical === null) return this.#pose;
    const { offsetM, headingError } = physical.steering;
    shift(this.#pose, physical.headingOffset(lane, s), offsetM);
    shift(this.#pose, headingError, 0);
    return this.#pose;
  }

  /** The full model's parts, for those who look into it; null where the vehicle has none. */
  get physical(): PhysicalMotion | null {
    return this.#physical;
  }

  /**
   * The pose that it reports: matched to its lane where it believes to be, as `lane` and `s` are, with the heading that
   * it measures.
   */
  #reportedPose(): Readonly<Pose> {
    const physical = this.#physical;
    if (physical === null) return this.pose();
    const { alongM, heading } = physical.localisation;
    const s = this.s + alongM;
    this.#map.poseAt(this.lane, s, this.#reported);
    const turn = physical.headingOffset(this.lane, s) + physical.steering.headingError + heading;
    shift(this.#reported, turn, 0);
    return this.#reported;
  }

  get load(): Load {
    return this.#handling.load;
  }

  get broken(): boolean {
    return this.#fault !== null;
  }

  /** Nothing left to drive, every action ended: it takes a new order. */
  get idle(): boolean {
    const arrived =
      this.#path.nextNode >= this.#path.nodes.length && (this.#physical === null || this.#motion.standing);
    return !this.#cancelling && arrived && this.#actions.allEnded;
  }

  /** What it reports of itself. The same object as before while nothing has changed. */
  state(): VehicleState {
    this.#collectActions();
    const soc = this.#roundedSoc();
    if (soc !== this.#soc) {
      this.#soc = soc;
      this.#changed = true;
    }
    if (!this.#changed && this.#state !== null) return this.#state;
    this.#changed = false;
    const { x, y, theta } = this.#reportedPose();
    const localisation = this.#physical?.localisation;
    this.#state = {
      vehicle: this.id,
      orderId: this.#orderId,
      orderUpdateId: this.#orderUpdateId,
      lastNodeId: this.#lastNodeId,
      lastNodeSequenceId: this.#lastNodeSequenceId,
      nodeSequenceIds: this.#nodeSequenceIds,
      x,
      y,
      theta,
      v: this.#motion.v,
      lane: this.laneId,
      s: this.s + (localisation?.alongM ?? 0),
      uncertaintyM: localisation?.boundM ?? this.#uncertaintyM,
      driving: !this.#motion.standing,
      paused: this.#paused,
      operatingMode: "AUTOMATIC",
      soc,
      charging: this.#handling.charging,
      loads: this.load.containers,
      actionStates: this.#actionStates,
      errors: this.#errors,
      eStop: "NONE",
      fieldViolation: false,
    };
    return this.#state;
  }

  // ---------------------------------------------------------------- what it is told

  /** Takes or refuses an order; a refusal is in the state's errors and the running order goes on. */
  receiveOrder(order: OrderMessage): void {
    this.#changed = true;
    const onBoard = {
      orderId: this.#orderId,
      orderUpdateId: this.#orderUpdateId,
      message: this.#message,
      lastReleased: this.#lastReleased,
      idle: this.idle,
      cancelled: this.#cancelling || this.#cancelled,
    };
    const verdict = judgeOrder(order, onBoard, this.#map);
    if (verdict.kind === "rejected") this.#addOrderError(verdict.error);
    else if (verdict.kind === "new-order") this.#beginOrder(order);
    else if (verdict.kind === "update") this.#extendOrder(order);
  }

  receiveInstantAction(action: InstantActionMessage): void {
    if (!this.#instant.take(action.actionId, action.actionType)) return;
    this.#changed = true;
    switch (action.actionType) {
      case "cancelOrder":
        this.#cancelOrder(action);
        return;
      case "startPause":
        this.#paused = true;
        this.#motion.halt(this.#nowMs + this.#reactionMs);
        return; // it ends when the vehicle stands
      case "stopPause":
        this.#paused = false;
        this.#instant.endAll("startPause", "FINISHED");
        this.#resumeIfFree();
        break;
      case "stopCharging":
        this.#actions.finish("startCharging");
        break;
      case "stateRequest":
      case "factsheetRequest":
        break; // the next state is new; a factsheet is for the adapter to send
    }
    this.#instant.end(action.actionId, "FINISHED");
  }

  /** A fault: it brakes to a stand where it is, at once, and stays there until repaired. */
  breakDown(errorType: string, errorDescription: string): void {
    if (this.#fault !== null) return;
    this.#fault = { errorType, errorLevel: "FATAL", errorDescription, errorReferences: [] };
    this.#motion.stopAtOnce(this.#nowMs);
    this.#collectErrors();
  }

  /** The map's temporary speed limits have changed: it keeps them from now on, braking where it is too fast. */
  limitsChanged(): void {
    this.#path.refreshLimits();
    this.#motion.limitsChanged();
  }

  repair(): void {
    if (this.#fault === null) return;
    this.#fault = null;
    this.#resumeIfFree();
    this.#collectErrors();
  }

  // ---------------------------------------------------------------- time

  /** Moves on to `nowMs`. It drives exactly, whatever the step; node actions end and nodes count as passed at steps. */
  advance(nowMs: number): void {
    const motion = this.#motion;
    const beforeMs = this.#nowMs;
    const p = motion.p;
    const stops = motion.stops;
    motion.advanceTo(nowMs);
    this.#nowMs = nowMs;
    if (motion.p !== p) this.#drove(motion.p - p, motion.stops - stops);
    if (this.#physical !== null) this.#usePower(this.#physical, nowMs - beforeMs);
    this.#handling.useTime(nowMs - beforeMs);
    if (this.battery.empty) this.breakDown("batteryEmpty", "the battery is empty");
    this.#passNodes(beforeMs);
    this.#actions.advance(nowMs);
    this.#letDrive();
    if (motion.standing) this.#settle();
  }

  #drove(distanceM: number, stops: number): void {
    this.#changed = true;
    this.drivenM += distanceM;
    if (this.load.laden) this.drivenLadenM += distanceM;
    if (this.#physical !== null) return;
    this.battery.drive(distanceM, this.load.grossKg);
    if (this.load.laden && stops > 0) this.battery.stopLaden(stops);
  }

  #usePower(physical: PhysicalMotion, elapsedMs: number): void {
    const kwh = physical.takeEnergyKwh(elapsedMs / 1000);
    if (!this.#handling.charging) this.battery.use(kwh, elapsedMs);
  }

  /**
   * Takes note of the nodes that the centre has reached; one with blocking actions when it stands there.
   * @param beforeMs time of the step before, by which all messages had come
   */
  #passNodes(beforeMs: number): void {
    const path = this.#path;
    const next = path.nextNode;
    while (path.nextNode < path.nodes.length) {
      const { order, p } = path.nodes[path.nextNode]!;
      if (!order.released) break;
      if (stopsDriving(order.actions) ? !this.#motion.standsAt(p) : !this.#motion.hasReached(p)) break;
      this.#reach(order, this.#motion.standing ? Math.max(beforeMs, this.#motion.stoodSinceMs) : this.#nowMs);
    }
    if (path.nextNode !== next) this.#collectNodes();
  }

  #reach(node: OrderNode, atMs: number): void {
    this.#path.nextNode++;
    this.#lastNodeId = node.nodeId;
    this.#lastNodeSequenceId = node.sequenceId;
    if (node.actions.length > 0) this.#actions.reach(node.actions, atMs);
  }

  /** Passes on to the motion how far base and actions let it drive; it acts after the reaction time. */
  #letDrive(): void {
    const { nodes, nextNode } = this.#path;
    if (this.#cancelling || this.#actions.blocksDriving) return;
    let way = this.#authorityP;
    for (let i = nextNode; i < nodes.length; i++) {
      const { order, p } = nodes[i]!;
      if (!order.released) break;
      way = p;
      if (stopsDriving(order.actions)) break;
    }
    if (way <= this.#authorityP) return;
    this.#authorityP = way;
    this.#motion.extendAuthority(this.#nowMs + this.#reactionMs, way);
  }

  /** What waits for the vehicle to stand: the ends of a pause and of a cancel. */
  #settle(): void {
    if (this.#paused && this.#instant.isRunning("startPause")) this.#instant.endAll("startPause", "FINISHED");
    if (!this.#cancelling || !this.#actions.allEnded) return;
    this.#restLane = this.lane;
    this.#restS = this.s;
    this.#path.clear();
    this.#motion.begin();
    this.#authorityP = 0;
    this.#cancelling = false;
    this.#cancelled = true;
    this.#instant.endAll("cancelOrder", "FINISHED");
    this.#resumeIfFree();
    this.#collectNodes();
  }

  // ---------------------------------------------------------------- orders

  #beginOrder(order: OrderMessage): void {
    const first = order.nodes[0]!;
    const { x, y } = this.pose();
    const offset = Math.hypot(first.x - x, first.y - y);
    if (!(offset <= START_TOLERANCE_M)) {
      const description = `its first node ${first.nodeId} is ${offset.toFixed(2)} m away`;
      this.#addOrderError(orderError("noRouteError", order, description));
      return;
    }
    this.#restLane = this.lane;
    this.#restS = this.s;
    // On the lane where it stands the vehicle keeps its own position; at a joint of lanes both are one point.
    const edge = order.edges[0];
    const onLane = edge !== undefined && this.#map.indexOf(edge.lane) === this.#restLane;
    this.#path.begin(order, onLane ? edge.fromM - this.#restS : this.#toJoint());
    this.#motion.begin();
    this.#authorityP = 0;
    this.#cancelled = false;
    this.#orderErrors = [];
    this.#actions.begin(order.nodes.flatMap((node) => node.actions));
    this.#adopt(order);
    this.#reach(first, this.#nowMs);
    this.#collectNodes();
    this.#letDrive();
  }

  /** Metres to the end of the lane on which it stands: with physics it stops a little before it. */
  #toJoint(): number {
    return this.#physical === null ? 0 : Math.max(0, this.#map.lanes.lengthM[this.#restLane]! - this.#restS);
  }

  #extendOrder(update: OrderMessage): void {
    this.#path.extend(update);
    const seam = update.nodes[0]!.sequenceId;
    const base = this.#path.nodes.filter(({ order }) => order.sequenceId <= seam).flatMap(({ order }) => order.actions);
    const added = update.nodes.slice(1).flatMap((node) => node.actions);
    this.#actions.extend(new Set(base.map((action) => action.actionId)), added);
    this.#orderErrors = this.#orderErrors.filter((error) => error.errorType !== "orderUpdateError");
    this.#adopt(update);
    this.#collectNodes();
    this.#letDrive();
  }

  #adopt(order: OrderMessage): void {
    this.#orderId = order.orderId;
    this.#orderUpdateId = order.orderUpdateId;
    this.#message = order;
    this.#lastReleased = order.nodes.findLast((node) => node.released) ?? null;
    this.#collectErrors();
  }

  #cancelOrder(action: InstantActionMessage): void {
    const named = action.parameters.orderId;
    if (this.idle || (named !== undefined && named !== this.#orderId)) {
      this.#instant.end(action.actionId, "FAILED");
      this.#addOrderError({
        errorType: "noOrderToCancel",
        errorLevel: "WARNING",
        errorDescription: named === undefined ? "no order is running" : `order ${named} is not running`,
        errorReferences: [{ referenceKey: "actionId", referenceValue: action.actionId }],
      });
      return;
    }
    if (this.#cancelling) return;
    this.#cancelling = true;
    this.#actions.cancel();
    this.#motion.halt(this.#nowMs + this.#reactionMs);
  }

  #resumeIfFree(): void {
    if (this.#paused || this.#cancelling || this.#fault !== null) return;
    this.#motion.resume(this.#nowMs + this.#reactionMs);
  }

  // ---------------------------------------------------------------- parts of the state

  #addOrderError(error: ReferencedError): void {
    const same = (other: ReferencedError): boolean => other.errorDescription === error.errorDescription;
    if (!this.#orderErrors.some(same)) this.#orderErrors = [...this.#orderErrors, error].slice(-ORDER_ERRORS_MAX);
    this.#collectErrors();
  }

  #collectErrors(): void {
    this.#errors = this.#fault === null ? this.#orderErrors : [this.#fault, ...this.#orderErrors];
    this.#changed = true;
  }

  #collectNodes(): void {
    const { nodes, nextNode } = this.#path;
    this.#nodeSequenceIds = nodes.slice(nextNode).map(({ order }) => order.sequenceId);
    this.#changed = true;
  }

  #collectActions(): void {
    if (this.#handling.objections.length > 0) this.#tellObjections();
    if (!this.#actions.changed && !this.#instant.changed) return;
    this.#actions.changed = false;
    this.#instant.changed = false;
    const ofNodes = this.#actions.runs.map(({ action, status }) => ({
      actionId: action.actionId,
      actionStatus: status,
    }));
    const instant = this.#instant.runs.map(({ actionId, status }) => ({ actionId, actionStatus: status }));
    this.#actionStates = [...ofNodes, ...instant];
    this.#changed = true;
  }

  #tellObjections(): void {
    for (const { action, reason } of this.#handling.objections.splice(0)) {
      this.#addOrderError({
        errorType: "orderActionError",
        errorLevel: "WARNING",
        errorDescription: `action ${action.actionId}: ${reason}`,
        errorReferences: [
          { referenceKey: "orderId", referenceValue: this.#orderId },
          { referenceKey: "actionId", referenceValue: action.actionId },
        ],
      });
    }
  }

  #roundedSoc(): number {
    return Math.round(this.battery.soc * SOC_STEPS) / SOC_STEPS;
  }
}

/** Errors of orders that are kept; an old one goes when more come before a new order is accepted. */
const ORDER_ERRORS_MAX = 8;

function driveLimits(type: VehicleType, laden: boolean) {
  return {
    topSpeedMps: maxSpeedMps(type, laden),
    accelerationMps2: accelerationMps2(type, laden),
    decelerationMps2: type.serviceDecelerationMps2,
  };
}

/** Turns a pose and moves it to the left of its new heading. */
function shift(pose: Pose, turn: number, leftM: number): void {
  const theta = pose.theta + turn;
  pose.theta = theta > Math.PI ? theta - 2 * Math.PI : theta < -Math.PI ? theta + 2 * Math.PI : theta;
  if (leftM === 0) return;
  pose.x -= Math.sin(theta) * leftM;
  pose.y += Math.cos(theta) * leftM;
}
