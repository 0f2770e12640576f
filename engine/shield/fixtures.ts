import type { ShieldVehicle } from "./braking-sweep.ts";
import { writeHeading } from "./heading.ts";

/** A reference IGV for tests: 15 x 3 m, emergency brake 2.5 m/s², one second until it acts. Heading in degrees. */
export function shieldVehicle(
  index: number,
  x: number,
  y: number,
  headingDeg: number,
  v: number,
  path: readonly number[] = [],
): ShieldVehicle {
  return {
    index,
    x,
    y,
    theta: (headingDeg * Math.PI) / 180,
    v,
    lengthM: 15,
    widthM: 3,
    reactionS: 1,
    decelerationMps2: 2.5,
    stopWithinM: Number.POSITIVE_INFINITY,
    path,
    pathPoints: path.length / 2,
  };
}

/** Points of an arc every metre or less. @param turnDeg positive to the left */
export function arc(x: number, y: number, headingDeg: number, radiusM: number, turnDeg: number): number[] {
  const side = Math.sign(turnDeg);
  const radians = Math.PI / 180;
  const u = new Float64Array(2);
  writeHeading(headingDeg * radians, u, 0);
  const [cx, cy] = [x - side * radiusM * u[1]!, y + side * radiusM * u[0]!];
  const steps = Math.ceil(radiusM * Math.abs(turnDeg) * radians);
  const points: number[] = [];
  for (let k = 0; k <= steps; k++) {
    writeHeading((headingDeg + (turnDeg * k) / steps) * radians, u, 0);
    points.push(cx + side * radiusM * u[1]!, cy - side * radiusM * u[0]!);
  }
  return points;
}
