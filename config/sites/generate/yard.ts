import type { Point } from "../../../planner/index.ts";
import { type Network, type Placement, pathFrom } from "./network.ts";
import { EAST, NORTH, SOUTH, shiftForwardM, WEST } from "./path.ts";
import { inspectionService, liftService } from "./services.ts";

/** What differs between yards. */
export interface YardOptions {
  /** Put between the side and the rest of every id: "" or "-m". */
  readonly tag: string;
  /** Slots of the ladder: the first are chargers, the rest parking. */
  readonly slots: number;
  readonly chargers: number;
  /** One crane a bay instead of one a block. */
  readonly craneAtEachBay: boolean;
  /** m/s on its straights. */
  readonly limit: number;
  /** Where its IN and OUT lanes begin, y in metres. */
  readonly joinY: number;
}

/** The lanes' distance from the axis, and the radius of every tight curve, metres. */
export const LANE_X = 6.125;
export const RADIUS_M = 12;

const LADDER_X = 27.5;
const BAY_X = 12;
/** From the lane line to the bay line of the cranes, metres sideways and forward. */
const BAY_SHIFT_M = BAY_X - LANE_X;
const BAY_FORWARD_M = shiftForwardM(BAY_SHIFT_M, RADIUS_M);
/** Straight ground before and behind a crane bay, metres. */
const BAY_STRAIGHT_M = 7.5;
/** Half of the straight ground that a drive-through slot or dock needs, metres. */
const SLOT_STRAIGHT_M = 15.5;
/** Vehicles creep over this last stretch into crane bays and docks, metres; m/s. */
const CREEP_M = 5;
const CREEP_LIMIT = 1;
const UTURN_Y = -1020;
const UTURN_LANE_Y = UTURN_Y + BAY_FORWARD_M;
const RETURN_Y = -590;
const SLOT_PITCH_M = 5;
const FIRST_SLOT_Y = -1095;
const DOCK_PITCH_M = 6;
const FIRST_DOCK_X = -50;
const DOCK_Y = -592.5;
const DOCKS = 6;
/** Crane bays of a side, from the bridge outwards: three a block. */
const BAY_YS = [-715, -765, -815, -875, -925, -975] as const;

/** One yard: through lanes, inspection docks, return turn, crane bays, U-turn, parking ladder. Drawn for the Vietnamese side. */
export function addYard(network: Network, placement: Placement, options: YardOptions): void {
  const { limit, joinY, tag } = options;
  const name = (rest: string) => `${placement.side}${tag}-${rest}`;
  const from = (x: number, y: number, heading: number) => pathFrom(placement, { x, y, heading });
  const at = (x: number, y: number): Point => placement.place({ x, y });

  network.road(name("yard-in"), from(-LANE_X, joinY, SOUTH).straight(joinY - UTURN_LANE_Y), { limit });
  network.road(name("yard-out"), from(LANE_X, UTURN_LANE_Y, NORTH).straight(joinY - UTURN_LANE_Y), { limit });
  addDocks();
  network.road(
    name("return"),
    from(LANE_X, RETURN_Y - BAY_FORWARD_M, NORTH)
      .shift("right", BAY_SHIFT_M, RADIUS_M)
      .arc("left", RADIUS_M, Math.PI)
      .shift("left", BAY_SHIFT_M, RADIUS_M),
    { limit },
  );
  addCranes();
  addUturnAndLadder();

  function addDocks(): void {
    const lastX = FIRST_DOCK_X - DOCK_PITCH_M * DOCKS;
    const half = SLOT_STRAIGHT_M + RADIUS_M;
    const sideM = -LANE_X - RADIUS_M - (lastX + RADIUS_M);
    // The two sides of the ladder: one from the IN lane west, one back east to it.
    network.road(
      name("docks-in"),
      from(-LANE_X, DOCK_Y + half + RADIUS_M, SOUTH)
        .quarter("right", RADIUS_M)
        .straight(sideM),
      { limit: 3 },
    );
    network.road(
      name("docks-out"),
      from(lastX + RADIUS_M, DOCK_Y - half, EAST)
        .straight(sideM)
        .quarter("right", RADIUS_M),
      { limit: 3 },
    );
    for (let k = 1; k <= DOCKS + 1; k++) {
      const x = FIRST_DOCK_X - DOCK_PITCH_M * (k - 1);
      const path = from(x + RADIUS_M, DOCK_Y + half, WEST)
        .quarter("left", RADIUS_M)
        .straight(2 * SLOT_STRAIGHT_M)
        .quarter("left", RADIUS_M);
      const bayM = path.lengthM / 2;
      const isBay = k <= DOCKS;
      network.road(name(isBay ? `dock-${k}` : "dock-end"), path, {
        limit: 3,
        slow: isBay ? [{ fromM: bayM - CREEP_M, toM: bayM, limit: CREEP_LIMIT }] : [],
      });
      if (isBay)
        network.station({
          id: name(`inspection-${k}`),
          role: "inspection",
          side: placement.side,
          points: [at(x, DOCK_Y)],
          service: inspectionService,
        });
    }
  }

  function addCranes(): void {
    const letter = placement.side === "vn" ? "vb" : "cb";
    for (const side of ["west", "east"] as const) {
      const sign = side === "west" ? -1 : 1;
      // West of the axis lie blocks 2 and 4, east of it 1 and 3.
      const blockOf = (k: number) => (side === "west" ? 2 : 1) + (k < 3 ? 0 : 2);
      BAY_YS.forEach((bayY, k) => {
        const lead = BAY_FORWARD_M + BAY_STRAIGHT_M;
        const start = side === "west" ? from(-LANE_X, bayY + lead, SOUTH) : from(LANE_X, bayY - lead, NORTH);
        const path = start
          .shift("right", BAY_SHIFT_M, RADIUS_M)
          .straight(2 * BAY_STRAIGHT_M)
          .shift("left", BAY_SHIFT_M, RADIUS_M);
        const bayM = path.lengthM / 2;
        network.road(name(`bay-${letter}${blockOf(k)}-${(k % 3) + 1}`), path, {
          limit: 3,
          slow: [{ fromM: bayM - CREEP_M, toM: bayM, limit: CREEP_LIMIT }],
        });
      });
      for (const first of [0, 3]) {
        const points = BAY_YS.slice(first, first + 3).map((bayY) => at(sign * BAY_X, bayY));
        const id = name(`crane-${letter}${blockOf(first)}`);
        const crane = { role: "crane", side: placement.side, service: liftService } as const;
        if (options.craneAtEachBay)
          points.forEach((point, i) => {
            network.station({ ...crane, id: `${id}-${i + 1}`, points: [point] });
          });
        else network.station({ ...crane, id, points });
      }
    }
  }

  function addUturnAndLadder(): void {
    const shiftM = LADDER_X - BAY_X;
    const forwardM = shiftForwardM(shiftM, RADIUS_M);
    const endY = FIRST_SLOT_Y - SLOT_PITCH_M * options.slots;
    const sideM = UTURN_Y - forwardM - (endY + RADIUS_M);
    network.road(name("uturn-in"), from(-LANE_X, UTURN_LANE_Y, SOUTH).shift("right", BAY_SHIFT_M, RADIUS_M), { limit });
    network.road(name("uturn"), from(-BAY_X, UTURN_Y, SOUTH).arc("left", RADIUS_M, Math.PI), { limit });
    network.road(name("uturn-out"), from(BAY_X, UTURN_Y, NORTH).shift("left", BAY_SHIFT_M, RADIUS_M), { limit });
    network.road(name("ladder-in"), from(-BAY_X, UTURN_Y, SOUTH).shift("right", shiftM, RADIUS_M).straight(sideM), {
      limit,
    });
    network.road(
      name("ladder-out"),
      from(LADDER_X, endY + RADIUS_M, NORTH)
        .straight(sideM)
        .shift("left", shiftM, RADIUS_M),
      { limit },
    );
    for (let j = 1; j <= options.slots + 1; j++) {
      const y = FIRST_SLOT_Y - SLOT_PITCH_M * (j - 1);
      const isBay = j <= options.slots;
      network.road(
        name(isBay ? `slot-${j}` : "slot-end"),
        from(-LADDER_X, y + RADIUS_M, SOUTH)
          .quarter("left", RADIUS_M)
          .straight(2 * SLOT_STRAIGHT_M)
          .quarter("left", RADIUS_M),
        { limit: 3 },
      );
      if (!isBay) continue;
      const charger = j <= options.chargers;
      network.station({
        id: name(charger ? `charger-${j}` : `parking-${j - options.chargers}`),
        role: charger ? "charger" : "parking",
        side: placement.side,
        points: [at(0, y)],
        service: null,
      });
    }
  }
}
