import { describe, expect, test } from "vitest";
import type { ShieldVehicle } from "./braking-sweep.ts";
import { arc, shieldVehicle } from "./fixtures.ts";
import { Shield } from "./shield.ts";

/** Checks who must stop for whom and why: "0<1:too-close" is 0 because of 1. */
function check(vehicles: readonly ShieldVehicle[], expected: readonly string[]) {
  const decisions = new Shield({ vehiclesMax: 200 }).check(vehicles);
  expect(decisions.map((d) => `${d.vehicle}<${d.other}:${d.reason}`)).toEqual(expected);
  return decisions;
}

/** North along x. */
const north = (x: number, from: number, to: number): number[] => [x, from, x, to];

describe("keeps still where vehicles keep to their ground", () => {
  test("following at speed with the tail's distance of a service brake, and standing at the standstill gap", () => {
    for (let v = 0.1; v <= 8.4; v += 0.1) {
      // Centres: own stop distance with reaction and service brake, 3 m gap, a vehicle's length.
      const behind = v + (v * v) / 3 + 3 + 15;
      check([shieldVehicle(0, 0, 0, 90, v, north(0, 0, 99)), shieldVehicle(1, 0, behind, 90, 0)], []);
      check(
        [shieldVehicle(0, 0, 0, 90, v, north(0, 0, 99)), shieldVehicle(1, 0, behind, 90, v, north(0, behind, 99))],
        [],
      );
    }
    check([shieldVehicle(0, 0, 0, 90, 0), shieldVehicle(1, 0, 18, 90, 0)], []);
  });

  test("braking with the service brake down to the standstill gap, every tick of it, from every speed", () => {
    for (let v0 = 0.5; v0 <= 8.4; v0 += 0.5) {
      const stopY = (v0 * v0) / 3;
      const ahead = shieldVehicle(1, 0, stopY + 18, 90, 0);
      for (let v = v0, y = 0; v > 0; y += v * 0.1, v -= 0.15) {
        const at = stopY - (v * v) / 3;
        check([shieldVehicle(0, 0, at, 90, v, north(0, at, 99)), ahead], []);
        expect(y).toBeGreaterThanOrEqual(0);
      }
    }
  });

  test("passing on parallel lanes 12.25 m and 3.625 m apart, in both directions", () => {
    for (const lane of [12.25, 3.625])
      for (let y = -30; y <= 30; y += 0.5) {
        check(
          [shieldVehicle(0, 0, 0, 90, 8.33, north(0, 0, 99)), shieldVehicle(1, lane, y, 90, 6, north(lane, y, 99))],
          [],
        );
        check(
          [
            shieldVehicle(0, 0, 0, 90, 8.33, north(0, 0, 99)),
            shieldVehicle(1, lane, y, 270, 8.33, north(lane, y, -99)),
          ],
          [],
        );
      }
  });

  test("past a crane bay 5.875 m off the through lane, and into it past a vehicle in the next bay", () => {
    for (let y = -30; y <= 30; y += 0.5)
      check([shieldVehicle(0, 6.125, y, 90, 4.17, north(6.125, y, 99)), shieldVehicle(1, 12, 0, 90, 0)], []);
  });

  test("into a ladder slot between parked neighbours at 5 m pitch, all the way along its arc", () => {
    // As laid out: south on x -27.5, left arc R 12 into slot y 0, bay at x 0; neighbours stand in y 5 and -5.
    const curve = arc(-27.5, 12, 270, 12, 90);
    const path = [-27.5, 40, ...curve, 0, 0];
    const parked = [5, -5].map((y, k) => shieldVehicle(k + 1, 0, y, 0, 0));
    let s = 0;
    for (let k = 0; k + 1 < path.length / 2; k++) {
      const [x, y, nx, ny] = path.slice(2 * k, 2 * k + 4) as [number, number, number, number];
      const length = Math.hypot(nx - x, ny - y);
      for (let d = 0; d < length; d += 0.5) {
        const [px, py] = [x + ((nx - x) * d) / length, y + ((ny - y) * d) / length];
        const inArc = Math.min(1, Math.max(0, (12 - py) / 12));
        const heading =
          -90 +
          (Math.asin(Math.min(1, inArc)) > 0 ? (Math.acos(1 - Math.min(1, (px + 27.5) / 12)) * 180) / Math.PI : 0);
        const v = Math.min(3, Math.sqrt(3 * Math.max(0, -px)));
        check([shieldVehicle(0, px, py, heading, v, [px, py, ...path.slice(2 * k + 2)]), ...parked], []);
        s += 0.5;
      }
    }
    expect(s).toBeGreaterThan(60);
  });

  test("twelve parked side by side, one at a crossing's stop line, and vehicles alone or far apart", () => {
    check(
      Array.from({ length: 12 }, (_, i) => shieldVehicle(i, 0, 5 * i, 0, 0)),
      [],
    );
    check(
      [shieldVehicle(0, 0, 0, 90, 5, north(0, 0, 99)), shieldVehicle(1, -11, 10, 0, 0.5, [-11, 10, -10.6, 10])],
      [],
    );
    check([shieldVehicle(0, 0, 0, 90, 5)], []);
    check([], []);
  });
});

describe("stops before contact", () => {
  test("who runs on towards a standing vehicle, and not the one that stands", () => {
    const [decision] = check(
      [shieldVehicle(0, 0, 0, 90, 5, north(0, 0, 99)), shieldVehicle(1, 0, 25, 90, 0)],
      ["0<1:sweep-hits-vehicle"],
    );
    expect(decision!.distanceM).toBeCloseTo(10, 9);
    // Index and list order do not matter.
    check([shieldVehicle(0, 0, 25, 90, 0), shieldVehicle(1, 0, 0, 90, 5, north(0, 0, 99))], ["1<0:sweep-hits-vehicle"]);
  });

  test("who would end within the least distance, and not who would end just beyond it", () => {
    // From 5 m/s: 5.5 m in reaction and tick, 5 m of braking.
    const going = shieldVehicle(0, 0, 0, 90, 5, north(0, 0, 99));
    check([going, shieldVehicle(1, 0, 15 + 10.5 + 0.29, 90, 0)], ["0<1:sweep-hits-vehicle"]);
    check([going, shieldVehicle(1, 0, 15 + 10.5 + 0.31, 90, 0)], []);
  });

  test("alongside within the least distance, neither nearing: nobody; touching: who moves", () => {
    check([shieldVehicle(0, 0, 0, 90, 2, north(0, 0, 99)), shieldVehicle(1, 3.25, 0, 90, 0)], []);
    check([shieldVehicle(0, 0, 0, 90, 2, north(0, 0, 99)), shieldVehicle(1, 2.95, 0, 90, 0)], ["0<1:too-close"]);
  });

  test("two head on on a strip: both; at a crossing: both", () => {
    check(
      [shieldVehicle(0, 0, 0, 90, 5, north(0, 0, 99)), shieldVehicle(1, 0, 30, 270, 5, north(0, 30, -99))],
      ["0<1:sweeps-meet", "1<0:sweeps-meet"],
    );
    check(
      [shieldVehicle(0, 0, -12, 90, 4, north(0, -12, 99)), shieldVehicle(1, -12, 0, 0, 4, [-12, 0, 99, 0])],
      ["0<1:sweeps-meet", "1<0:sweeps-meet"],
    );
  });

  test("round a curve: who is on the straight ahead is not in the way, who stands on the curve is", () => {
    const path = [...arc(0, 0, 90, 12, 90), -60, 12];
    const going = shieldVehicle(0, 0, 0, 90, 4, path);
    check([going, shieldVehicle(1, 0, 27, 90, 0)], []);
    check([{ ...going, pathPoints: 0 }, shieldVehicle(1, 0, 22, 90, 0)], ["0<1:sweep-hits-vehicle"]);
    check([going, shieldVehicle(1, -12, 12, 180, 0)], ["0<1:sweep-hits-vehicle"]);
  });

  test("footprints within the least distance: closing stops who moves, parting lets go", () => {
    check([shieldVehicle(0, 0, 0, 90, 0.5), shieldVehicle(1, 0, 15.2, 90, 0)], ["0<1:too-close"]);
    check([shieldVehicle(0, 0, 0, 90, -0.5), shieldVehicle(1, 0, 15.2, 90, 0)], []);
    check([shieldVehicle(0, 0, 0, 90, 0), shieldVehicle(1, 0, 15.2, 90, 1, north(0, 15.2, 99))], []);
  });

  test("a vehicle that does not brake for the one ahead: stopped in time from every speed, on a curve too", () => {
    for (const path of [north(0, 0, 200), [...arc(0, 0, 90, 30, 180), -60, -99]])
      for (let v = 0.5; v <= 8.33; v += 0.4) {
        const shield = new Shield({ vehiclesMax: 2 });
        const line = toLine(path);
        const stands = line.at(60);
        const ahead = shieldVehicle(1, stands.x, stands.y, stands.deg, 0);
        let [s, speed, commanded, least] = [0, v, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
        for (let tick = 0; tick < 2000 && speed > 0; tick++) {
          const at = line.at(s);
          const going = shieldVehicle(0, at.x, at.y, at.deg, speed, line.from(s));
          if (shield.check([going, ahead]).length > 0 && commanded === Number.POSITIVE_INFINITY) commanded = tick;
          least = Math.min(least, shield.minSeparationM);
          if (tick >= commanded + 10) speed = Math.max(0, speed - 0.25);
          s += speed * 0.1;
        }
        expect(speed, `from ${v} m/s`).toBe(0);
        expect(least, `from ${v} m/s`).toBeGreaterThan(0);
        // Not in panic either: it had come as near as it safely could, within two metres and a tick.
        expect(60 - s - 15, `from ${v} m/s`).toBeLessThan(path.length === 4 ? 2.5 + v * 0.1 : 9);
      }
  });
});

/** A polyline by its arc length. */
function toLine(path: readonly number[]) {
  const at = (s: number) => {
    let left = s;
    for (let k = 0; ; k++) {
      const [x, y, nx, ny] = path.slice(2 * k, 2 * k + 4) as [number, number, number, number];
      const length = Math.hypot(nx - x, ny - y);
      if (left <= length || 2 * k + 4 >= path.length)
        return {
          x: x + ((nx - x) * left) / length,
          y: y + ((ny - y) * left) / length,
          deg: (Math.atan2(ny - y, nx - x) * 180) / Math.PI,
          k,
        };
      left -= length;
    }
  };
  return { at, from: (s: number) => [at(s).x, at(s).y, ...path.slice(2 * at(s).k + 2)] };
}
