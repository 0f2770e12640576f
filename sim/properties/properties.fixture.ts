/** The properties of the whole engine, each as a run from a seed that ends in a fault or in null. */
import { fork, prng } from "../../planner/index.ts";
import type { Fault } from "../fuzz/oracles.ts";
import { below, type RunKind, type SiteCase, siteCase } from "../fuzz/site-case.ts";
import { judgeBook } from "./judge-book.fixture.ts";
import { SmallRun, type SmallRunOptions } from "./small-run.fixture.ts";

/** Everybody must be at a stand this long after the last grant, ms. */
const FREEZE_MS = 600_000;
/** Vehicles that do not depend on a broken one are through within this time, ms. */
const BROKEN_MS = 2 * 3_600_000;

export interface CaseResult {
  readonly fault: Fault | null;
  readonly site: SiteCase;
  readonly nowMs: number;
  readonly ticks: number;
}

export type Property = (seed: number) => CaseResult;

function begin(
  seed: number,
  options: SmallRunOptions = {},
  kind?: RunKind,
  fleet?: number,
): { run: SmallRun; random: ReturnType<typeof prng> } {
  const random = prng(seed);
  const site = siteCase(fork(random, "site"), kind, fleet);
  return {
    run: new SmallRun(site, fork(random, "run"), { judge: judgeBook, ...options }),
    random: fork(random, "what"),
  };
}

/** Runs to the end, and puts what was thrown among the faults. */
function finish(run: SmallRun, drive: () => void): CaseResult {
  try {
    drive();
  } catch (error) {
    run.fault ??= { rule: "thrown", text: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  return { fault: run.fault, site: run.site, nowMs: run.nowMs, ticks: run.tick };
}

/** P1: grants stop at a random tick: all come to a stand with all areas empty; then they go on and all orders end. */
export const freeze: Property = (seed) => {
  const { run, random } = begin(seed);
  return finish(run, () => {
    const atMs = 20_000 + below(random, 400_000);
    run.until(() => run.nowMs >= atMs);
    // The engine pauses everybody and grants nothing; the vehicles are not told and drive out what they have.
    run.dropped.add("startPause").add("stopPause");
    run.inputs.push({ kind: "pause", vehicle: null });
    run.held = true;
    run.advance();
    run.until(() => run.allStand && run.areasLeft.length === 0, FREEZE_MS);
    if (run.fault?.rule === "livelock") {
      run.fault = { rule: "P1", text: `not at a stand with empty areas: ${run.areasLeft.join(", ")}` };
    }
    for (let i = 0; i < 40; i++) run.advance();
    if (run.fault === null && !run.allStand) run.fault = { rule: "P1", text: "drives without a grant" };
    run.held = false;
    run.inputs.push({ kind: "resume", vehicle: null });
    run.until(() => run.done);
  });
};

/** P2: services with a heavy tail, vehicles that are slower than planned, and each stopping now and then. */
export const delays: Property = (seed) => {
  const { run, random } = begin(seed, { slowest: 0.3 });
  return finish(run, () => {
    let nextMs = 0;
    const resumeMs = run.vehicles.map(() => Number.POSITIVE_INFINITY);
    let pauses = 0;
    run.until(() => {
      if (run.nowMs >= nextMs) {
        nextMs = run.nowMs + below(random, 120_000);
        const i = below(random, run.vehicles.length);
        if (resumeMs[i] === Number.POSITIVE_INFINITY) {
          resumeMs[i] = run.nowMs + Math.min(300_000, 5_000 / (1 - random.nextFloat()));
          run.vehicles[i]!.receiveInstantAction(pause(`p${++pauses}`, "startPause", i));
        }
      }
      resumeMs.forEach((ms, i) => {
        if (run.nowMs < ms) return;
        resumeMs[i] = Number.POSITIVE_INFINITY;
        run.vehicles[i]!.receiveInstantAction(pause(`p${++pauses}`, "stopPause", i));
      });
      run.held = resumeMs.some(Number.isFinite);
      return run.done;
    });
  });
};

function pause(actionId: string, actionType: "startPause" | "stopPause", vehicle: number) {
  return { vehicle: `V${vehicle}`, actionId, actionType, parameters: {} };
}

/** P4: one vehicle breaks down. Who does not depend on it ends; when it is repaired, all do. */
export const breakdown: Property = (seed) => {
  const { run, random } = begin(seed);
  return finish(run, () => {
    const atMs = 20_000 + below(random, 400_000);
    run.until(() => run.nowMs >= atMs);
    const broken = below(random, run.vehicles.length);
    run.vehicles[broken]!.breakDown("broken", "a test breaks it");
    run.inputs.push({ kind: "vehicle-broken", vehicle: `V${broken}` });
    run.held = true;
    const quickly = random.nextFloat() < 0.3;
    const repairMs = run.nowMs + (quickly ? below(random, 120_000) : BROKEN_MS);
    // Long before the repair everything that can happen has happened.
    let stillTicks = 0;
    run.until(() => {
      stillTicks = run.allStand && !run.serving ? stillTicks + 1 : 0;
      return run.nowMs >= repairMs || (!quickly && stillTicks > STILL_TICKS);
    });
    if (run.fault === null && !quickly) run.fault = freeButStanding(run, broken);
    run.vehicles[broken]!.repair();
    run.inputs.push({ kind: "vehicle-repaired", vehicle: `V${broken}` });
    run.held = false;
    run.until(() => run.done);
  });
};

/** So long nobody has moved and nothing was served, ticks of 250 ms. */
const STILL_TICKS = 800;

/** Somebody whose next event depends on no broken vehicle, and who yet does nothing. */
function freeButStanding(run: SmallRun, broken: number): Fault | null {
  for (const traffic of run.engine.book.vehicles) {
    if (traffic === null || traffic.index === broken) continue;
    const next = traffic.steps.find((step) => !step.granted);
    if (next === undefined || next.grantMs === Number.POSITIVE_INFINITY) continue;
    const text = `V${traffic.index} stands though leg ${next.leg} does not depend on V${broken}: ${run.waits()}`;
    return { rule: "P4", text };
  }
  return null;
}

/** P9: orders are cancelled, retargeted and given other priorities at random ticks. */
export const changedOrders: Property = (seed) => {
  const { run, random } = begin(seed, { ordersPerVehicle: 3 });
  return finish(run, () => {
    let nextMs = 10_000;
    run.until(() => {
      if (run.nowMs >= nextMs) {
        nextMs = run.nowMs + 1_000 + below(random, 40_000);
        const order = run.orders[below(random, run.orders.length)]!;
        const what = below(random, 3);
        const priority = below(random, 10);
        const to = run.site.cranes[below(random, run.site.cranes.length)]!;
        if (order.releaseMs <= run.nowMs && !run.closed.has(order.id)) {
          if (what === 0) run.inputs.push({ kind: "cancel-transport-order", order: order.id, by: "test" });
          else if (what === 1) run.inputs.push({ kind: "prioritise-transport-order", order: order.id, priority });
          else if (to !== order.from) run.inputs.push({ kind: "retarget-transport-order", order: order.id, to });
        }
      }
      return run.done;
    });
  });
};

/** P12: no node is ever expanded; the fallback plan alone keeps everything going. */
export const fallbackOnly: Property = (seed) => {
  const search = { expansionsMax: 0, detourMs: 0, legsPerRunMax: 1, windowsMax: 1 };
  const { run } = begin(seed, { ordersPerVehicle: 1, engine: { search } });
  return finish(run, () => run.until(() => run.done));
};

/** P13: two runs of one seed decide the same at every tick. */
export const repeatable: Property = (seed) => {
  const first = begin(seed).run;
  const second = begin(seed).run;
  return finish(first, () => {
    first.until(() => {
      second.advance();
      if (first.digest !== second.digest && first.tick === second.tick) {
        first.fault = { rule: "P13", text: `tick ${first.tick}: digests ${first.digest} and ${second.digest}` };
      }
      return first.done;
    });
  });
};

/** The control: vehicles are granted everything at once. Some rule must break, or the other properties show nothing. */
export const uncontrolled: Property = (seed) => {
  const { run } = begin(seed, { engine: { reservations: false } });
  // The shield may see it, but cannot prevent it.
  run.dropped.add("startPause").add("stopPause");
  return finish(run, () => run.until(() => run.done));
};

/** As many vehicles as a site has room for. */
const FULL = 99;

/** A site full of vehicles, each with several orders. */
function full(kind: RunKind): Property {
  return (seed) => {
    const { run } = begin(seed, { ordersPerVehicle: 3 }, kind, FULL);
    return finish(run, () => run.until(() => run.done));
  };
}

/** All batteries are nearly at their reserve, and there is one charger. */
const oneCharger: Property = (seed) => {
  const { run } = begin(seed, { soc: 0.23, ordersPerVehicle: 1 }, "loop", FULL);
  return finish(run, () => run.until(() => run.done));
};

/** Whenever the orders of two jobs at a crane are settled, somebody turns their priorities round. */
const reversedJobs: Property = (seed) => {
  const { run } = begin(seed, { ordersPerVehicle: 3, sameCrane: true }, undefined, FULL);
  return finish(run, () => {
    let turned = 0;
    run.until(() => {
      if (run.nowMs < turned * 15_000) return run.done;
      turned++;
      run.orders.forEach((order, i) => {
        if (order.releaseMs > run.nowMs || run.closed.has(order.id)) return;
        const priority = turned % 2 === 0 ? i % 10 : 9 - (i % 10);
        run.inputs.push({ kind: "prioritise-transport-order", order: order.id, priority });
      });
      return run.done;
    });
  });
};

/** Sites and situations in which fleets are known to lock up. */
export const PATHOLOGICAL: readonly { readonly name: string; readonly property: Property }[] = [
  { name: "a ring full of vehicles", property: full("loop") },
  { name: "a roundabout full of vehicles", property: full("roundabout") },
  { name: "a crossing full of vehicles", property: full("crossing") },
  { name: "a strip of one lane between two full ends", property: full("strip") },
  { name: "a yard of dead ends", property: full("dead-ends") },
  { name: "a ladder of slots", property: full("ladder") },
  { name: "a charger that everybody wants", property: oneCharger },
  { name: "a crane whose jobs are turned round from outside", property: reversedJobs },
];
