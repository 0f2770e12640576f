import { assert } from "./assert.ts";
import type { EngineOutput, OrderAction, OrderMessage, PlanMessage, Tick } from "./messages.ts";

/**
 * A running digest of the engine's decisions: two runs that decided the same have the same digest, and the first tick at
 * which they parted is the first whose digests differ. It covers orders, instant actions, reservations, plans and order
 * events; `event` outputs are words about what happened, not decisions, and are left out.
 *
 * Each output is written as a stream of 32-bit words: a tag for its kind, then its fields in the order of their
 * declaration; a number as the two halves of its IEEE 754 double (−0 as 0; NaN is refused), a string as its length and its
 * UTF-16 code units in pairs, a list as its length and its items, a record by rising key. Lengths and tags make the
 * stream readable in one way only. The words go into two 32-bit lanes with different odd multipliers (Math.imul; the mix
 * is of MurmurHash3's kind), which are finished against each other at the end of every tick. Not cryptographic.
 */
export class DecisionDigest {
  #a = 0x9e3779b9 | 0;
  #b = 0x7f4a7c15 | 0;
  readonly #double = new DataView(new ArrayBuffer(8));

  /** Chains the outputs of one tick, in the order in which they were emitted. Ticks without outputs count too. */
  addTick(tick: Tick, outputs: readonly EngineOutput[]): void {
    this.#word(tick);
    for (const output of outputs) this.#output(output);
    this.#finishTick();
  }

  /** 16 hexadecimal digits: the state after the last tick. */
  get hex(): string {
    return digestHex(this.#a, this.#b);
  }

  /** The state, to be kept in a snapshot. */
  get lanes(): readonly [number, number] {
    return [this.#a >>> 0, this.#b >>> 0];
  }

  /** Goes on from the state of a snapshot. */
  resume(lanes: readonly [number, number]): void {
    this.#a = lanes[0] | 0;
    this.#b = lanes[1] | 0;
  }

  #output(output: EngineOutput): void {
    switch (output.kind) {
      case "order":
        this.#word(1);
        this.#order(output.message);
        return;
      case "instant-action": {
        const { vehicle, actionId, actionType, parameters } = output.message;
        this.#word(2);
        this.#text(vehicle);
        this.#text(actionId);
        this.#text(actionType);
        this.#record(parameters);
        return;
      }
      case "reservation": {
        const { vehicle, resource, kind, side, fromM, toM, event, seq } = output.message;
        this.#word(3);
        this.#text(vehicle);
        this.#text(resource);
        this.#text(kind);
        this.#text(side);
        this.#number(fromM);
        this.#number(toM);
        this.#text(event);
        this.#number(seq);
        return;
      }
      case "plan":
        this.#word(4);
        this.#plan(output.message);
        return;
      case "order-event": {
        const { order, event, vehicle, container, place, reason } = output.message;
        this.#word(5);
        this.#text(order);
        this.#text(event);
        this.#word(vehicle === null ? 0 : 1);
        if (vehicle !== null) this.#text(vehicle);
        this.#text(container);
        this.#text(place);
        this.#text(reason);
        return;
      }
      case "event":
        return;
    }
  }

  #order(order: OrderMessage): void {
    this.#text(order.vehicle);
    this.#text(order.orderId);
    this.#number(order.orderUpdateId);
    this.#word(order.nodes.length);
    for (const node of order.nodes) {
      this.#text(node.nodeId);
      this.#number(node.sequenceId);
      this.#word(node.released ? 1 : 0);
      this.#text(node.lane);
      this.#number(node.s);
      this.#number(node.x);
      this.#number(node.y);
      this.#number(node.theta);
      this.#word(node.actions.length);
      for (const action of node.actions) this.#action(action);
    }
    this.#word(order.edges.length);
    for (const edge of order.edges) {
      this.#text(edge.edgeId);
      this.#number(edge.sequenceId);
      this.#word(edge.released ? 1 : 0);
      this.#text(edge.lane);
      this.#number(edge.fromM);
      this.#number(edge.toM);
      this.#number(edge.maxSpeedMps);
    }
  }

  #action(action: OrderAction): void {
    this.#text(action.actionId);
    this.#text(action.actionType);
    this.#text(action.blockingType);
    this.#record(action.parameters);
  }

  #plan(plan: PlanMessage): void {
    this.#text(plan.vehicle);
    this.#number(plan.planId);
    this.#word(plan.nodes.length);
    for (const node of plan.nodes) this.#text(node);
    this.#word(plan.times.length);
    for (const time of plan.times) this.#number(time);
    this.#text(plan.restsAt);
    this.#text(plan.reason);
  }

  #record(record: Readonly<Record<string, string | number>>): void {
    // Array.sort without a comparator orders strings by UTF-16 code unit: total, and the same everywhere.
    const keys = Object.keys(record).sort();
    this.#word(keys.length);
    for (const key of keys) {
      const value = record[key]!;
      this.#text(key);
      if (typeof value === "number") {
        this.#word(0);
        this.#number(value);
      } else {
        this.#word(1);
        this.#text(value);
      }
    }
  }

  #text(text: string): void {
    const length = text.length;
    this.#word(length);
    let i = 0;
    for (; i + 1 < length; i += 2) this.#word(text.charCodeAt(i) | (text.charCodeAt(i + 1) << 16));
    if (i < length) this.#word(text.charCodeAt(i));
  }

  #number(value: number): void {
    assert(!Number.isNaN(value), "a decision holds a number, not NaN");
    this.#double.setFloat64(0, value + 0, true); // -0 + 0 is 0
    this.#word(this.#double.getInt32(0, true));
    this.#word(this.#double.getInt32(4, true));
  }

  #word(word: number): void {
    let a = Math.imul(this.#a ^ word, 0x85ebca6b);
    a = (a << 13) | (a >>> 19);
    this.#a = (Math.imul(a, 5) + 0x52dce729) | 0;
    let b = Math.imul(this.#b ^ word, 0xc2b2ae35);
    b = (b << 15) | (b >>> 17);
    this.#b = (Math.imul(b, 9) + 0x38495ab5) | 0;
  }

  #finishTick(): void {
    const a = finish(this.#a ^ Math.imul(this.#b, 0x27d4eb2f));
    const b = finish(this.#b ^ Math.imul(a, 0x165667b1));
    this.#a = a;
    this.#b = b;
  }
}

/** Two 32-bit lanes as 16 hexadecimal digits. */
export function digestHex(a: number, b: number): string {
  return (a >>> 0).toString(16).padStart(8, "0") + (b >>> 0).toString(16).padStart(8, "0");
}

function finish(word: number): number {
  let h = word;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
