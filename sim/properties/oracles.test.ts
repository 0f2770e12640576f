/** Each oracle is shown what it must not let pass. */
import { describe, expect, test } from "vitest";
import type { Engine, EngineOutput } from "../../engine/index.ts";
import { fork, prng, smallSiteVehicle } from "../../planner/index.ts";
import { BaseOracle, FootprintOracle, GroundOracle } from "../fuzz/oracles.ts";
import { siteCase } from "../fuzz/site-case.ts";
import type { SimVehicle } from "../vehicle/index.ts";
import { POSTPONED_MAX_MS, PostponementOracle, WaitOracle } from "./engine-oracles.fixture.ts";
import { SmallRun } from "./small-run.fixture.ts";

describe("footprints", () => {
  const look = (...poses: readonly { x: number; y: number; theta: number }[]) =>
    new FootprintOracle(
      poses.map(
        (pose, i) =>
          ({ id: `V${i}`, type: smallSiteVehicle, pose: () => pose, laneId: "L", s: 0 }) as unknown as SimVehicle,
      ),
    ).look();

  test("that touch are a fault, beside each other or across", () => {
    expect(look({ x: 0, y: 0, theta: 0 }, { x: 15.1, y: 0, theta: 0 })).toBeNull();
    expect(look({ x: 0, y: 0, theta: 0 }, { x: 14.9, y: 0, theta: 0 })).toMatchObject({ rule: "overlap" });
    expect(look({ x: 0, y: 0, theta: 0 }, { x: 0, y: 3.1, theta: 0 })).toBeNull();
    expect(look({ x: 0, y: 0, theta: 0 }, { x: 0, y: 5, theta: Math.PI / 2 })).toMatchObject({ rule: "overlap" });
  });
});

describe("ground", () => {
  type Message = Extract<EngineOutput, { kind: "reservation" }>["message"];
  const take = (...messages: readonly Partial<Message>[]) => {
    const whole = { resource: "R", kind: "area", side: "", fromM: 0, toM: 0, event: "granted", seq: 0 } as const;
    const outputs = messages.map(
      (message) => ({ kind: "reservation", message: { ...whole, ...message } }) as EngineOutput,
    );
    return new GroundOracle().take(outputs);
  };

  test("an area from two sides, unless the first has left", () => {
    const [a, b] = [
      { vehicle: "V0", side: "a" },
      { vehicle: "V1", side: "b" },
    ];
    expect(take(a, b)).toMatchObject({ rule: "area" });
    expect(take(a, { ...b, side: "a" })).toBeNull();
    expect(take(a, { ...a, event: "cleared" }, b)).toBeNull();
    // Granted twice, left once.
    expect(take(a, a, { ...a, event: "cleared" }, b)).toMatchObject({ rule: "area" });
    expect(take({ ...a, event: "cleared" })).toMatchObject({ rule: "area" });
  });

  test("a place of two vehicles, and metres of a lane of two", () => {
    const place = { kind: "place" } as const;
    expect(take({ vehicle: "V0", ...place }, { vehicle: "V1", ...place })).toMatchObject({ rule: "place" });
    expect(
      take({ vehicle: "V0", ...place }, { vehicle: "V0", ...place, event: "cleared" }, { vehicle: "V1", ...place }),
    ).toBeNull();
    const on = (vehicle: string, fromM: number, toM: number) => ({ vehicle, kind: "lane", fromM, toM }) as const;
    expect(take(on("V0", 0, 20), on("V1", 20, 40))).toBeNull();
    expect(take(on("V0", 0, 20), on("V1", 19, 40))).toMatchObject({ rule: "lane" });
    expect(take(on("V0", 0, 20), on("V0", 5, 20), on("V1", 0, 5))).toBeNull();
  });
});

describe("A4: a base", () => {
  /** One vehicle, as the engine knows it and as it is. */
  const watched = (baseEndM: number, v = 0) => {
    const world = { id: "V0", index: 0, positionM: 100, grantedEndM: 200, baseEndM };
    const vehicle = { id: "V0", v, type: smallSiteVehicle };
    const oracle = new BaseOracle(
      { vehicles: [world] } as unknown as Engine,
      [vehicle] as unknown as readonly SimVehicle[],
    );
    return { world, vehicle, oracle };
  };

  test("reaches as far as the vehicle needs to stop", () => {
    // 6 m/s and 1.5 m/s²: 12 m.
    expect(watched(112.1, 6).oracle.look()).toBeNull();
    expect(watched(111.9, 6).oracle.look()).toMatchObject({ rule: "A4" });
  });

  test("never shrinks", () => {
    const { oracle, world } = watched(150);
    expect(oracle.look()).toBeNull();
    world.baseEndM = 149;
    expect(oracle.look()).toMatchObject({ rule: "A4" });
  });

  test("ends within what is granted", () => {
    expect(watched(200).oracle.look()).toBeNull();
    expect(watched(200.1).oracle.look()).toMatchObject({ rule: "A4" });
  });
});

/** A run with traffic, up to a moment at which `found` gives something. */
function underWay<T>(found: (engine: Engine) => T | undefined): { engine: Engine; what: T } {
  for (let seed = 0; seed < 10; seed++) {
    const random = prng(seed);
    const run = new SmallRun(siteCase(fork(random, "site"), "strip"), fork(random, "run"));
    let what: T | undefined;
    run.until(() => {
      what = run.engine.tick % 8 === 0 ? found(run.engine) : undefined;
      return what !== undefined || run.done;
    });
    expect(run.fault).toBeNull();
    if (what !== undefined) return { engine: run.engine, what };
  }
  throw new Error("no run came to such a moment");
}

describe("A7: a wait", () => {
  const waiter = (engine: Engine) => engine.vehicles.find((vehicle) => vehicle.wait?.code === "precedence");

  test("that has nothing behind it any more for two ticks", () => {
    const { engine, what: vehicle } = underWay(waiter);
    const oracle = new WaitOracle(engine);
    expect(oracle.look()).toBeNull();
    // Everybody it waits for is taken away from before it, and it is not granted.
    const { book } = engine;
    const step = book.vehicles[vehicle.index]!.steps.find((each) => !each.granted)!;
    for (const clear of step.clears) clear.order = 0;
    for (const visit of [step.from, step.to]) visit.order = 0;
    step.readyMs = 0;
    for (const clear of step.clears) {
      if (clear.area >= 0)
        book.areaUses[clear.area] = [clear, ...book.areaUses[clear.area]!.filter((use) => use !== clear)];
    }
    book.standUses[step.to.stand] = [step.to];
    vehicle.wait = null;
    expect(oracle.look()).toBeNull();
    engine.tick++;
    expect(oracle.look()).toMatchObject({ rule: "A7" });
  });

  test("that names something else than what the other uses before it", () => {
    for (const wrong of [{ resource: "nowhere" }, { vehicle: "V99" }]) {
      const { engine, what: vehicle } = underWay(waiter);
      const oracle = new WaitOracle(engine);
      vehicle.wait = { ...vehicle.wait!, ...wrong };
      expect(oracle.look()).toMatchObject({ rule: "A7" });
    }
    const { engine, what: vehicle } = underWay(waiter);
    const other = engine.options.graph.stands.find(({ index }) => engine.book.standUses[index]!.length === 0)!;
    vehicle.wait = { ...vehicle.wait!, resource: other.id };
    expect(new WaitOracle(engine).look()).toMatchObject({ rule: "A7" });
  });
});

test("A9: replanning postpones the delivery of what was picked up by D in total and no more", () => {
  const dropOf = (engine: Engine) => {
    for (const traffic of engine.book.vehicles) {
      const order = traffic === null ? undefined : engine.orders.loadOf(engine.vehicles[traffic.index]!.id)?.order.id;
      const drop = traffic?.visits.flatMap(({ services }) => services).find(({ job }) => job === `drop:${order}`);
      if (drop !== undefined) return { traffic: traffic!, drop };
    }
    return undefined;
  };
  const { engine, what } = underWay(dropOf);
  const oracle = new PostponementOracle(engine);
  expect(oracle.look()).toBeNull();
  const replanned = (byMs: number) => {
    what.traffic.planId++;
    what.drop.endMs += byMs;
    return oracle.look();
  };
  expect(replanned(POSTPONED_MAX_MS / 2)).toBeNull();
  expect(replanned(-POSTPONED_MAX_MS)).toBeNull();
  // Late of itself is not postponed.
  what.drop.endMs += POSTPONED_MAX_MS;
  expect(oracle.look()).toBeNull();
  expect(replanned(POSTPONED_MAX_MS / 2)).toBeNull();
  expect(replanned(1)).toMatchObject({ rule: "A9" });
});
