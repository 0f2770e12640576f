import { expect, test, vi } from "vitest";
import { checkProperty, countConflicts, PROPERTY_TIMEOUT_MS } from "./check-property.fixture.ts";
import { fallbackOnly, PATHOLOGICAL, repeatable, uncontrolled } from "./properties.fixture.ts";

const FILE = "sim/properties/planning.property.test.ts";

vi.setConfig({ testTimeout: PROPERTY_TIMEOUT_MS });

test.each(PATHOLOGICAL)("P11: $name", ({ name, property }) => {
  checkProperty(`P11 ${name}`, property, 5, FILE);
});

test("P12: with no search at all the fallback plans bring every order to its end", () => {
  checkProperty("P12: no expansions", fallbackOnly, 130, FILE);
});

test("P13: two runs of a seed decide the same at every tick", () => {
  checkProperty("P13: equal digests", repeatable, 30, FILE);
});

test("without reservations at least half of the cases show a conflict", () => {
  const { cases, conflicts } = countConflicts("control off", uncontrolled, 60);
  console.log(`control off: ${conflicts} of ${cases} cases in conflict`);
  if (cases > 1) expect(conflicts / cases).toBeGreaterThanOrEqual(0.5);
});
