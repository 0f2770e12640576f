/** One sound synthetic run, and one broken in each way that a rule is to find. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { describe, expect, test, vi } from "vitest";
import {
  createRunRecorder,
  type RecordedKpi,
  type RunSummary,
  type SiteMessage,
  type VehicleSample,
} from "../../fleet-gateway/index.ts";
import {
  cleared,
  type Driver,
  deliveredAt,
  ground,
  type Item,
  messagesOf,
  metres,
  motionOf,
  orderEvent,
  type Run,
  record,
  sampleOf,
  soundRun,
  stream,
  summaryOf,
} from "../synthetic-run.fixture.ts";
import { registerVerify } from "../verify-command.ts";
import type { RuleId } from "./rules.ts";
import { type VerifyReport, verifyRecording } from "./verify.ts";

interface Breakage {
  run?: (run: Run) => void;
  messages?: (items: Item[]) => Item[] | undefined;
  summary?: (summary: RunSummary) => RunSummary;
}

async function verifyBroken(breakage: Breakage = {}): Promise<VerifyReport> {
  const run = soundRun();
  breakage.run?.(run);
  const items = messagesOf(run);
  const summary = summaryOf(run);
  return verifyRecording(stream(breakage.messages?.(items) ?? items), breakage.summary?.(summary) ?? summary);
}

interface Expected {
  readonly rule: RuleId;
  readonly vehicles: readonly string[];
  readonly says: RegExp;
  readonly between?: readonly [number, number];
  /** The other rules that the same breach breaks; all the rest must be kept. */
  readonly also?: readonly RuleId[];
}

async function expectBreach(breakage: Breakage, expected: Expected): Promise<void> {
  const report = await verifyBroken(breakage);
  const found = report.violations.filter(
    ({ rule, vehicles, sentence }) =>
      rule === expected.rule && vehicles.join() === expected.vehicles.join() && expected.says.test(sentence),
  );
  expect(found, report.violations.map(({ sentence }) => sentence).join("\n")).not.toEqual([]);
  const [from, to] = expected.between ?? [0, Number.POSITIVE_INFINITY];
  expect(found[0]!.t).toBeGreaterThanOrEqual(from);
  expect(found[0]!.t).toBeLessThanOrEqual(to);
  expect(found[0]!.sentence).toMatch(new RegExp(`^${expected.rule} at \\d\\d:\\d\\d:\\d\\d\\.\\d{3}`));
  const broken = report.rules.filter(({ violations }) => violations > 0).map(({ id }) => id);
  expect(broken.filter((id) => id !== expected.rule && !(expected.also ?? []).includes(id))).toEqual([]);
  expect(report.ok).toBe(false);
}

const without = (run: Run, test: (message: Item["message"], item: Item) => boolean): void => {
  run.items = run.items.filter((item) => !test(item.message, item));
};
const driverOf = (run: Run, id: string, change: Partial<Driver>): void => {
  run.drivers = run.drivers.map((driver) => (driver.id === id ? { ...driver, ...change } : driver));
};

/** V3 drives so that it is on the crossing with V1 at t = 104 s. */
const crossTogether = (run: Run): void => {
  driverOf(run, "V3", {
    phases: [
      [77.5, 0],
      [8, 0.5],
      [36.5, 0],
      [4, -1],
    ],
    says: (t) => ({ order: "O3", ...(t < 112 ? { waitingFor: ["vehicle:V1"] } : {}) }),
  });
};

const figuresOff = ["R10"] as const;

// ------------------------------------------------------------- tests

test("a sound run breaks no rule", async () => {
  const report = await verifyBroken();
  expect(report.violations).toEqual([]);
  expect(report).toMatchObject({ ok: true, vehicles: 3, delivered: 1, collisions: 0, deadlocks: 0, simulatedS: 160 });
  expect(report.checked.reservations).toBe(17);
  expect(report.checked.conflicts).toBe(2);
  expect(report.checked.windows).toBe(320);
});

describe("R1", () => {
  test("an overlap at the crossing", () =>
    expectBreach(
      { run: crossTogether },
      {
        rule: "R1",
        vehicles: ["V1", "V3"],
        says: /footprints overlap/,
        between: [98, 108],
        also: ["R2", "R4", "R10"],
      },
    ));

  test("an overlap only between two samples", () =>
    expectBreach(
      {
        run: (run) => {
          crossTogether(run);
          run.periodS = 10;
          const clear = (t: number): boolean => {
            const [p, q] = [motionOf(run.drivers[0]!, t).m, motionOf(run.drivers[2]!, t).m];
            return Math.abs(p - 500) > 9.1 || Math.abs(q - 100) > 9.1;
          };
          if (!clear(100) || !clear(110) || clear(104)) throw new Error("the case is not the one it should be");
        },
      },
      {
        rule: "R1",
        vehicles: ["V1", "V3"],
        says: /footprints overlap/,
        between: [100.1, 109.9],
        also: ["R2", "R4", "R10"],
      },
    ));

  test("the least separation is measured", async () => {
    const report = await verifyBroken({
      run: (run) => {
        driverOf(run, "V2", {
          startM: 80,
          phases: [
            [30, 0],
            [8, 0.5],
            [11.5, 0],
            [4, -1],
          ],
        });
        run.items = run.items.map((item) =>
          item.message.vehicle === "V2" && item.t === 0 ? ground(0, "V2", "lane", "L1", metres(69.5, 89, 2)) : item,
        );
      },
    });
    expect(report.violations).toEqual([]);
    expect(report.minSeparationM).toBeCloseTo(5, 3);
    expect(report.minSeparationAt?.vehicles).toEqual(["V1", "V2"]);
  });
});

test("R2: a body beyond its granted metres", () =>
  expectBreach(
    { run: (run) => without(run, (message, { t }) => message.vehicle === "V2" && t === 30) },
    { rule: "R2", vehicles: ["V2"], says: /lane L1 .* 9\.50 m to 60\.00 m are granted/, between: [42, 43] },
  ));

describe("R3", () => {
  test("metres of two vehicles overlap", () =>
    expectBreach(
      { run: (run) => run.items.push(ground(10, "V2", "lane", "L1", metres(9.5, 120, 2))) },
      { rule: "R3", vehicles: ["V2", "V1"], says: /both hold lane L1 between 89\.50 m/, between: [10, 10] },
    ));
  test("not in the order of entry", () =>
    expectBreach(
      {
        run: (run) => {
          without(run, (message, { t }) => message.vehicle === "V1" && message.resource === "L1" && t < 40);
          run.items.push(ground(2, "V1", "lane", "L1", metres(89.5, 200)));
        },
      },
      {
        rule: "R3",
        vehicles: ["V2", "V1"],
        says: /V1 is ahead of V2 on lane L1, which V2 entered first \(at 00:00:00\.000, V1 at 00:00:02\.000\)/,
        also: ["R2"],
      },
    ));
  test("a strip in both directions", () =>
    expectBreach(
      {
        run: (run) => {
          run.items.push(ground(10, "V2", "lane", "S", metres(0, 120)), ground(11, "V3", "lane", "S~", metres(0, 90)));
        },
      },
      { rule: "R3", vehicles: ["V2", "V3"], says: /opposite directions between 110\.00 m and 120\.00 m/ },
    ));
});

describe("R4", () => {
  test("an area held for two sides", () =>
    expectBreach(
      { run: (run) => run.items.push(ground(50, "V3", "area", "L3 x X", { side: "X" })) },
      { rule: "R4", vehicles: ["V1", "V3"], says: /hold area L3 x X for two sides/, between: [50, 50] },
    ));
  test("two on ground where two lanes overlap, without any area being recorded", () =>
    expectBreach(
      {
        run: (run) => {
          const stands = (id: string, on: string): Driver => ({
            id,
            lanes: [on],
            startM: 20,
            phases: [],
            says: () => ({}),
          });
          run.drivers.push(stands("V4", "S"), stands("V5", "S~"));
          run.items.push(ground(0, "V4", "lane", "S", metres(0, 40)), ground(0, "V5", "lane", "S~", metres(0, 40)));
        },
      },
      { rule: "R4", vehicles: ["V4", "V5"], says: /footprints of lanes S and S~ overlap/, between: [0, 0.5] },
    ));
});

test("R5: a place held by two", () =>
  expectBreach(
    { run: (run) => run.items.push(ground(70, "V2", "place", "B1")) },
    { rule: "R5", vehicles: ["V1", "V2"], says: /hold place B1 together/, between: [70, 70] },
  ));

describe("R6", () => {
  const early = (t: number, kind: "lane" | "area" | "place", resource: string): Breakage => ({
    run: (run) => {
      without(
        run,
        (message) => message.vehicle === "V1" && message.resource === resource && message.event === "cleared",
      );
      run.items.push(ground(t, "V1", kind, resource, cleared));
    },
  });
  test("a lane cleared under the tail", () =>
    expectBreach(early(30.1, "lane", "L1"), {
      rule: "R6",
      vehicles: ["V1"],
      says: /lane L1 is cleared with the body on/,
      between: [30.1, 30.1],
      also: ["R2"],
    }));
  test("an area cleared under the tail", () =>
    expectBreach(early(105.5, "area", "L3 x X"), {
      rule: "R6",
      vehicles: ["V1"],
      says: /area L3 x X is cleared with the body on it/,
    }));
  test("a place cleared with the vehicle in it", () =>
    expectBreach(early(150, "place", "B1"), {
      rule: "R6",
      vehicles: ["V1"],
      says: /place B1 is cleared with the body in it/,
    }));
});

describe("R7", () => {
  const cases: readonly (readonly [string, Item, RegExp, readonly string[], readonly RuleId[]])[] = [
    [
      "delivered twice",
      orderEvent(150, "O1", "delivered", "V1"),
      /order O1 is delivered after it was delivered/,
      ["V1"],
      figuresOff,
    ],
    [
      "picked up twice",
      orderEvent(50, "O1", "pickedUp", "V1"),
      /order O1 is pickedUp after it was pickedUp/,
      ["V1"],
      [],
    ],
    ["accepted twice", orderEvent(50, "O1", "accepted", null), /order O1 is accepted a second time/, [], figuresOff],
    [
      "never accepted",
      orderEvent(50, "O9", "assigned", "V2"),
      /order O9 is assigned but was never accepted/,
      ["V2"],
      [],
    ],
    [
      "delivered unpicked",
      orderEvent(50, "O3", "delivered", "V3"),
      /order O3 is delivered after it was assigned/,
      ["V3"],
      figuresOff,
    ],
  ];
  test.each(cases)("%s", (_, item, says, vehicles, also) =>
    expectBreach({ run: (run) => run.items.push(item) }, { rule: "R7", vehicles, says, also }),
  );

  test("an accepted order forgotten at the end", () =>
    expectBreach(
      { run: (run) => without(run, (message) => message.event === "waiting") },
      { rule: "R7", vehicles: [], says: /order O2 is neither assigned, delivered, cancelled nor waiting/ },
    ));
  test("a container on two vehicles", () =>
    expectBreach(
      { run: (run) => driverOf(run, "V2", { says: () => ({ laden: true, containers: ["C1"] }) }) },
      { rule: "R7", vehicles: ["V1", "V2"], says: /both carry container C1/, also: figuresOff },
    ));
  test("a container that vanishes on the way", () =>
    expectBreach(
      {
        run: (run) =>
          driverOf(run, "V1", {
            says: (t) => (t < 100 ? { laden: true, containers: ["C1"], order: "O1" } : { order: "O1" }),
          }),
      },
      { rule: "R7", vehicles: ["V1"], says: /carries nothing, by the orders' events it carries C1/, also: figuresOff },
    ));
});

describe("R8", () => {
  test("a leap", () =>
    expectBreach(movedBack(10), { rule: "R8", vehicles: ["V2"], says: /no connected way|went/, between: [80, 81] }));
  test("a shift by a metre, which speed does not explain", () =>
    expectBreach(movedBack(1), {
      rule: "R8",
      vehicles: ["V2"],
      says: /went -1\.00 m in 0\.500 s, where 0\.00 m\/s and/,
      between: [80, 81],
    }));
  test("too fast for the lane", () =>
    expectBreach(
      { messages: (items) => items.map((item) => (item.topic === "/site" ? slowLane(item, "L3", 3) : item)) },
      { rule: "R8", vehicles: ["V1"], says: /drives 4\.00 m\/s on lane L3, where 3\.00 m\/s are allowed/ },
    ));
  test("standing on the bridge", () =>
    expectBreach(
      {
        run: (run) => {
          stopsOnBridge(run);
          without(run, (message) => message.vehicle === "V1" && message.event === "cleared" && message.kind === "lane");
        },
      },
      {
        rule: "R8",
        vehicles: ["V1"],
        says: /stands on lane L2 since 00:00:38\.000, where no standing is planned/,
        between: [98, 98.5],
        also: ["R4", "R6", "R10"],
      },
    ));
  test("but a broken vehicle may stand there", async () => {
    const report = await verifyBroken({
      run: (run) => {
        stopsOnBridge(run);
        const message = { t: 45, code: "vehicle-broken", vehicle: "V1", data: {}, text: "" };
        run.items.push({ topic: "/events", t: 45, message });
      },
    });
    expect(report.violations.filter(({ sentence }) => sentence.includes("stands on lane"))).toEqual([]);
  });
  test("a pose off its lane", () =>
    expectBreach(
      {
        messages: (items) => {
          for (const { topic, message } of items) {
            if (topic === "/vehicles") for (const sample of message.vehicles) if (sample.id === "V2") sample.x += 1;
          }
          return undefined;
        },
      },
      { rule: "R8", vehicles: ["V2"], says: /is 1\.00 m from where its lane and metres are/ },
    ));
});

/** V2 is so many metres further back in each sample after 80 s. */
function movedBack(metres: number): Parameters<typeof expectBreach>[0] {
  return {
    messages: (items) => {
      for (const { topic, t, message } of items) {
        if (topic !== "/vehicles" || t <= 80) continue;
        for (const sample of message.vehicles as VehicleSample[]) {
          if (sample.id === "V2") Object.assign(sample, { y: sample.y - metres, s: sample.s - metres });
        }
      }
      return undefined;
    },
  };
}

/** V1 stops on the bridge. */
function stopsOnBridge(run: Parameters<typeof driverOf>[0]): void {
  driverOf(run, "V1", {
    phases: [
      [8, 0.5],
      [26, 0],
      [4, -1],
      [100, 0],
    ],
  });
}

function slowLane(item: Item, id: string, speedLimit: number): Item {
  const site = structuredClone(item.message) as SiteMessage;
  for (const feature of site.geojson.features) {
    const properties = feature.properties as { id?: string; speedLimit?: number };
    if (properties.id === id) properties.speedLimit = speedLimit;
  }
  return { ...item, message: site };
}

describe("R9", () => {
  test("a circle of waiting", () =>
    expectBreach(
      {
        run: (run) => {
          driverOf(run, "V2", {
            phases: [],
            says: () => ({ order: "O2", state: "waiting", waitingFor: ["vehicle:V3"] }),
          });
          driverOf(run, "V3", {
            phases: [],
            says: () => ({ order: "O3", state: "waiting", waitingFor: ["vehicle:V2"] }),
          });
        },
      },
      {
        rule: "R9",
        vehicles: ["V2", "V3"],
        says: /in a circle \(V\d → V\d → V\d\)/,
        between: [60, 66],
        also: figuresOff,
      },
    ));

  const waitLong = (waitingFor: readonly string[], served: boolean): Breakage => ({
    run: (run) => {
      run.endS = 1100;
      const says = { order: "O3", state: "waiting", waitingFor } as const;
      driverOf(run, "V3", { phases: [], says: () => says });
      if (served)
        driverOf(run, "V1", {
          says: (t) => (t > deliveredAt ? { state: "servicing" } : soundRun().drivers[0]!.says(t)),
        });
    },
  });
  test("a wait of more than 15 min for no reason", () =>
    expectBreach(waitLong(["vehicle:V2"], false), {
      rule: "R9",
      vehicles: ["V3"],
      says: /stands since 00:00:00\.000 with order O3, waits for vehicle:V2/,
      between: [890, 910],
      also: figuresOff,
    }));
  test("but not in the queue of a station that works", async () => {
    const report = await verifyBroken(waitLong(["station:B1"], true));
    expect(report.violations.filter(({ rule }) => rule === "R9")).toEqual([]);
    expect((await verifyBroken(waitLong(["station:B0"], true))).deadlocks).toBe(1);
  });
});

describe("R10", () => {
  const kpi = (field: keyof RecordedKpi, value: number): Breakage => ({
    messages: (items) => {
      for (const { topic, t, message } of items) if (topic === "/kpi" && t === 160) message[field] = value;
      return undefined;
    },
  });
  test.each([
    ["delivered", 2],
    ["containersPerHour", 60],
    ["emptyKmRatio", 0.1],
    ["waitingRatio", 0.9],
    ["drivenKm", 2],
  ] as const)("/kpi %s", (field, value) =>
    expectBreach(kpi(field, value), {
      rule: "R10",
      vehicles: [],
      says: new RegExp(`/kpi ${field} is ${value}0*, by the recording`),
    }),
  );
  test("summary.json", () =>
    expectBreach(
      { summary: (summary) => ({ ...summary, containersPerDay: 900 }) },
      { rule: "R10", vehicles: [], says: /summary\.json containersPerDay is 900, by the recording it is 540/ },
    ));
  test("/site is not the first message", () =>
    expectBreach(
      { messages: (items) => [items[1]!, items[0]!, ...items.slice(2)] },
      { rule: "R10", vehicles: [], says: /1 messages come before \/site/, also: ["R2", "R3", "R6", "R7"] },
    ));
  test("a log time that is not the message's", () =>
    expectBreach(
      {
        messages: (items) =>
          items.map((item) =>
            item.topic === "/kpi" ? { ...item, message: { ...item.message, t: item.t - 1 } } : item,
          ),
      },
      { rule: "R10", vehicles: [], says: /says t = 59 s, its log time is 60 s/ },
    ));
  test("samples that stop", () =>
    expectBreach(
      {
        messages: (items) => {
          for (const { topic, t, message } of items) {
            if (topic === "/vehicles" && t > 120)
              message.vehicles = message.vehicles.filter((each: VehicleSample) => each.id !== "V2");
          }
          return undefined;
        },
      },
      { rule: "R10", vehicles: ["V2"], says: /no sample since 120\.0 s/, between: [130, 131] },
    ));
  test("a recording without a site, or with vehicles of no known type, cannot be judged", async () => {
    await expect(verifyRecording(stream([]), null)).rejects.toMatchObject({ exitCode: 2 });
    const items = messagesOf(soundRun());
    items[1]!.message = { t: 0, vehicles: [{ ...sampleOf(soundRun().drivers[0]!, 0), type: "truck" }] };
    items[1]!.topic = "/vehicles";
    await expect(verifyRecording(stream(items), null)).rejects.toThrow('Vehicle V1 is of type "truck"');
  });
});

describe("kalong verify", () => {
  async function command(...args: string[]): Promise<{ out: string; code: number }> {
    const write = vi.spyOn(process.stdout, "write").mockReturnValue(true);
    try {
      const program = new Command().exitOverride();
      registerVerify(program);
      process.exitCode = 0;
      await program.parseAsync(["node", "kalong", "verify", ...args]);
      return { out: write.mock.calls.join(""), code: Number(process.exitCode) };
    } finally {
      write.mockRestore();
      process.exitCode = 0;
    }
  }

  test("judges a file with the summary beside it, in words and as JSON", async () => {
    const folder = mkdtempSync(join(tmpdir(), "kalong-verify-"));
    try {
      const path = join(folder, "run.mcap");
      const run = soundRun();
      const recorder = createRunRecorder(path);
      record(recorder, messagesOf(run));
      await recorder.close();
      writeFileSync(join(folder, "summary.json"), JSON.stringify(summaryOf(run)));
      const sound = await command(path, "--json");
      expect(JSON.parse(sound.out)).toMatchObject({ ok: true, violations: [], delivered: 1 });
      expect(sound.code).toBe(0);
      writeFileSync(join(folder, "summary.json"), JSON.stringify({ ...summaryOf(run), vehicles: 9 }));
      const broken = await command(path);
      expect(broken.out).toMatch(
        /BROKEN R10 .*\(1 times\)[\s\S]*summary\.json vehicles is 9, by the recording it is 3/,
      );
      expect(broken.code).toBe(1);
      writeFileSync(join(folder, "summary.json"), "{}");
      await expect(command(path)).rejects.toMatchObject({ exitCode: 2 });
      await expect(command(join(folder, "none.mcap"))).rejects.toMatchObject({ exitCode: 2 });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
