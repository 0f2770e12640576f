/** Random orders with base and horizon, a vehicle that keeps the rules, and a way between them that loses messages. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { OrderEdge, OrderMessage, OrderNode } from "../../engine/index.ts";
import { factsheet, laneGraph, state } from "./fixtures.ts";
import { createLaneGeometry } from "./lane-geometry.ts";
import type { Vda5050Node, Vda5050State } from "./messages.ts";
import type { OrderBody } from "./order-codec.ts";
import { orderFlaw } from "./order-rules.ts";
import { defaultOrderStateOptions, type OrderStateEffect, VehicleOrderState } from "./order-state.ts";

const SEED = 20_261_122;
const SPACING_M = 10;
/** Two lanes side by side from each node to the next: a plan may go on by either. */
const WAYS = ["left", "right"] as const;
const geometry = createLaneGeometry(
  laneGraph({
    left: [
      [0, 0],
      [20_000, 0],
    ],
    right: [
      [0, 1],
      [20_000, 1],
    ],
  }),
);

type Action =
  /** The engine extends the base by so many nodes and says a horizon of so many, on one lane or the other. */
  | { readonly kind: "extend"; readonly base: number; readonly horizon: number; readonly way: 0 | 1 }
  /** The engine begins an order, if the one before it has no horizon left. */
  | { readonly kind: "begin"; readonly base: number; readonly horizon: number; readonly way: 0 | 1 }
  | { readonly kind: "drive"; readonly nodes: number }
  /** Time passes, with a state every 200 ms. */
  | { readonly kind: "wait"; readonly ticks: number }
  /** From now on so many of ten messages are lost, in either direction. */
  | { readonly kind: "lose"; readonly ofTen: number }
  /** A state from before comes once more. */
  | { readonly kind: "echo"; readonly back: number };

/** What the engine wants: orders as extend-orders makes them. */
class Planner {
  last: OrderMessage | null = null;
  #orders = 0;

  next({ kind, base, horizon, way }: Extract<Action, { kind: "extend" | "begin" }>): OrderMessage | null {
    const before = this.last;
    const fresh = before === null || kind === "begin";
    if (kind === "begin" && before?.nodes.at(-1)?.released === false) return null;
    const seam = before?.nodes.findLast((node) => node.released) ?? nodeAt("left", 0, 0, true);
    const nodes: OrderNode[] = [fresh ? { ...seam, sequenceId: 0 } : seam];
    const edges: OrderEdge[] = [];
    const begin = Math.round(seam.s / SPACING_M);
    for (let i = 1; i <= base + horizon; i++) {
      const released = i <= base;
      const lane = WAYS[way];
      const sequenceId = nodes[0]!.sequenceId + 2 * i;
      nodes.push(nodeAt(lane, begin + i, sequenceId, released));
      const fromM = (begin + i - 1) * SPACING_M;
      const toM = fromM + SPACING_M;
      edges.push({
        edgeId: `${lane}:${fromM}-${toM}`,
        sequenceId: sequenceId - 1,
        released,
        lane,
        fromM,
        toM,
        maxSpeedMps: 6,
      });
    }
    const orderId = fresh ? `o${this.#orders++}` : before.orderId;
    const orderUpdateId = fresh ? 0 : before.orderUpdateId + 1;
    this.last = { vehicle: "V01", orderId, orderUpdateId, nodes, edges };
    return this.last;
  }
}

function nodeAt(lane: (typeof WAYS)[number], index: number, sequenceId: number, released: boolean): OrderNode {
  const s = index * SPACING_M;
  return {
    nodeId: `${lane}@${s}`,
    sequenceId,
    released,
    lane,
    s,
    x: s,
    y: lane === "left" ? 0 : 1,
    theta: 0,
    actions: [],
  };
}

/** Takes orders by the letter of 6.6 and counts what it has to refuse. */
class RuleVehicle {
  readonly refused: string[] = [];
  orderId = "";
  updateId = 0;
  base: Vda5050Node[] = [];
  horizon: Vda5050Node[] = [];
  reached = 0;
  /** Everything that was ever released to it, as it was told first. */
  readonly released = new Map<string, string>();
  readonly #accepted = new Map<string, string>();

  get idle(): boolean {
    return this.horizon.length === 0 && this.reached === this.base.length - 1;
  }

  receive(body: OrderBody): void {
    const id = `${body.orderId}/${body.orderUpdateId}`;
    const content = JSON.stringify(body);
    const known = this.#accepted.get(id);
    if (known !== undefined) {
      if (known !== content) this.refused.push(`${id} came with other content`);
      return;
    }
    const flaw = orderFlaw(body);
    if (flaw !== null) return void this.refused.push(`${id}: ${flaw}`);
    const base = body.nodes.filter((node) => node.released);
    if (body.orderId !== this.orderId) {
      if (this.orderId !== "" && !this.idle) return void this.refused.push(`${id}: not idle`);
      if (body.orderUpdateId !== 0) return void this.refused.push(`${id}: begins with an update`);
      this.base = base;
      this.reached = 0;
    } else {
      if (body.orderUpdateId <= this.updateId) return void this.refused.push(`${id}: older than ${this.updateId}`);
      if (JSON.stringify(base[0]) !== JSON.stringify(this.base.at(-1))) return void this.refused.push(`${id}: seam`);
      this.base.push(...base.slice(1));
    }
    this.#accepted.set(id, content);
    this.orderId = body.orderId;
    this.updateId = body.orderUpdateId;
    this.horizon = body.nodes.filter((node) => !node.released);
    for (const node of base) {
      const key = `${body.orderId} ${node.sequenceId}`;
      const told = this.released.get(key);
      const now = JSON.stringify(node);
      if (told !== undefined && told !== now) this.refused.push(`${id}: base node ${node.sequenceId} changed`);
      this.released.set(key, now);
    }
  }

  drive(nodes: number): void {
    this.reached = Math.max(0, Math.min(this.base.length - 1, this.reached + nodes));
  }

  state(): Vda5050State {
    const at = this.base[this.reached];
    const ahead = [...this.base.slice(this.reached + 1), ...this.horizon];
    return state({
      orderId: this.orderId,
      orderUpdateId: this.updateId,
      lastNodeId: at?.nodeId ?? "",
      lastNodeSequenceId: at?.sequenceId ?? 0,
      nodeStates: ahead.map(({ nodeId, sequenceId, released }) => ({ nodeId, sequenceId, released })),
      edgeStates: ahead.map(({ sequenceId, released }) => ({
        edgeId: `e${sequenceId}`,
        sequenceId: sequenceId - 1,
        released,
      })),
      agvPosition: {
        x: at?.nodePosition?.x ?? 0,
        y: at?.nodePosition?.y ?? 0,
        theta: 0,
        mapId: "site",
        positionInitialized: true,
      },
    });
  }
}

const actions = fc.oneof(
  ...(["extend", "extend", "begin"] as const).map((kind) =>
    fc.record({
      kind: fc.constant(kind),
      base: fc.integer({ min: 0, max: 4 }),
      horizon: fc.integer({ min: 0, max: 6 }),
      way: fc.constantFrom(0, 1),
    }),
  ),
  fc.record({ kind: fc.constant("drive" as const), nodes: fc.integer({ min: 1, max: 6 }) }),
  fc.record({ kind: fc.constant("wait" as const), ticks: fc.integer({ min: 1, max: 30 }) }),
  fc.record({ kind: fc.constant("lose" as const), ofTen: fc.constantFrom(0, 0, 3, 8) }),
  fc.record({ kind: fc.constant("echo" as const), back: fc.integer({ min: 1, max: 5 }) }),
) as fc.Arbitrary<Action>;

test("whatever is lost, doubled or late: the vehicle refuses nothing, its base only grows, its horizon is the last one told", () => {
  let [withHorizon, replaced, dropped] = [0, 0, 0];
  fc.assert(
    fc.property(
      fc.array(actions, { minLength: 10, maxLength: 60 }),
      fc.infiniteStream(fc.integer({ min: 0, max: 9 })),
      (script, dice) => {
        const control = new VehicleOrderState({
          ...defaultOrderStateOptions,
          vehicle: "V01",
          session: "",
          mapId: "site",
          geometry,
        });
        const vehicle = new RuleVehicle();
        const planner = new Planner();
        const states: Vda5050State[] = [];
        const reports: string[] = [];
        let nowMs = 0;
        let ofTen = 0;
        const arrives = (): boolean => (dice.next().value ?? 0) >= ofTen;
        const act = (effects: readonly OrderStateEffect[]): void => {
          for (const effect of effects) {
            if (effect.kind === "report") reports.push(effect.code);
            if (effect.kind === "publish" && effect.topic === "order" && arrives())
              vehicle.receive(structuredClone(effect.body));
          }
        };
        const say = (): void => {
          const now = vehicle.state();
          states.push(now);
          if (arrives()) act(control.state(now, nowMs));
        };
        const wait = (ticks: number): void => {
          for (let i = 0; i < ticks; i++) {
            nowMs += 100;
            act(control.tick(nowMs));
            if (i % 2 === 0) say();
          }
        };
        act(control.receiveFactsheet(factsheet({}), nowMs));
        act(control.connection("ONLINE", nowMs));
        say();
        for (const action of script) {
          if (action.kind === "extend" || action.kind === "begin") {
            const before = planner.last?.nodes.filter((node) => !node.released) ?? [];
            const order = planner.next(action);
            if (order === null) continue;
            if (action.horizon > 0) withHorizon++;
            if (before.length > 0 && action.horizon === 0 && action.base === 0) dropped++;
            if (before.length > 0 && order.nodes[1] !== undefined && order.nodes[1].nodeId !== before[0]!.nodeId)
              replaced++;
            act(control.order(order, nowMs));
          } else if (action.kind === "drive") {
            vehicle.drive(action.nodes);
            say();
          } else if (action.kind === "wait") wait(action.ticks);
          else if (action.kind === "lose") ofTen = action.ofTen;
          else if (states.length > action.back) act(control.state(states.at(-1 - action.back)!, nowMs));
          expect(vehicle.refused).toEqual([]);
        }
        // The way is free again: everything that the engine wanted arrives, new orders as soon as the one before is driven.
        ofTen = 0;
        for (let i = 0; i < script.length + 2; i++) {
          vehicle.drive(100);
          wait(12);
        }
        expect(vehicle.refused).toEqual([]);
        expect(reports.filter((code) => code !== "stale-message")).toEqual([]);
        expect(control.busy).toBe(false);
        const { last } = planner;
        if (last === null) return;
        expect([vehicle.orderId, vehicle.updateId]).toEqual([last.orderId, last.orderUpdateId]);
        const ids = (nodes: readonly { nodeId: string; sequenceId: number }[]): string[] =>
          nodes.map(({ nodeId, sequenceId }) => `${sequenceId} ${nodeId}`);
        expect(ids(vehicle.horizon)).toEqual(ids(last.nodes.filter((node) => !node.released)));
        expect(ids([vehicle.base.at(-1)!])).toEqual(ids([last.nodes.findLast((node) => node.released)!]));
      },
    ),
    { numRuns: 150, seed: SEED },
  );
  // The draw has met what it is about.
  expect(Math.min(withHorizon, replaced, dropped)).toBeGreaterThan(15);
});
