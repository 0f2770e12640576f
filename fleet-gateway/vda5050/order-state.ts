/**
 * Fleet control's side of VDA 5050 towards one vehicle, without clock or connection: what was handed out, what the vehicle
 * confirmed, what must be sent (again) now. Time comes in with every call, messages go out as effects.
 *
 * Rules (VDA 5050 2.1, chapter 6): one order message is on its way at a time and is repeated with the same ids and
 * content until a state shows it; updates only extend; an id is never used for other content; an order that the vehicle
 * rejected, cancelled or lost takes no more updates; a new order waits until the vehicle is idle.
 */
import type {
  Connection,
  InstantActionMessage,
  OperatingMode,
  OrderMessage,
  VehicleState,
} from "../../engine/index.ts";
import { Contact, type ContactChange } from "./contact.ts";
import type { Vda5050Factsheet } from "./factsheet.ts";
import { FreshnessFilter, HeaderCounter } from "./header-ids.ts";
import { createIdScope, type IdScope } from "./id-scope.ts";
import type { Vda5050Node, Vda5050State } from "./messages.ts";
import {
  encodeInstantAction,
  encodeOrder,
  type InstantActionsBody,
  type OrderBody,
  type OrderCodecOptions,
} from "./order-codec.ts";
import { baseEnd, beginPath, extendPath, metresToNode, type OrderPath, trimPath } from "./order-path.ts";
import { fitToFactsheet, orderFlaw, sameNode, sameOrder } from "./order-rules.ts";
import { errorNames, PendingActions } from "./pending-actions.ts";
import { changedKeys, isIdle, rejects } from "./read-state.ts";
import { decodeState, type StateCodecOptions } from "./state-codec.ts";

export interface OrderStateOptions extends OrderCodecOptions, StateCodecOptions {
  readonly vehicle: string;
  /** Begins every id on the wire, so that none comes again after a restart (see id-scope.ts). */
  readonly session: string;
  /** An order or instant action that no state shows is sent again after so long. */
  readonly retransmitAfterMs: number;
  readonly instantActionAttemptsMax: number;
  readonly staleAfterMs: number;
  /** Updates that may wait for the one before them. */
  readonly queueMax: number;
  /** A vehicle this far from its path is reported, metres. */
  readonly offPathM: number;
  /** Guaranteed deceleration of the vehicle, m/s²: with it a base that comes too late is noticed. */
  readonly decelerationMps2?: number;
}

export const defaultOrderStateOptions = {
  retransmitAfterMs: 1000,
  instantActionAttemptsMax: 10,
  staleAfterMs: 45_000,
  queueMax: 64,
  offPathM: 2,
  allowedDeviationM: 1,
  defaultUncertaintyM: 0.5,
} as const;

export type OrderStateReport =
  | "order-invalid" // what the engine wants sent breaks a rule; it was not sent
  | "order-id-reused"
  | "order-ended" // an update of an order that was rejected, cancelled or lost
  | "order-queue-full"
  | "order-too-large" // the vehicle's factsheet forbids it
  | "order-rejected"
  | "order-lost" // the vehicle has given up the order by itself
  | "order-unknown" // the vehicle works on an order that fleet control does not know
  | "order-cancelled"
  | "cancel-failed"
  | "instant-action-unconfirmed"
  | "vehicle-manual"
  | "vehicle-automatic"
  | "vehicle-restarted"
  | "safety-stop"
  | "safety-stop-over"
  | "base-requested"
  | "base-late" // it had to brake because an update that was sent in time had not arrived
  | "off-path"
  | "unlocated"
  | "stale-message"
  | "factsheet-changed"
  | NonNullable<ContactChange["report"]>["code"];

export type OrderStateEffect =
  | { readonly kind: "publish"; readonly topic: "order"; readonly headerId: number; readonly body: OrderBody }
  | {
      readonly kind: "publish";
      readonly topic: "instantActions";
      readonly headerId: number;
      readonly body: InstantActionsBody;
    }
  /** `timestampMs`: when the vehicle made it, by its own clock. */
  | { readonly kind: "state"; readonly state: VehicleState; readonly timestampMs: number }
  | { readonly kind: "connection"; readonly connection: Connection }
  | { readonly kind: "report"; readonly code: OrderStateReport; readonly reason: string };

interface InFlight {
  readonly order: OrderMessage;
  readonly body: OrderBody;
  readonly headerIds: number[];
  sentMs: number;
  /** When it was sent the vehicle needed no brakes yet for the end of the base that it had. */
  readonly inTime: boolean;
}

/** The order that was handed out last, with all its updates. */
interface CurrentOrder {
  readonly path: OrderPath;
  /** -1 before the vehicle showed the order. */
  confirmedUpdateId: number;
  confirmedBaseEnd: number;
  /** As sent, but for the session's name in its ids: the next update has to repeat it. */
  sentBaseEnd: Vda5050Node;
}

/** Why an order takes no more updates. */
type Ended = "rejected" | "cancelled" | "lost" | "taken away by hand";

/** An update is in time if the vehicle need not brake for so long, s. */
const IN_TIME_S = 0.5;
/** Order ids that are remembered so that none comes again. */
const ORDER_IDS_MAX = 4096;

const AUTOMATIC: readonly OperatingMode[] = ["AUTOMATIC", "SEMIAUTOMATIC"];

export class VehicleOrderState {
  readonly #options: OrderStateOptions;
  readonly #contact: Contact;
  readonly #pending: PendingActions;
  readonly #scope: IdScope;
  readonly #freshStates = new FreshnessFilter();
  readonly #orderHeaders = new HeaderCounter();
  readonly #actionHeaders = new HeaderCounter();
  #effects: OrderStateEffect[] = [];
  #state: Vda5050State | null = null;
  /** The same with its place on the lanes. */
  #located: VehicleState | null = null;
  #factsheet: Vda5050Factsheet | null = null;
  #current: CurrentOrder | null = null;
  #previousPath: OrderPath | null = null;
  #inFlight: InFlight | null = null;
  #queue: OrderMessage[] = [];
  /** The last message that was taken from the engine: what the next one has to follow. */
  #lastTaken: OrderMessage | null = null;
  /** Every order id that was taken, the oldest first; null: it may be continued. */
  readonly #orderIds = new Map<string, Ended | null>();
  #cancel: { readonly actionId: string } | null = null;
  #lastOrderSentMs = Number.NEGATIVE_INFINITY;
  #requests = 0;
  /** Conditions that were reported and hold still, so that each is reported once. */
  readonly #reported = new Set<OrderStateReport>();
  #messagesLost = 0;

  constructor(options: OrderStateOptions) {
    this.#options = options;
    this.#contact = new Contact(options);
    this.#scope = createIdScope(options.session);
    this.#pending = new PendingActions({
      retransmitAfterMs: options.retransmitAfterMs,
      attemptsMax: options.instantActionAttemptsMax,
    });
  }

  /** States that the vehicle counted and that did not arrive. */
  get messagesLost(): number {
    return this.#messagesLost;
  }

  get factsheet(): Vda5050Factsheet | null {
    return this.#factsheet;
  }

  /** True if a message of the engine is still to be sent or confirmed. */
  get busy(): boolean {
    return this.#inFlight !== null || this.#queue.length > 0;
  }

  /** Takes an order or an update from the engine. What breaks a rule is reported and not sent. */
  order(order: OrderMessage, nowMs: number): readonly OrderStateEffect[] {
    const flaw = this.#flawOf(order);
    if (flaw === "repeated") return this.#drain();
    if (flaw !== null) {
      this.#report(flaw.code, `order ${order.orderId}, update ${order.orderUpdateId}: ${flaw.reason}`);
      return this.#drain();
    }
    this.#rememberOrderId(order.orderId);
    this.#lastTaken = order;
    this.#queue.push(order);
    this.#pump(nowMs);
    return this.#drain();
  }

  /** Takes an instant action from the engine and sends it until the vehicle shows it. */
  instantAction(action: InstantActionMessage, nowMs: number): readonly OrderStateEffect[] {
    if (action.actionType === "cancelOrder") {
      const dropped = this.#endAll("cancelled");
      this.#cancel = { actionId: action.actionId };
      if (dropped > 0)
        this.#report("order-cancelled", `${dropped} order messages that it had not confirmed are dropped`);
    }
    this.#pending.add(action);
    this.#pump(nowMs);
    return this.#drain();
  }

  /** The connection topic said something. */
  connection(connection: Connection, nowMs: number): readonly OrderStateEffect[] {
    this.#apply(this.#contact.connection(connection, nowMs));
    this.#pump(nowMs);
    return this.#drain();
  }

  /** A factsheet came: its limits hold from now on. */
  receiveFactsheet(factsheet: Vda5050Factsheet, nowMs: number): readonly OrderStateEffect[] {
    const known = this.#factsheet;
    this.#factsheet = factsheet;
    this.#pending.factsheetCame();
    const interval = factsheet.protocolLimits.timing.defaultStateInterval;
    if (interval !== undefined && interval > 0) this.#contact.setStateInterval(interval);
    if (known !== null) {
      const changed = changedKeys(known, factsheet);
      if (changed.length > 0) this.#report("factsheet-changed", `changed: ${changed.join(", ")}`);
    }
    this.#pump(nowMs);
    return this.#drain();
  }

  /** A state came. One that is older than what is known changes nothing. */
  state(message: Vda5050State, nowMs: number): readonly OrderStateEffect[] {
    const state = this.#scope.state(message);
    const freshness = this.#freshStates.judge(state.headerId, state.timestamp);
    if (freshness.kind === "stale") {
      this.#report(
        "stale-message",
        `state with header id ${state.headerId} of ${state.timestamp} is older than the last one`,
      );
      return this.#drain();
    }
    if (freshness.kind === "fresh") this.#messagesLost += freshness.lost;
    else this.#report("vehicle-restarted", `its header ids begin at ${state.headerId} again`);

    const before = this.#state;
    this.#state = state;
    const answersRequest = this.#pending.confirm(state);
    this.#apply(this.#contact.state(nowMs, answersRequest));
    this.#watchMode(state);
    this.#watchConfirmation(state);
    this.#watchCancel(state);
    this.#watchLoss(state);
    if (state.newBaseRequest === true && before?.newBaseRequest !== true) {
      this.#report(
        "base-requested",
        `order ${state.orderId}: it will brake at node ${state.nodeStates[0]?.nodeId ?? "?"}`,
      );
    }
    this.#emitState(state);
    this.#pump(nowMs);
    return this.#drain();
  }

  /** Lets time pass: repeats what was not confirmed and notices silence. */
  tick(nowMs: number): readonly OrderStateEffect[] {
    this.#apply(this.#contact.tick(nowMs));
    this.#pump(nowMs);
    return this.#drain();
  }

  // -------------------------------------------------------------- what the engine wants

  #flawOf(order: OrderMessage): "repeated" | { code: OrderStateReport; reason: string } | null {
    const structure = orderFlaw(order);
    if (structure !== null) return { code: "order-invalid", reason: structure };
    const last = this.#lastTaken;
    if (last === null || order.orderId !== last.orderId) {
      if (this.#orderIds.has(order.orderId))
        return { code: "order-id-reused", reason: "this order was replaced before" };
      if (order.orderUpdateId !== 0) return { code: "order-invalid", reason: "a new order begins with update 0" };
      return this.#queueFlaw();
    }
    if (order.orderUpdateId <= last.orderUpdateId) {
      if (order.orderUpdateId === last.orderUpdateId && sameOrder(order, last)) return "repeated";
      return { code: "order-id-reused", reason: "this update id was used with other content" };
    }
    const ended = this.#orderIds.get(order.orderId) ?? null;
    if (ended !== null) return { code: "order-ended", reason: `the order is ${ended}; it takes no updates` };
    if (order.orderUpdateId !== last.orderUpdateId + 1) {
      return { code: "order-invalid", reason: `update ${last.orderUpdateId + 1} would be next` };
    }
    const seam = last.nodes.findLast((node) => node.released)!;
    if (!sameNode(order.nodes[0]!, seam)) {
      return {
        code: "order-invalid",
        reason: `it must begin with the end of the base, node ${seam.nodeId} (sequence id ${seam.sequenceId}), unchanged`,
      };
    }
    return this.#queueFlaw();
  }

  #queueFlaw(): { code: OrderStateReport; reason: string } | null {
    if (this.#queue.length < this.#options.queueMax) return null;
    return { code: "order-queue-full", reason: `${this.#queue.length} messages wait for the vehicle already` };
  }

  // -------------------------------------------------------------- what the vehicle says

  #watchMode(state: Vda5050State): void {
    const automatic = AUTOMATIC.includes(state.operatingMode);
    if (!automatic) {
      const dropped = this.#endAll("taken away by hand");
      if (dropped > 0) this.#report("order-ended", `${dropped} order messages that it had not confirmed are dropped`);
      this.#pending.dropAll();
      this.#cancel = null;
    }
    this.#condition(
      "vehicle-manual",
      !automatic,
      `it is in mode ${state.operatingMode}; its order is gone`,
      "vehicle-automatic",
    );
    const { eStop, fieldViolation } = state.safetyState;
    const stopped = eStop !== "NONE" || fieldViolation;
    this.#condition(
      "safety-stop",
      stopped,
      eStop !== "NONE" ? `emergency stop ${eStop}` : "field violation",
      "safety-stop-over",
    );
  }

  #watchConfirmation(state: Vda5050State): void {
    const current = this.#current;
    if (current === null || state.orderId !== current.path.orderId) {
      this.#watchRejection(state);
      return;
    }
    const inFlight = this.#inFlight;
    if (inFlight !== null && state.orderUpdateId >= inFlight.order.orderUpdateId) this.#inFlight = null;
    else this.#watchRejection(state);
    if (this.#inFlight === null && state.orderUpdateId > current.confirmedUpdateId) {
      current.confirmedUpdateId = state.orderUpdateId;
      current.confirmedBaseEnd = baseEnd(current.path).sequenceId;
    }
  }

  #watchRejection(state: Vda5050State): void {
    const inFlight = this.#inFlight;
    if (inFlight === null) return;
    const error = state.errors.find((candidate) => rejects(candidate, inFlight));
    if (error === undefined) return;
    const { orderId, orderUpdateId } = inFlight.order;
    const words = [error.errorType, error.errorDescription, error.errorHint].filter(
      (text) => text !== undefined && text !== "",
    );
    this.#end(orderId, "rejected");
    this.#report("order-rejected", `order ${orderId}, update ${orderUpdateId}: ${words.join(": ")}`);
  }

  #watchCancel(state: Vda5050State): void {
    if (this.#cancel === null) return;
    const { actionId } = this.#cancel;
    const status = state.actionStates.find((action) => action.actionId === actionId)?.actionStatus;
    const error = errorNames(state, "actionId", actionId);
    if (status !== "FINISHED" && status !== "FAILED" && error === null) return;
    // Nothing to cancel is what was wanted.
    const done = status === "FINISHED" || isIdle(state, actionId) || error?.errorType === "noOrderToCancel";
    this.#cancel = null;
    if (done) this.#report("order-cancelled", `order ${state.orderId} is cancelled`);
    else this.#report("cancel-failed", `order ${state.orderId} runs on: ${error?.errorType ?? "action FAILED"}`);
  }

  /** The vehicle may lose its order without a word, as when MANUAL and back fell between two states. */
  #watchLoss(state: Vda5050State): void {
    const current = this.#current;
    if (current === null) {
      this.#condition(
        "order-unknown",
        // An instant action that somebody else gave runs without an order.
        state.orderId !== "" && !isIdle(state),
        `it works on order ${state.orderId}, which fleet control did not send`,
      );
      return;
    }
    const { orderId } = current.path;
    if (this.#orderIds.get(orderId) !== null || current.confirmedUpdateId < 0) return;
    if (state.orderId !== orderId) {
      this.#end(orderId, "lost");
      this.#report("order-lost", `it shows order "${state.orderId}" in place of ${orderId}`);
    } else if (
      state.orderUpdateId === current.confirmedUpdateId &&
      state.nodeStates.length + state.edgeStates.length === 0
    ) {
      if (state.lastNodeSequenceId >= current.confirmedBaseEnd) return;
      this.#end(orderId, "lost");
      this.#report("order-lost", `order ${state.orderId} is gone after node ${state.lastNodeId}`);
    }
  }

  /** The order takes no more updates; what is still to be sent of it is dropped. */
  #end(orderId: string, reason: Ended): void {
    if (this.#orderIds.get(orderId) === null) this.#orderIds.set(orderId, reason);
    if (this.#inFlight?.order.orderId === orderId) this.#inFlight = null;
    this.#queue = this.#queue.filter((order) => order.orderId !== orderId);
  }

  /** Ends the order that runs and all that wait. Returns how many messages are dropped unconfirmed. */
  #endAll(reason: Ended): number {
    const dropped = this.#queue.length + (this.#inFlight === null ? 0 : 1);
    for (const { orderId } of this.#queue) this.#end(orderId, reason);
    if (this.#current !== null) this.#end(this.#current.path.orderId, reason);
    return dropped;
  }

  #rememberOrderId(orderId: string): void {
    if (this.#orderIds.has(orderId)) return;
    this.#orderIds.set(orderId, null);
    if (this.#orderIds.size <= ORDER_IDS_MAX) return;
    for (const oldest of this.#orderIds.keys()) {
      this.#orderIds.delete(oldest);
      return;
    }
  }

  #emitState(state: Vda5050State): void {
    const current = this.#current?.path ?? null;
    const path = [current, this.#previousPath].find((candidate) => candidate?.orderId === state.orderId) ?? null;
    const decoded = decodeState(this.#options.vehicle, state, path, this.#options);
    this.#condition(
      "unlocated",
      decoded === null,
      "neither a position on our map nor a node of its order says where it is",
    );
    if (decoded === null) return;
    const offPath = decoded.offPathM > this.#options.offPathM;
    this.#condition("off-path", offPath, `it is ${decoded.offPathM.toFixed(1)} m beside lane ${decoded.state.lane}`);
    this.#located = decoded.state;
    const late = this.#inFlight?.inTime === true && this.#mustBrake(0) === true;
    this.#condition(
      "base-late",
      late,
      `order ${state.orderId}: the update after ${state.orderUpdateId} has not arrived`,
    );
    this.#effects.push({ kind: "state", state: decoded.state, timestampMs: Date.parse(state.timestamp) });
    if (path !== null && path === current && decoded.reachedNode) trimPath(path, state.lastNodeSequenceId);
  }

  /**
   * Whether the vehicle has to brake within `withinS` for the end of the base that it has confirmed; null: not known.
   * Valid while an update is on its way, before its nodes join the path.
   */
  #mustBrake(withinS: number): boolean | null {
    const state = this.#located;
    const current = this.#current;
    const b = this.#options.decelerationMps2;
    if (state === null || current === null || b === undefined || state.orderId !== current.path.orderId) return null;
    const aheadM = metresToNode(current.path, current.confirmedBaseEnd, state);
    return aheadM < (state.v * state.v) / (2 * b) + state.v * withinS;
  }

  // -------------------------------------------------------------- sending

  #pump(nowMs: number): void {
    const automatic = this.#state === null || AUTOMATIC.includes(this.#state.operatingMode);
    if (this.#contact.speaking && automatic) {
      const { send, givenUp } = this.#pending.due(nowMs);
      for (const action of send) {
        const headerId = this.#actionHeaders.next();
        const body = this.#scope.instantActions(encodeInstantAction(action));
        this.#effects.push({ kind: "publish", topic: "instantActions", headerId, body });
      }
      for (const { actionType, actionId } of givenUp) {
        this.#report("instant-action-unconfirmed", `${actionType} (${actionId}) was sent often and never shown`);
        if (this.#cancel?.actionId === actionId) this.#cancel = null;
      }
    }
    if (!this.#maySendOrders(nowMs)) return;
    if (this.#inFlight !== null) {
      if (nowMs - this.#inFlight.sentMs >= this.#options.retransmitAfterMs) this.#publishOrder(this.#inFlight, nowMs);
      return;
    }
    const next = this.#queue[0];
    if (next === undefined) return;
    if (next.orderUpdateId === 0 && !isIdle(this.#state!)) return;
    this.#queue.shift();
    this.#sendNext(next, nowMs);
  }

  #maySendOrders(nowMs: number): boolean {
    const state = this.#state;
    if (state === null || !this.#contact.online || this.#cancel !== null) return false;
    if (!AUTOMATIC.includes(state.operatingMode)) return false;
    if (state.safetyState.eStop !== "NONE" || state.safetyState.fieldViolation) return false;
    const leastMs = (this.#factsheet?.protocolLimits.timing.minOrderInterval ?? 0) * 1000;
    return nowMs - this.#lastOrderSentMs >= leastMs;
  }

  #sendNext(order: OrderMessage, nowMs: number): void {
    const isNew = order.orderUpdateId === 0;
    const position = this.#state?.agvPosition;
    const first = order.nodes[0]!;
    const distanceM = isNew && position !== undefined ? Math.hypot(position.x - first.x, position.y - first.y) : 0;
    const encoded = encodeOrder(order, this.#options, distanceM);
    if (!isNew) encoded.nodes[0] = this.#current!.sentBaseEnd;
    const fitted = fitToFactsheet(this.#scope.order(encoded), this.#factsheet);
    if (!fitted.ok) {
      this.#end(order.orderId, "rejected");
      this.#report("order-too-large", `order ${order.orderId}, update ${order.orderUpdateId}: ${fitted.reason}`);
      return;
    }
    const { body } = fitted;
    const sentBaseEnd = encoded.nodes.findLast((node) => node.released)!;
    if (isNew) {
      this.#previousPath = this.#current?.path ?? null;
      this.#current = { path: beginPath(order), confirmedUpdateId: -1, confirmedBaseEnd: 0, sentBaseEnd };
    } else {
      extendPath(this.#current!.path, order);
      this.#current!.sentBaseEnd = sentBaseEnd;
    }
    this.#inFlight = {
      order,
      body,
      headerIds: [],
      sentMs: nowMs,
      inTime: !isNew && this.#mustBrake(IN_TIME_S) === false,
    };
    this.#publishOrder(this.#inFlight, nowMs);
  }

  #publishOrder(inFlight: InFlight, nowMs: number): void {
    const headerId = this.#orderHeaders.next();
    inFlight.headerIds.push(headerId);
    inFlight.sentMs = nowMs;
    this.#lastOrderSentMs = nowMs;
    this.#effects.push({ kind: "publish", topic: "order", headerId, body: inFlight.body });
  }

  #request(actionType: "stateRequest" | "factsheetRequest"): void {
    if (this.#pending.has(actionType)) return;
    const actionId = `${this.#options.vehicle}-request-${this.#requests++}`;
    this.#pending.add({ vehicle: this.#options.vehicle, actionId, actionType, parameters: {} });
  }

  #apply(change: ContactChange): void {
    if (change.report !== null) this.#report(change.report.code, change.report.reason);
    if (change.connection !== null) this.#effects.push({ kind: "connection", connection: change.connection });
    if (change.connection === "ONLINE" && this.#factsheet === null) this.#request("factsheetRequest");
    if (change.requestState) this.#request("stateRequest");
  }

  /** Reports a condition when it begins, and its end if that has a code of its own. */
  #condition(code: OrderStateReport, holds: boolean, reason: string, over?: OrderStateReport): void {
    if (holds === this.#reported.has(code)) return;
    if (holds) {
      this.#reported.add(code);
      this.#report(code, reason);
    } else {
      this.#reported.delete(code);
      if (over !== undefined) this.#report(over, "it may be given orders again");
    }
  }

  #report(code: OrderStateReport, reason: string): void {
    this.#effects.push({ kind: "report", code, reason });
  }

  #drain(): readonly OrderStateEffect[] {
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }
}
