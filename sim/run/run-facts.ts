import type { Scenario } from "../../config/index.ts";

/** What recording and viewer are told of a run, as text: scenario, seed, and the day's target where there is one. */
export function runFacts(scenario: Scenario, seed: number): Readonly<Record<string, string>> {
  const target = scenario.targets.containersPerDay;
  return {
    scenario: scenario.id,
    seed: String(seed),
    ...(target === undefined ? {} : { targetPerDay: String(target) }),
  };
}
