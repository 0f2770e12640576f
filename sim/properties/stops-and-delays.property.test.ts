import { test, vi } from "vitest";
import { checkProperty, PROPERTY_TIMEOUT_MS } from "./check-property.fixture.ts";
import { delays, freeze } from "./properties.fixture.ts";

const FILE = "sim/properties/stops-and-delays.property.test.ts";

vi.setConfig({ testTimeout: PROPERTY_TIMEOUT_MS });

test("P1: when grants stop, all come to a stand with empty areas; when they go on, all orders end", () => {
  checkProperty("P1: grants stop and go on", freeze, 90, FILE);
});

test("P2: late services, slow and stopping vehicles: all orders end", () => {
  checkProperty("P2: delays", delays, 110, FILE);
});
