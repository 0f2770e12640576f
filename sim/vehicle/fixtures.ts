import { defaultVehiclePhysics, type VehiclePhysics } from "../../config/index.ts";
import type { OrderAction, OrderEdge, OrderMessage, OrderNode, VehicleState } from "../../engine/index.ts";
import { buildLaneGraph, prng, referenceVehicle, type Site, type VehicleType } from "../../planner/index.ts";
import { Conditions, LaneCurves } from "../physics/index.ts";
import { LaneMap } from "./lane-map.ts";
import type { ServiceHost } from "./services.ts";
import { type MotionSample, SimVehicle } from "./vehicle.ts";

export interface BenchLane {
  readonly lengthM: number;
  readonly limitMps: number;
  /** Default 0. */
  readonly gradient?: number;
}

/** Lanes L0, L1, … joined end to end along x, each with its length and limit. */
export function straightSite(lanes: readonly BenchLane[]): Site {
  let x = 0;
  return {
    id: "straight",
    frame: { lat0: 0, lon0: 0, bearing: 0 },
    lanes: lanes.map(({ lengthM, limitMps, gradient = 0 }, i) => {
      const from = x;
      x += lengthM;
      return {
        id: `L${i}`,
        points: [
          { x: from, y: 0 },
          { x, y: 0 },
        ],
        speedLimitMps: limitMps,
        widthM: 4,
        twoWay: false,
        modes: ["igv"],
        gradient,
        holding: true,
      };
    }),
    stations: [],
    surfaces: [],
    border: [],
  };
}

/** Serves every request for a fixed time, without queues; charging may be broken off. */
export function constantServices(serviceMs: number): ServiceHost {
  const endMs = new Map<number, number>();
  const charging = new Set<number>();
  let last = 0;
  return {
    request: ({ action }, atMs) => {
      endMs.set(++last, atMs + serviceMs);
      if (action.actionType === "startCharging") charging.add(last);
      return { kind: "taken", ticket: last };
    },
    progress: (ticket, nowMs) => (endMs.get(ticket)! <= nowMs ? "done" : "serving"),
    withdraw: (ticket) => charging.delete(ticket),
  };
}

/** A vehicle on a straight row of lanes, driven in ticks of 100 ms. */
export class Bench {
  readonly map: LaneMap;
  readonly vehicle: SimVehicle;
  readonly samples: Omit<MotionSample, "pose">[] = [];
  tMs = 0;
  readonly conditions = new Conditions();
  readonly #laneStart: number[] = [];

  /** @param options `physics`: full physics with these changes of the class's parameters, drawn from `seed` */
  constructor(
    lanes: readonly BenchLane[],
    options: {
      type?: VehicleType;
      services?: ServiceHost;
      soc?: number;
      physics?: Partial<VehiclePhysics>;
      seed?: number;
    } = {},
  ) {
    let start = 0;
    for (const lane of lanes) {
      this.#laneStart.push(start);
      start += lane.lengthM;
    }
    this.map = new LaneMap(buildLaneGraph(straightSite(lanes), ["igv"]));
    this.vehicle = new SimVehicle({
      id: "V1",
      type: options.type ?? referenceVehicle,
      map: this.map,
      start: { lane: "L0", s: 0 },
      soc: options.soc ?? 0.8,
      services: options.services ?? constantServices(10_000),
      physics:
        options.physics === undefined
          ? null
          : {
              parameters: { ...defaultVehiclePhysics(), ...options.physics },
              conditions: this.conditions,
              curves: new LaneCurves(this.map.lanes),
              random: prng(options.seed ?? 1),
            },
      onMotion: ({ pose: _pose, ...sample }) => this.samples.push(sample),
    });
  }

  /** Metres of the vehicle from the start of L0. */
  get x(): number {
    return this.#laneStart[this.vehicle.lane]! + this.vehicle.s;
  }

  get state(): VehicleState {
    return this.vehicle.state();
  }

  tick(): void {
    this.tMs += 100;
    this.vehicle.advance(this.tMs);
  }

  run(seconds: number): void {
    for (let i = 0; i < Math.round(seconds * 10); i++) this.tick();
  }

  /** Ticks until the condition holds; fails after an hour. */
  until(condition: () => boolean): void {
    for (let i = 0; !condition(); i++) {
      if (i > 36_000) throw new Error("the condition did not come to hold within an hour");
      this.tick();
    }
  }

  /**
   * An order along the row of lanes from the node at `fromM` to those at `atM`; lane ends between are nodes too, so
   * every edge is on one lane. Nodes up to `releasedTo` metres are released.
   */
  order(options: {
    orderId?: string;
    updateId?: number;
    fromM: number;
    atM: readonly number[];
    releasedTo?: number;
    firstSequenceId?: number;
    maxSpeedMps?: number;
    actions?: Readonly<Record<number, readonly OrderAction[]>>;
  }): OrderMessage {
    const last = options.atM.at(-1) ?? options.fromM;
    const ends = this.#laneStart.filter((x) => x > options.fromM && x < last);
    const at = [...new Set([options.fromM, ...options.atM, ...ends])].sort((a, b) => a - b);
    const releasedTo = options.releasedTo ?? last;
    const first = options.firstSequenceId ?? 0;
    const nodes = at.map((x, i): OrderNode => {
      const lane = this.#laneOf(x, false);
      return {
        nodeId: `N${x}`,
        sequenceId: first + 2 * i,
        released: x <= releasedTo,
        lane: `L${lane}`,
        s: x - this.#laneStart[lane]!,
        x,
        y: 0,
        theta: 0,
        actions: options.actions?.[x] ?? [],
      };
    });
    const edges = nodes.slice(1).map((node, i): OrderEdge => {
      const lane = this.#laneOf(node.x, true);
      return {
        edgeId: `E${nodes[i]!.x}-${node.x}`,
        sequenceId: first + 2 * i + 1,
        released: node.released,
        lane: `L${lane}`,
        fromM: nodes[i]!.x - this.#laneStart[lane]!,
        toM: node.x - this.#laneStart[lane]!,
        maxSpeedMps: options.maxSpeedMps ?? 100,
      };
    });
    return {
      vehicle: "V1",
      orderId: options.orderId ?? "O1",
      orderUpdateId: options.updateId ?? 0,
      nodes,
      edges,
    };
  }

  /** Lane that holds `x`; at a joint the one that ends there or the one that begins. */
  #laneOf(x: number, ending: boolean): number {
    return Math.max(
      0,
      this.#laneStart.findLastIndex((start) => (ending ? start < x : start <= x)),
    );
  }
}

export function action(
  actionId: string,
  actionType: OrderAction["actionType"],
  parameters: OrderAction["parameters"] = {},
): OrderAction {
  return { actionId, actionType, blockingType: "HARD", parameters };
}
