import { describe, expect, test } from "vitest";
import { prng } from "../../planner/index.ts";
import {
  type BrokerClient,
  type ClientLink,
  IDEAL_NETWORK,
  type NetworkConditions,
  VirtualBroker,
} from "./virtual-broker.ts";

interface Heard extends BrokerClient {
  readonly log: string[];
}

function client(
  broker: () => VirtualBroker,
  topics: readonly string[],
  lastWill: BrokerClient["lastWill"] = null,
): Heard {
  const log: string[] = [];
  const note = (what: string): void => void log.push(`${broker().nowMs} ${what}`);
  return {
    log,
    topics,
    lastWill,
    connected: () => note("connected"),
    disconnected: () => note("disconnected"),
    receive: (topic, payload, retain) => note(`${topic} ${new TextDecoder().decode(payload)}${retain ? " kept" : ""}`),
  };
}

function pair(conditions: Partial<NetworkConditions> = {}, seed = 1) {
  const broker = new VirtualBroker(prng(seed), { ...IDEAL_NETWORK, ...conditions });
  const fleet = client(() => broker, ["a/+/state", "a/+/connection"]);
  const car = client(() => broker, ["a/1/order"], { topic: "a/1/connection", payload: "broken" });
  const links: [ClientLink, ClientLink] = [broker.attach(fleet), broker.attach(car)];
  broker.advance(0);
  return { broker, fleet, car, fleetLink: links[0], carLink: links[1] };
}

const states = (heard: Heard): number[] =>
  heard.log.filter((line) => line.includes("state")).map((line) => Number(line.split(" ")[2]));

describe("a broker in virtual time", () => {
  test("messages go to who subscribed, after the delay of two hops, in order", () => {
    const { broker, fleet, car, fleetLink, carLink } = pair({ latencyMs: 20 });
    broker.advance(100);
    carLink.publish("a/1/state", "1", 0, false);
    carLink.publish("a/1/state", "2", 0, false);
    fleetLink.publish("a/1/order", "go", 0, false);
    fleetLink.publish("a/2/order", "go", 0, false);
    broker.advance(1000);
    expect(fleet.log).toEqual(["20 connected", "140 a/1/state 1", "140 a/1/state 2"]);
    expect(car.log).toEqual(["20 connected", "140 a/1/order go"]);
  });

  test("what is kept is handed to who subscribes later, and an empty payload removes it", () => {
    const { broker, carLink } = pair();
    carLink.publish("a/1/connection", "online", 1, true);
    broker.advance(10);
    const late = client(() => broker, ["a/+/connection"]);
    broker.attach(late);
    broker.advance(20);
    expect(late.log).toEqual(["10 connected", "10 a/1/connection online kept"]);
    carLink.publish("a/1/connection", "", 1, true);
    broker.advance(30);
    const later = client(() => broker, ["a/+/connection"]);
    broker.attach(later);
    broker.advance(40);
    expect(later.log).toEqual(["30 connected"]);
  });

  test("a short parting delays what is sent meanwhile, and loses nothing", () => {
    const { broker, fleet, carLink } = pair();
    broker.advance(1000);
    carLink.setReachable(false);
    carLink.publish("a/1/state", "1", 0, false);
    broker.advance(10_000);
    carLink.setReachable(true);
    broker.advance(20_000);
    expect(fleet.log.slice(1)).toEqual(["10000 a/1/state 1"]);
  });

  test("a long one is noticed by the client, then by the broker, who publishes the last will; then all begins anew", () => {
    const { broker, fleet, car, fleetLink, carLink } = pair();
    broker.advance(1000);
    carLink.setReachable(false);
    carLink.publish("a/1/state", "lost", 0, false);
    carLink.publish("a/1/connection", "sure", 1, false);
    broker.advance(12_000);
    fleetLink.publish("a/1/order", "lost", 0, false);
    broker.advance(20_000);
    carLink.setReachable(true);
    broker.advance(30_000);
    expect(car.log).toEqual(["0 connected", "11000 disconnected", "21000 connected"]);
    expect(fleet.log.slice(1)).toEqual(["16000 a/1/connection broken", "21000 a/1/connection sure"]);
  });

  test("who comes back before the broker has noticed takes its session over: the last will comes first", () => {
    const { broker, fleet, carLink } = pair();
    broker.advance(1000);
    carLink.setReachable(false);
    broker.advance(12_500);
    carLink.setReachable(true);
    broker.advance(30_000);
    expect(fleet.log.slice(1)).toEqual(["13500 a/1/connection broken"]);
  });

  test("loss, repetition and lateness come in the parts asked for, at QoS 0 alone", () => {
    const { broker, fleet, carLink } = pair(
      { lossShare: 0.1, duplicateShare: 0.05, reorderShare: 0.1, reorderMs: 500 },
      7,
    );
    const many = 4000;
    for (let i = 0; i < many; i++) {
      carLink.publish("a/1/state", `${i}`, 0, false);
      carLink.publish("a/1/connection", `${i}`, 1, false);
      broker.advance(broker.nowMs + 50);
    }
    broker.advance(broker.nowMs + 10_000);
    const sure = fleet.log.filter((line) => line.includes("connection ")).map((line) => Number(line.split(" ")[2]));
    expect(sure).toEqual(Array.from({ length: many }, (_, i) => i));
    const got = states(fleet);
    // Two hops: 0.9² get through, and of those that do one in ten or so comes again.
    expect(new Set(got).size / many).toBeGreaterThan(0.78);
    expect(new Set(got).size / many).toBeLessThan(0.86);
    expect(got.length / new Set(got).size).toBeGreaterThan(1.05);
    expect(got.some((n, i) => i > 0 && n < got[i - 1]! - 1)).toBe(true);
  });

  test("one seed, one course", () => {
    const run = (seed: number): readonly string[] => {
      const { broker, fleet, carLink } = pair({ latencyMs: 5, jitterMs: 30, lossShare: 0.2 }, seed);
      for (let i = 0; i < 200; i++) {
        carLink.publish("a/1/state", `${i}`, 0, false);
        broker.advance(broker.nowMs + 20);
      }
      return fleet.log;
    };
    expect(run(3)).toEqual(run(3));
    expect(run(3)).not.toEqual(run(4));
  });
});
