/** A vehicle that obeys by jumping, a hand-held MQTT client, and a way to wait for events: for tests of this folder. */
import { connectAsync, type MqttClient } from "mqtt";
import type { InstantActionMessage, OrderMessage, OrderNode, VehicleState } from "../../engine/index.ts";
import { corridor, factsheet, node } from "../vda5050/fixtures.ts";
import type { LinkReport } from "./fleet-dialog.ts";
import { createMqttVehicleLink, type MqttLinkOptions, type MqttVehicleLink } from "./link.ts";
import type { VehicleClientOptions } from "./vehicle-client.ts";
import type { VehicleController } from "./vehicle-dialog.ts";

/** Takes every order that follows the rules and is at the end of its base as soon as `arrive` is called. */
export class JumpingVehicle implements VehicleController {
  readonly orders: OrderMessage[] = [];
  readonly actions: InstantActionMessage[] = [];
  #nodes: OrderNode[] = [];
  #state: VehicleState;

  constructor(vehicle: string) {
    const { x, y, theta, lane, s } = node(0, true);
    this.#state = {
      vehicle,
      orderId: "",
      orderUpdateId: 0,
      lastNodeId: "",
      lastNodeSequenceId: 0,
      nodeSequenceIds: [],
      ...{ x, y, theta, lane, s },
      v: 0,
      uncertaintyM: 0.1,
      driving: false,
      paused: false,
      operatingMode: "AUTOMATIC",
      soc: 0.5,
      charging: false,
      loads: [],
      actionStates: [],
      errors: [],
      eStop: "NONE",
      fieldViolation: false,
    };
  }

  state(): VehicleState {
    return this.#state;
  }

  receiveOrder(order: OrderMessage): void {
    this.orders.push(order);
    const known = order.orderId === this.#state.orderId ? this.#nodes : [];
    const seam = order.nodes[0]!;
    this.#nodes = [...known.filter((each) => each.sequenceId < seam.sequenceId), ...order.nodes];
    const { orderId, orderUpdateId } = order;
    const reached = known.length > 0 ? this.#state : { lastNodeId: seam.nodeId, lastNodeSequenceId: seam.sequenceId };
    this.change({
      orderId,
      orderUpdateId,
      lastNodeId: reached.lastNodeId,
      lastNodeSequenceId: reached.lastNodeSequenceId,
      nodeSequenceIds: this.#nodes.map((each) => each.sequenceId).filter((id) => id > reached.lastNodeSequenceId),
    });
  }

  receiveInstantAction(action: InstantActionMessage): void {
    this.actions.push(action);
    const { actionId } = action;
    this.change({ actionStates: [...this.#state.actionStates, { actionId, actionStatus: "FINISHED" }] });
  }

  /** Stands at the end of its base from now on. */
  arrive(): void {
    const end = this.#nodes.findLast((each) => each.released)!;
    const { nodeId, sequenceId, x, y, theta, lane, s } = end;
    this.change({
      lastNodeId: nodeId,
      lastNodeSequenceId: sequenceId,
      nodeSequenceIds: this.#nodes.map((each) => each.sequenceId).filter((id) => id > sequenceId),
      ...{ x, y, theta, lane, s },
    });
  }

  change(changes: Partial<VehicleState>): void {
    this.#state = { ...this.#state, ...changes };
  }
}

export function clientOptions(url: string, serialNumber: string, controller: VehicleController): VehicleClientOptions {
  const { typeSpecification, physicalParameters, protocolLimits, protocolFeatures, agvGeometry, loadSpecification } =
    factsheet({ timing: { defaultStateInterval: 5 } });
  return {
    url,
    vehicle: serialNumber,
    manufacturer: "kalong",
    serialNumber,
    mapId: "site",
    controller,
    factsheet: {
      typeSpecification,
      physicalParameters,
      protocolLimits,
      protocolFeatures,
      agvGeometry,
      loadSpecification,
    },
    decelerationMps2: 1.5,
    stateIntervalMs: 5000,
  };
}

/** Keeps what happened, and lets a test wait until something has. */
export class Happenings<Event> {
  readonly all: Event[] = [];
  #waiting: (() => void)[] = [];

  add(event: Event): void {
    this.all.push(event);
    for (const look of this.#waiting) look();
  }

  /** The first event, past or to come, that fulfils `wanted`. A test that waits in vain runs into its time limit. */
  when(wanted: (event: Event) => boolean): Promise<Event> {
    return new Promise((resolve) => {
      const look = (): void => {
        const found = this.all.find(wanted);
        if (found === undefined) return;
        this.#waiting = this.#waiting.filter((other) => other !== look);
        resolve(found);
      };
      this.#waiting.push(look);
      look();
    });
  }
}

export type LinkHappening =
  | { readonly report: LinkReport }
  | { readonly state: VehicleState }
  | { readonly connection: string; readonly vehicle: string };

export interface TestLink {
  readonly link: MqttVehicleLink;
  readonly seen: Happenings<LinkHappening>;
  /** The next (or a past) report of that code. */
  reported(code: LinkReport["code"]): Promise<LinkReport>;
}

/** Fleet control for `serials` of manufacturer kalong on the small corridor. */
export function testLink(url: string, serials: readonly string[], changes: Partial<MqttLinkOptions> = {}): TestLink {
  const seen = new Happenings<LinkHappening>();
  const link = createMqttVehicleLink({
    url,
    vehicles: serials.map((serialNumber) => ({ vehicle: serialNumber, manufacturer: "kalong", serialNumber })),
    mapId: "site",
    lanes: corridor,
    session: "test",
    rules: { retransmitAfterMs: 100 },
    tickMs: 20,
    onReport: (report) => seen.add({ report }),
    ...changes,
  });
  link.onState((state) => seen.add({ state }));
  link.onConnection((vehicle, connection) => seen.add({ vehicle, connection }));
  return {
    link,
    seen,
    async reported(code) {
      const found = await seen.when((event) => "report" in event && event.report.code === code);
      return (found as { report: LinkReport }).report;
    },
  };
}

export function rawClient(url: string): Promise<MqttClient> {
  return connectAsync(url, { protocolVersion: 4, reconnectPeriod: 0 });
}
