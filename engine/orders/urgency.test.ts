import { describe, expect, test } from "vitest";
import type { Commodity } from "../messages.ts";
import { AGEING_STEP_MS, LEVEL_MAX, urgencyLevel, urgencyMs } from "./urgency.ts";

const key = (commodity: Commodity, priority: number, releaseMs: number) =>
  urgencyMs(
    { releaseMs, container: { id: "c", lengthFt: 40, laden: true, reefer: false, commodity, massKg: 1 } },
    priority,
    AGEING_STEP_MS,
  );

describe("urgency", () => {
  test("fresh before frozen before electronics before the rest, at one priority and release", () => {
    const keys = (["fresh-produce", "frozen-seafood", "electronics", "general"] as const).map((c) => key(c, 4, 0));
    expect(keys).toEqual([...keys].sort((a, b) => a - b));
    expect(new Set(keys).size).toBe(4);
  });

  test("nobody starves: no order released later than its level times the step comes before an order", () => {
    expect(urgencyLevel(9, "general")).toBe(LEVEL_MAX);
    const lowest = key("general", 9, 0);
    expect(key("fresh-produce", 0, LEVEL_MAX * AGEING_STEP_MS + 1)).toBeGreaterThan(lowest);
    expect(key("fresh-produce", 0, LEVEL_MAX * AGEING_STEP_MS - 1)).toBeLessThan(lowest);
  });
});
