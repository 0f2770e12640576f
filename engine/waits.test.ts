import { describe, expect, test } from "vitest";
import { Bench } from "./fixtures.ts";

/** Longer than any wait may last without an explanation, s. */
const LONG_S = 17 * 60;

function laneInto(bench: Bench, bay: string): string {
  const { graph } = bench.engine.options;
  return graph.lanes.laneId[graph.stands[bench.engine.standByBay.get(bay)!]!.stopLane]!;
}

test("who waits for ground names a resource that the vehicle it waits for uses before it", () => {
  const bench = new Bench(["parking-1", "parking-3"]);
  const { areas, stands } = bench.engine.options.graph;
  const { areaUses, standUses } = bench.engine.book;
  const seen = new Set<string>();
  bench.check = () => {
    for (const { id, index, wait } of bench.engine.vehicles) {
      if (wait?.code !== "precedence" && wait?.code !== "room") continue;
      // Whoever is put before it now counts as overtaking it.
      expect(bench.engine.book.vehicles[index]!.steps.find((step) => !step.granted)!.waits).toBe(true);
      const area = areas.findIndex((each) => each.name === wait.resource);
      const stand = stands.findIndex((each) => each.id === wait.resource);
      const users =
        area >= 0 ? areaUses[area]!.map((use) => use.step.vehicle) : standUses[stand]!.map((use) => use.vehicle);
      const [self, other] = [id, wait.vehicle].map((name) => users.indexOf(bench.vehicle(name).index));
      expect(other, `${id} waits for ${wait.vehicle} at ${wait.resource}`).toBeGreaterThanOrEqual(0);
      // Room is wanted by who is not on the lane yet; both are in the order of everything else.
      if (wait.code === "precedence") expect(self).toBeGreaterThan(other!);
      seen.add(area >= 0 ? "area" : stands[stand]!.kind);
    }
  };
  for (const id of ["o1", "o2"]) bench.order(id);
  // One that crawls makes the other wait at whatever lies between them.
  const slow = bench.vehicles.get("V0")!;
  expect(
    bench.until(() => {
      slow.stuck = bench.engine.tick % 100 < 80;
      return ["o1", "o2"].every((id) => bench.phase(id) === "delivered");
    }, 4000),
  ).toBe(true);
  expect(seen).toContain("pocket");
});

describe("a long wait that has a cause is no deadlock", () => {
  const deadlocks = (bench: Bench): string[] => bench.events.filter((event) => event.startsWith("deadlock"));

  test("a broken vehicle stands in the way, and the other one has no plan at all", () => {
    const bench = new Bench(["parking-1", "charger-1"], { vehiclesMax: 2 });
    bench.order("o1");
    expect(
      bench.until(() => bench.phase("o1") === "assigned" && bench.engine.vehicles.some((v) => v.legs.length > 0)),
    ).toBe(true);
    const [first, second] = [...bench.engine.vehicles].sort((a, b) => b.legs.length - a.legs.length);
    bench.run(20);
    bench.vehicles.get(first!.id)!.stuck = true;
    bench.tick({ kind: "vehicle-broken", vehicle: first!.id });
    bench.order("o2");
    bench.run(60);
    expect(second!.todo.map(({ job }) => job)).not.toEqual([]);
    expect(bench.engine.book.vehicles[second!.index]!.steps).toEqual([]);
    expect(second!.wait).toEqual({ code: "blocked", resource: "", vehicle: first!.id });
    bench.run(LONG_S);
    expect(deadlocks(bench)).toEqual([]);
    bench.vehicles.get(first!.id)!.stuck = false;
    bench.tick({ kind: "vehicle-repaired", vehicle: first!.id });
    expect(bench.until(() => bench.phase("o1") === "delivered" && bench.phase("o2") === "delivered")).toBe(true);
  });

  test("its container is to go to a station that is out of service", () => {
    const bench = new Bench();
    bench.order("o1");
    expect(bench.until(() => bench.phase("o1") === "pickedUp")).toBe(true);
    bench.tick({ kind: "station-out", station: "parking-2" });
    bench.tick({ kind: "retarget-transport-order", order: "o1", to: "parking-2" });
    // It drives out its old plan, sets nothing down, and rests laden.
    expect(bench.until(() => bench.engine.book.vehicles[0]!.steps.length === 0)).toBe(true);
    bench.run(5);
    expect(bench.vehicle("V0").wait).toEqual({ code: "station-out", resource: "parking-2", vehicle: "" });
    bench.run(LONG_S);
    expect(deadlocks(bench)).toEqual([]);
    bench.tick({ kind: "station-in", station: "parking-2" });
    expect(bench.until(() => bench.phase("o1") === "delivered")).toBe(true);
  });

  test("a vehicle that was paused on the spot holds up the one behind it", () => {
    const bench = new Bench(["parking-1", "charger-1"], { vehiclesMax: 2 });
    bench.order("o1");
    bench.order("o2");
    expect(bench.until(() => bench.phase("o1") === "pickedUp")).toBe(true);
    bench.run(12);
    const first = bench.engine.vehicleById.get(bench.engine.orders.get("o1")!.vehicle!)!;
    const second = bench.engine.vehicles.find((vehicle) => vehicle !== first)!;
    bench.vehicles.get(first.id)!.paused = true;
    bench.run(LONG_S);
    expect(first.wait?.code).toBe("paused");
    expect(second.wait?.vehicle).toBe(first.id);
    expect(deadlocks(bench)).toEqual([]);
    bench.vehicles.get(first.id)!.paused = false;
    expect(bench.until(() => bench.phase("o2") === "delivered")).toBe(true);
  });

  test("but a wait without any is", () => {
    const bench = new Bench();
    bench.order("o1");
    expect(bench.until(() => bench.phase("o1") === "pickedUp")).toBe(true);
    bench.run(12);
    // It says nothing of why it does not move.
    bench.vehicles.get("V0")!.stuck = true;
    bench.run(LONG_S);
    expect(deadlocks(bench)).toEqual(["deadlock V0"]);
  });

  test("closed ground explains it too", () => {
    const bench = new Bench();
    bench.order("o1");
    expect(bench.until(() => bench.phase("o1") === "pickedUp")).toBe(true);
    bench.tick({ kind: "close-lane", lane: laneInto(bench, "gate-1") });
    bench.run(LONG_S);
    expect(bench.vehicle("V0").wait?.code).toBe("closed");
    expect(deadlocks(bench)).toEqual([]);
  });
});
