/** The suites that run scenarios: the pilot's day, the pilot's fleet with work always waiting, one bridge lane closed. */
import { DELIVERED, type Measure, SAFETY, SPEED, WAITS } from "./measures.ts";
import { runSuiteOf, seedsTo } from "./run-suite.ts";

/** Long enough that containers are delivered. */
const QUICK = { seeds: [1], hours: 0.5 };

/** The pilot's day: five vehicles and exactly 300 containers. */
export const pilotSuite = runSuiteOf({
  name: "pilot",
  what: "pilot-2026, 24 h, seeds 1 to 10 (quick: 6 h, seed 1): a day of 300 containers, waits, speed",
  scenario: "pilot-2026",
  plan: {
    quick: { seeds: [1], hours: 6 },
    standard: { seeds: seedsTo(10), hours: 24 },
    full: { seeds: seedsTo(30), hours: 24 },
  },
  measures: () => [
    { ...DELIVERED, atLeast: 285 },
    { ...WAITS.p95, atMost: 120, always: true },
    { ...WAITS.longest, atMost: 240, always: true },
    ...SAFETY,
    { ...SPEED, atLeast: 500 },
  ],
});

/** Part of the bound that the saturated fleet must do; and what sampling may lift a whole day above its bound. */
const SATURATED_SHARE = 0.85;
const BOUND_SHARE_MAX = 1.02;

export const saturatedSuite = runSuiteOf({
  name: "saturated",
  what: "pilot-2026-saturated, 24 h, seeds 1 to 3: containers a day against the upper bound",
  scenario: "pilot-2026-saturated",
  plan: { quick: QUICK, standard: { seeds: seedsTo(3), hours: 24 }, full: { seeds: seedsTo(10), hours: 24 } },
  measures: (bound) => [
    {
      name: "containers a day",
      unit: "",
      value: (run) => run.summary.containersPerDay,
      tell: "least",
      atLeast: SATURATED_SHARE * bound.perDay,
    },
    {
      name: "part of the upper bound",
      unit: "%",
      value: (run) => (100 * run.summary.containersPerDay) / run.bound.perDay,
      tell: "most",
      atMost: 100 * BOUND_SHARE_MAX,
    },
    ...SAFETY,
    SPEED,
  ],
});

/**
 * Crossings an hour, both directions together, of one lane in alternating use by vehicles in batches of five: 700 m at
 * 5.56 m/s, brick-wall headways, 10 s to change the direction.
 */
const ALTERNATING_PER_HOUR = 112;
const CONTRAFLOW_SHARE = 0.7;

export const contraflowSuite = runSuiteOf({
  name: "contraflow",
  what: "contraflow, 24 h, seeds 1 to 3: crossings an hour over one bridge lane used in both directions",
  scenario: "contraflow",
  plan: {
    quick: QUICK,
    standard: { seeds: seedsTo(3), hours: 24 },
    full: { seeds: seedsTo(10), hours: 24 },
  },
  measures: (bound): readonly Measure[] => [
    {
      name: "crossings an hour",
      unit: "",
      value: (run) => run.crossingsPerHour,
      tell: "least",
      atLeast: CONTRAFLOW_SHARE * Math.min(bound.crossingsPerHour, ALTERNATING_PER_HOUR),
    },
    { ...WAITS.longest, atMost: 360 },
    ...SAFETY,
    DELIVERED,
    SPEED,
  ],
});
