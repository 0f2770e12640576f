import { expect, test } from "vitest";
import type { SimVehicle } from "../vehicle/index.ts";
import { SeparationWatch } from "./separation-watch.ts";

/** Something with a pose and a footprint of 15 m x 3 m, which is all that the watch looks at. */
function body(x: number, y: number, theta = 0) {
  const pose = { x, y, theta };
  return { pose: () => pose, type: { lengthM: 15, widthM: 3 }, at: pose } as unknown as SimVehicle & {
    at: typeof pose;
  };
}

test("the least separation is that of the footprints; far ones and those that stand count once", () => {
  const a = body(0, 0);
  const b = body(20, 0);
  const c = body(0, 1000);
  const watch = new SeparationWatch([a, b, c]);
  watch.look();
  expect(watch.minSeparationM).toBeCloseTo(5, 9);
  b.at.x = 18;
  watch.look();
  b.at.x = 30;
  watch.look();
  expect(watch.minSeparationM).toBeCloseTo(3, 9);
  expect(watch.collisions).toBe(0);
});

test("each time that two footprints come to overlap is one collision", () => {
  const a = body(0, 0);
  const b = body(0, 6, Math.PI / 2);
  const watch = new SeparationWatch([a, b]);
  for (const y of [6, 5.9, 5.8, 9.1, 9.2, 8.9]) {
    b.at.y = y;
    watch.look();
  }
  expect(watch.collisions).toBe(2);
  expect(watch.minSeparationM).toBe(0);
});

test("two that never come within 10 m have no least separation", () => {
  const watch = new SeparationWatch([body(0, 0), body(0, 14)]);
  watch.look();
  expect(watch.minSeparationM).toBeNull();
});
