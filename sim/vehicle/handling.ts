import type { OrderAction } from "../../engine/index.ts";
import type { VehicleType } from "../../planner/index.ts";
import type { ActionEffects, ActionStart } from "./actions.ts";
import type { Battery } from "./battery.ts";
import type { Pose } from "./lane-map.ts";
import { Load } from "./load.ts";
import type { ServiceHost } from "./services.ts";

/** What node actions do: services at stations, the load, the charging of the battery. */
export class Handling implements ActionEffects {
  readonly load: Load;
  /** Actions that could not be carried out, in the order in which they failed; whoever reports them empties it. */
  readonly objections: { readonly action: OrderAction; readonly reason: string }[] = [];
  /** Told when the load has changed. */
  readonly #onLoad: () => void;
  readonly #vehicle: string;
  readonly #services: ServiceHost;
  readonly #battery: Battery;
  readonly #pose: () => Readonly<Pose>;
  /** Number of the vehicle's present stand. */
  readonly #stand: () => number;
  /** Stand at which it last moved a container. */
  #handledAtStand = -1;
  /** [action id] the stations' ticket, while the action is begun and not done. */
  readonly #tickets = new Map<string, number>();
  #charge: { readonly actionId: string; readonly untilSoc: number } | null = null;

  constructor(
    vehicle: string,
    type: VehicleType,
    battery: Battery,
    services: ServiceHost,
    pose: () => Readonly<Pose>,
    stand: () => number,
    onLoad: () => void,
  ) {
    this.#vehicle = vehicle;
    this.#battery = battery;
    this.#services = services;
    this.#pose = pose;
    this.#stand = stand;
    this.#onLoad = onLoad;
    this.load = new Load(type);
  }

  get charging(): boolean {
    return this.#charge !== null;
  }

  /** Time that passes with the charger connected, or drawing the auxiliaries from the battery. */
  useTime(elapsedMs: number): void {
    if (this.#charge === null) this.#battery.idle(elapsedMs);
    else if (this.#battery.charge(elapsedMs, this.#charge.untilSoc)) this.#charge = null;
  }

  begin(action: OrderAction, atMs: number): ActionStart {
    if (action.actionType === "stopCharging") {
      this.#charge = null;
      return { kind: "started" };
    }
    const objection = this.#objection(action);
    if (objection !== null) return { kind: "refused", reason: objection };
    const { x, y } = this.#pose();
    const handledHere = this.#handledAtStand === this.#stand();
    const answer = this.#services.request({ vehicle: this.#vehicle, action, x, y, handledHere }, atMs);
    if (answer.kind === "refused") return answer;
    this.#tickets.set(action.actionId, answer.ticket);
    if (action.actionType === "startCharging") {
      this.#charge = { actionId: action.actionId, untilSoc: Number(action.parameters.untilSoc) };
    }
    return { kind: "started" };
  }

  #objection(action: OrderAction): string | null {
    if (action.actionType === "pick" || action.actionType === "drop") return this.load.objection(action);
    if (action.actionType !== "startCharging") return null;
    const untilSoc = action.parameters.untilSoc;
    if (typeof untilSoc === "number" && untilSoc > 0 && untilSoc <= 1) return null;
    return `startCharging needs untilSoc above 0 and up to 1, not ${untilSoc}`;
  }

  progress(action: OrderAction, nowMs: number): "waiting" | "running" | "done" {
    const ticket = this.#tickets.get(action.actionId);
    if (ticket === undefined) return "done";
    if (action.actionType === "startCharging") {
      if (this.#charge?.actionId === action.actionId) return "running";
      this.#services.withdraw(ticket);
    } else {
      const progress = this.#services.progress(ticket, nowMs);
      if (progress !== "done") return progress === "queued" ? "waiting" : "running";
      if (action.actionType !== "service") {
        this.load.handle(action);
        this.#handledAtStand = this.#stand();
        this.#onLoad();
      }
    }
    this.#tickets.delete(action.actionId);
    return "done";
  }

  withdraw(action: OrderAction): boolean {
    const ticket = this.#tickets.get(action.actionId);
    if (ticket === undefined) return true;
    if (!this.#services.withdraw(ticket)) return false;
    this.#tickets.delete(action.actionId);
    if (this.#charge?.actionId === action.actionId) this.#charge = null;
    return true;
  }

  refused(action: OrderAction, reason: string): void {
    this.objections.push({ action, reason });
  }
}
