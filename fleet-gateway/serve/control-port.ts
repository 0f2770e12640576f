import type { Engine, TransportOrder } from "../../engine/index.ts";
import type { ControlPort, Refusal } from "../api/build-api.ts";
import type { ApiHealth, ApiOrder, ApiVehicle, NewOrder, OrderChange, OrderList, OrderQuery } from "../api/schemas.ts";
import type { MqttVehicleLink } from "../mqtt/link.ts";
import type { ControlSystem } from "./control-system.ts";
import type { TickLoop } from "./tick-loop.ts";
import { vehicleView } from "./vehicle-activity.ts";

type OrderRecord = NonNullable<ReturnType<Engine["orders"]["get"]>>;

/** Without dueAt an order should be delivered so long after its release. */
const DUE_AFTER_MS = 3_600_000;

export interface ControlPortOptions {
  readonly control: ControlSystem;
  readonly link: Pick<MqttVehicleLink, "received" | "sent" | "counts">;
  readonly loop: () => TickLoop;
  /** Calendar time of run time 0, ms. */
  readonly epochMs: () => number;
  readonly startedMs: number;
  readonly brokerConnected: () => boolean;
}

/** The control system for the API: run time becomes calendar time here. */
export function createControlPort(options: ControlPortOptions): ControlPort {
  const { control, link } = options;
  const { engine } = control;
  let ordersMade = 0;
  const sinceEpoch = (text: string): number => Math.round(Date.parse(text) - options.epochMs());
  const calendar = (runMs: number): string => new Date(options.epochMs() + runMs).toISOString();

  function apiOrder(record: OrderRecord): ApiOrder {
    const { order } = record;
    return {
      id: order.id,
      container: order.container,
      from: order.from,
      to: record.to,
      via: order.via.map(({ role, side }) => ({ role, side })),
      priority: record.priority,
      releaseAt: calendar(order.releaseMs),
      dueAt: calendar(order.dueMs),
      phase: record.phase,
      vehicle: record.vehicle,
      waitingFor: record.waiting,
      acceptedAt: calendar(record.acceptedMs),
      pickedUpAt: record.pickedUpMs === null ? null : calendar(record.pickedUpMs),
      closedAt: record.closedMs === null ? null : calendar(record.closedMs),
    };
  }

  /** The order as it is now, or why the input about it was refused. */
  function outcome(id: string, refusal: Refusal | null): ApiOrder | Refusal {
    if (refusal !== null) return refusal;
    const record = engine.orders.get(id);
    return record === undefined ? { reason: "unknown-order", subject: id } : apiOrder(record);
  }

  async function submitOrder(wanted: NewOrder): Promise<ApiOrder | Refusal> {
    const id = wanted.id ?? `T${options.startedMs.toString(36)}-${++ordersMade}`;
    const nowMs = engine.nowMs;
    const releaseMs = wanted.releaseAt === undefined ? nowMs : Math.max(0, sinceEpoch(wanted.releaseAt));
    const order: TransportOrder = {
      id,
      container: wanted.container,
      from: wanted.from,
      to: wanted.to,
      via: wanted.via,
      releaseMs,
      dueMs: wanted.dueAt === undefined ? Math.max(releaseMs, nowMs) + DUE_AFTER_MS : sinceEpoch(wanted.dueAt),
      priority: wanted.priority,
    };
    return outcome(id, await control.submit({ kind: "transport-order", order }));
  }

  async function changeOrder(id: string, change: OrderChange): Promise<ApiOrder | Refusal> {
    let refusal: Refusal | null = null;
    if (change.to !== undefined)
      refusal = await control.submit({ kind: "retarget-transport-order", order: id, to: change.to });
    if (refusal === null && change.priority !== undefined) {
      refusal = await control.submit({ kind: "prioritise-transport-order", order: id, priority: change.priority });
    }
    return outcome(id, refusal);
  }

  function orders({ state, limit, after }: OrderQuery): OrderList {
    const page: ApiOrder[] = [];
    let begun = after === undefined;
    for (const id of control.orderIds) {
      const record = engine.orders.get(id);
      if (record === undefined) continue;
      if (begun && (state === "all" || (state === "open") === (record.closedMs === null))) {
        if (page.length === limit) return { orders: page, next: page.at(-1)!.id };
        page.push(apiOrder(record));
      }
      if (id === after) begun = true;
    }
    return { orders: page, next: null };
  }

  function vehicles(): ApiVehicle[] {
    return control.fleet.vehicles.map(({ listed, connection, state, stateMs, admitted }) => {
      const view = vehicleView(engine, listed.id);
      return {
        id: listed.id,
        type: listed.type,
        manufacturer: listed.manufacturer,
        serialNumber: listed.serialNumber,
        connection,
        inFleet: admitted,
        activity: view?.activity ?? null,
        operatingMode: state?.operatingMode ?? null,
        position: state === null ? null : { x: state.x, y: state.y, theta: state.theta, lane: state.lane, s: state.s },
        v: state?.v ?? null,
        soc: state?.soc ?? null,
        charging: state?.charging ?? null,
        containers: [...(state?.loads ?? [])],
        order: view === null || view.order === "" ? null : view.order,
        waitingFor: [...(view?.waitingFor ?? [])],
        errors: (state?.errors ?? []).map(({ errorType, errorLevel, errorDescription }) => ({
          type: errorType,
          level: errorLevel,
          description: errorDescription,
        })),
        lastStateAt: state === null ? null : calendar(stateMs),
      };
    });
  }

  function health(): Omit<ApiHealth, "viewers"> {
    const loop = options.loop();
    const { vehicles: watched } = control.fleet;
    const online = watched.filter(({ connection }) => connection === "ONLINE").length;
    const problems = [
      ...(options.brokerConnected() ? [] : ["The MQTT broker cannot be reached."]),
      ...watched
        .filter(({ connection }) => connection === "CONNECTIONBROKEN")
        .map(({ listed }) => `${listed.id} is out of reach.`),
      ...watched.filter(({ obstacle }) => obstacle !== "").map(({ listed, obstacle }) => `${listed.id} ${obstacle}.`),
      ...(loop.latenessMs.p99 > engine.options.tickMs ? ["Ticks are late: this machine is too slow or too busy."] : []),
    ];
    return {
      status: problems.length === 0 ? "ok" : "degraded",
      problems,
      site: engine.options.site.id,
      startedAt: new Date(options.startedMs).toISOString(),
      runS: engine.nowMs / 1000,
      tick: engine.tick,
      ticksLate: loop.ticksLate,
      tickLatenessMs: loop.latenessMs,
      stepMs: loop.stepMs,
      vehicles: { listed: watched.length, online, inFleet: watched.filter(({ admitted }) => admitted).length },
      messages: {
        received: Object.fromEntries(link.received),
        sent: Object.fromEntries(link.sent),
        reports: Object.fromEntries(link.counts),
      },
    };
  }

  return {
    submitOrder,
    changeOrder,
    async cancelOrder(id) {
      return outcome(id, await control.submit({ kind: "cancel-transport-order", order: id, by: "api" }));
    },
    order(id) {
      const record = engine.orders.get(id);
      return record === undefined ? null : apiOrder(record);
    },
    orders,
    vehicles,
    kpi: () => control.kpi(),
    health,
  };
}
