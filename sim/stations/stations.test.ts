import { expect, test } from "vitest";
import type { OrderAction } from "../../engine/index.ts";
import { type Distribution, prng, type Site, type Station } from "../../planner/index.ts";
import { Stations } from "./stations.ts";

const constant = (valueS: number): Distribution => ({ kind: "constant", valueS });

function station(id: string, role: Station["role"], xs: readonly number[], service: Distribution | null): Station {
  const bays = xs.map((x, i) => ({ id: xs.length === 1 ? id : `${id}/${i + 1}`, x, y: 0 }));
  return { id, role, side: "vn", bays, service, resting: role === "charger", modes: ["igv"] };
}

function stations(all: readonly Station[], positioning: Distribution = constant(0), seed = 1): Stations {
  const site: Site = {
    id: "test",
    frame: { lat0: 0, lon0: 0, bearing: 0 },
    lanes: [],
    stations: all,
    surfaces: [],
    border: [],
  };
  return new Stations({ site, random: prng(seed), positioning });
}

const act = (actionType: OrderAction["actionType"], parameters: OrderAction["parameters"] = {}): OrderAction => ({
  actionId: "a",
  actionType,
  blockingType: "HARD",
  parameters,
});

/** Queues a request and returns its ticket; a refusal fails the test. */
function ask(
  host: Stations,
  vehicle: string,
  x: number,
  action: OrderAction,
  atMs: number,
  handledHere = false,
): number {
  const answer = host.request({ vehicle, action, x, y: 0, handledHere }, atMs);
  if (answer.kind === "refused") throw new Error(answer.reason);
  return answer.ticket;
}

test("a crane serves one vehicle at a time over its bays, in the order in which they stood ready", () => {
  const host = stations([station("K", "crane", [0, 50, 100], constant(90))]);
  const first = ask(host, "V2", 50, act("pick"), 1000);
  const third = ask(host, "V1", 0, act("pick"), 2000);
  const second = ask(host, "V3", 100, act("pick"), 1500);
  expect(host.progress(first, 2000)).toBe("serving");
  expect([host.progress(second, 90_000), host.progress(third, 90_000)]).toEqual(["queued", "queued"]);
  expect(host.progress(first, 91_000)).toBe("done");
  expect(host.progress(second, 91_000)).toBe("serving");
  expect(host.progress(third, 181_000)).toBe("serving");
  expect(host.progress(second, 181_000)).toBe("done");
  expect(host.progress(third, 270_999)).toBe("serving");
  expect(host.progress(third, 271_000)).toBe("done");
});

test("two cranes do not wait for each other", () => {
  const host = stations([station("K", "crane", [0], constant(90)), station("L", "crane", [50], constant(60))]);
  const k = ask(host, "V1", 0, act("pick"), 0);
  const l = ask(host, "V2", 50, act("drop"), 0);
  expect([host.progress(k, 60_000), host.progress(l, 60_000)]).toEqual(["serving", "done"]);
});

test("positioning comes once a stand in a crane bay, and the crane serves others meanwhile", () => {
  const host = stations([station("K", "crane", [0, 50], constant(90))], constant(20));
  const here = ask(host, "V1", 0, act("drop"), 0);
  expect(host.progress(here, 19_999)).toBe("queued");
  const other = ask(host, "V2", 50, act("drop"), 1000, true);
  expect([host.progress(here, 20_000), host.progress(other, 20_000)]).toEqual(["queued", "serving"]);
  expect(host.progress(other, 91_000)).toBe("done");
  expect(host.progress(here, 181_000)).toBe("done");
  const again = ask(host, "V1", 0, act("pick"), 181_000, true);
  expect(host.progress(again, 271_000)).toBe("done");
});

test("a station serves only who stands in its bay, and only what it is for", () => {
  const host = stations([station("G", "gate", [0], constant(20)), station("K", "crane", [50], constant(90))]);
  const refusal = (x: number, action: OrderAction): string => {
    const answer = host.request({ vehicle: "V1", action, x, y: 0, handledHere: false }, 0);
    return answer.kind === "refused" ? answer.reason : "taken";
  };
  expect(refusal(3, act("service", { station: "G" }))).toBe("the vehicle does not stand in a bay of station G");
  expect(refusal(0, act("service", { station: "X" }))).toBe("there is no station X");
  expect(refusal(0, act("pick"))).toBe("the vehicle does not stand in a bay of a crane");
  expect(refusal(50, act("startCharging"))).toBe("the vehicle does not stand in a bay of a charger");
  expect(refusal(0.2, act("service", { station: "G" }))).toBe("taken");
});

test("chargers serve every bay at once, and a vehicle may leave one", () => {
  const host = stations([station("C", "charger", [0, 5], null)]);
  const tickets = [0, 5].map((x, i) => ask(host, `V${i}`, x, act("startCharging"), 0));
  for (const ticket of tickets) expect(host.progress(ticket, 1e9)).toBe("serving");
  expect(host.withdraw(tickets[0]!)).toBe(true);
  expect(() => host.progress(tickets[0]!, 1e9)).toThrow("no service request");
});

test("a queued request can be taken back, one that is served cannot", () => {
  const host = stations([station("G", "gate", [0, 50], constant(20))]);
  const served = ask(host, "V1", 0, act("service", { station: "G" }), 0);
  const queued = ask(host, "V2", 50, act("service", { station: "G" }), 0);
  expect(host.progress(served, 0)).toBe("serving");
  expect([host.withdraw(served), host.withdraw(queued)]).toEqual([false, true]);
});

test("a station that is out finishes what it does and begins nothing until it is back", () => {
  const host = stations([station("G", "gate", [0, 50], constant(20))]);
  const served = ask(host, "V1", 0, act("service", { station: "G" }), 0);
  const queued = ask(host, "V2", 50, act("service", { station: "G" }), 0);
  host.setOut("G", true, 5000);
  expect([host.progress(served, 20_000), host.progress(queued, 60_000)]).toEqual(["done", "queued"]);
  host.setOut("G", false, 100_000);
  expect([host.progress(queued, 119_999), host.progress(queued, 120_000)]).toEqual(["serving", "done"]);
});

test("what one station draws does not depend on what others draw", () => {
  const spread: Distribution = { kind: "gamma", meanS: 100, cv: 0.5 };
  const durations = (otherVisits: number): number[] => {
    const host = stations([station("K", "crane", [0], spread), station("L", "crane", [50], spread)], spread, 99);
    const ends: number[] = [];
    let t = 0;
    for (let visit = 0; visit < 20; visit++) {
      for (let i = 0; i < otherVisits; i++) ask(host, `W${visit}`, 50, act("pick"), t);
      const ticket = ask(host, "V1", 0, act("pick"), t);
      const start = t;
      while (host.progress(ticket, t) !== "done") t += 10;
      ends.push(t - start);
    }
    return ends;
  };
  expect(durations(3)).toEqual(durations(0));
  expect(new Set(durations(0)).size).toBeGreaterThan(15);
});
