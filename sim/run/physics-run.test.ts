import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { loadScenario } from "../../config/index.ts";
import { Simulation } from "./simulation.ts";

const scenario = loadScenario("pilot-2026-physics");

/** Twenty minutes of the pilot with full physics: all that can be compared of it. */
function run(seed: number, minutes = 20) {
  const simulation = new Simulation(scenario, { seed });
  const course = createHash("sha256");
  const worst = { offsetM: 0, unsureM: Number.NEGATIVE_INFINITY, differsM: 0 };
  while (simulation.nowMs < minutes * 60_000) {
    simulation.advance();
    for (const vehicle of simulation.vehicles) {
      const state = vehicle.state();
      course.update(JSON.stringify([vehicle.pose(), vehicle.v, vehicle.battery.soc, state.s, state.uncertaintyM]));
      const errorM = Math.abs(state.s - vehicle.s);
      worst.unsureM = Math.max(worst.unsureM, errorM - state.uncertaintyM);
      worst.differsM = Math.max(worst.differsM, errorM);
      worst.offsetM = Math.max(worst.offsetM, vehicle.physical!.offsetMaxM);
    }
  }
  return { course: course.digest("hex"), digest: simulation.digest, worst, simulation };
}

test("the scenario has full physics, the pilot's own has not", () => {
  expect(scenario.physics).toBe("full");
  expect(scenario.vehiclePhysics.igv!.jerkMps3).toBeGreaterThan(0);
  expect(loadScenario("pilot-2026").physics).toBe("ideal");
});

test("two runs of a seed are the same to the last bit, another seed is another run; nobody is stopped by the shield", () => {
  const first = run(7);
  const second = run(7);
  expect(second.course).toBe(first.course);
  expect(second.digest).toBe(first.digest);
  expect(run(8).course).not.toBe(first.course);
  const { simulation, worst } = first;
  expect(simulation.vehicles.reduce((sum, vehicle) => sum + vehicle.drivenM, 0)).toBeGreaterThan(1000);
  expect(simulation.meter.shieldStops).toBe(0);
  expect(simulation.separation.collisions).toBe(0);
  expect(worst.offsetM).toBeGreaterThan(0.01);
  expect(worst.offsetM).toBeLessThan(0.15);
  expect(worst.unsureM).toBeLessThanOrEqual(1e-9);
  expect(worst.differsM).toBeGreaterThan(0.02);
});
