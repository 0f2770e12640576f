import Benchmark from "benchmark";
import type { ShieldVehicle } from "./braking-sweep.ts";
import { Shield } from "./shield.ts";

/** `count` vehicles in two files that pass each other, at the least headway of 34 m and at 60 m by turns. Moves with `tick`. */
export function shieldFleet(count: number, tick: number): readonly ShieldVehicle[] {
  return Array.from({ length: count }, (_, index) => {
    const northbound = index % 2 === 0;
    const place = Math.floor(index / 2);
    const y = place * 34 + Math.floor(place / 2) * 26 + (northbound ? 1 : -1) * tick * 0.5;
    const x = northbound ? 6.125 : -6.125;
    return {
      index,
      x,
      y,
      theta: northbound ? Math.PI / 2 : -Math.PI / 2,
      v: 5,
      lengthM: 15,
      widthM: 3,
      reactionS: 1,
      stopWithinM: Number.POSITIVE_INFINITY,
      decelerationMps2: 2.5,
      path: [x, y, x, y + (northbound ? 100 : -100)],
      pathPoints: 2,
    };
  });
}

/** Whole checks of 12 and of 120 vehicles. */
export function bench(): Benchmark.Suite {
  const suite = new Benchmark.Suite("shield");
  for (const count of [12, 120]) {
    const shield = new Shield({ vehiclesMax: count });
    const ticks = Array.from({ length: 20 }, (_, tick) => shieldFleet(count, tick));
    let tick = 0;
    suite.add(`check ${count} vehicles`, () => shield.check(ticks[tick++ % ticks.length]!));
  }
  return suite;
}
