import { test, vi } from "vitest";
import { checkProperty, PROPERTY_TIMEOUT_MS } from "./check-property.fixture.ts";
import { breakdown, changedOrders } from "./properties.fixture.ts";

const FILE = "sim/properties/changes.property.test.ts";

vi.setConfig({ testTimeout: PROPERTY_TIMEOUT_MS });

test("P4: who does not depend on a broken vehicle ends; when it is repaired, all do", () => {
  checkProperty("P4: breakdown and repair", breakdown, 110, FILE);
});

test("P9: orders cancelled, retargeted, given other priorities at any time: all end", () => {
  checkProperty("P9: changed orders", changedOrders, 110, FILE);
});
