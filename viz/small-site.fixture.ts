/** A small made-up site for tests: two lanes over a river, joined at their ends, and a crane bay beside each. */
import type { Lane, Point, Site } from "../planner/index.ts";

function lane(id: string, ...points: readonly (readonly [number, number])[]): Lane {
  return {
    id,
    points: points.map(([x, y]) => ({ x, y })),
    speedLimitMps: 5,
    widthM: 3.5,
    twoWay: false,
    modes: ["igv"],
    gradient: 0,
    holding: true,
  };
}

/** Half a circle from (x, y) to (-x, y), counter-clockwise where x > 0. */
function turn(x: number, y: number): (readonly [number, number])[] {
  return Array.from({ length: 13 }, (_, i) => {
    const angle = (i / 12) * Math.PI;
    return [x * Math.cos(angle), y + x * Math.sin(angle)] as const;
  });
}

function ring(x0: number, y0: number, x1: number, y1: number): Point[] {
  return [
    { x: x0, y: y0 },
    { x: x1, y: y0 },
    { x: x1, y: y1 },
    { x: x0, y: y1 },
    { x: x0, y: y0 },
  ];
}

/** Its lanes make one loop of about 640 m with a siding through a crane bay on each side. */
export const smallSite: Site = {
  id: "small",
  frame: { lat0: 21.5465, lon0: 107.998, bearing: 0 },
  lanes: [
    lane("n1", [6, -150], [6, -100]),
    lane("n2", [6, -100], [6, -40]),
    lane("n3", [6, -40], [6, 150]),
    lane("turn-north", ...turn(6, 150)),
    lane("s1", [-6, 150], [-6, 100]),
    lane("s2", [-6, 100], [-6, 40]),
    lane("s3", [-6, 40], [-6, -150]),
    lane("turn-south", ...turn(-6, -150)),
    lane("east-in", [6, -100], [12, -85], [12, -70]),
    lane("east-out", [12, -70], [12, -55], [6, -40]),
    lane("west-in", [-6, 100], [-12, 85], [-12, 70]),
    lane("west-out", [-12, 70], [-12, 55], [-6, 40]),
  ],
  stations: [crane("crane-vn", "vn", 12, -70), crane("crane-cn", "cn", -12, 70)],
  surfaces: [
    { id: "yard-vn", kind: "yard", rings: [ring(-40, -170, 40, -30)] },
    { id: "yard-cn", kind: "yard", rings: [ring(-40, 30, 40, 170)] },
    { id: "river", kind: "river", rings: [ring(-80, -25, 80, 25)] },
    { id: "deck", kind: "deck", rings: [ring(-14, -30, 14, 30)] },
  ],
  border: [
    { x: -80, y: 0 },
    { x: 80, y: 4 },
  ],
};

function crane(id: string, side: "vn" | "cn", x: number, y: number): Site["stations"][number] {
  return {
    id,
    role: "crane",
    side,
    bays: [{ id, x, y }],
    service: { kind: "constant", valueS: 60 },
    resting: false,
    modes: ["igv"],
  };
}
