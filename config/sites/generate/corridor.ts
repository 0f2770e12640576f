import type { Distribution, StationRole } from "../../../planner/index.ts";
import { type Network, type Placement, pathFrom, type RoadOptions } from "./network.ts";
import { NORTH, type Path, type Pose, SOUTH, shiftForwardM, type Turn } from "./path.ts";
import { disinfectionService, gateService, portalService } from "./services.ts";
import { LANE_X, RADIUS_M } from "./yard.ts";

/** Ends of the bridge lanes without planned standing, y in metres; the deck (-154.5 .. 463.5) lies inside. */
export const BRIDGE_SOUTH_Y = -160;
export const BRIDGE_NORTH_Y = 469;
/** The approaches of the two sides are point mirrors about this y, doubled. */
export const APPROACH_SUM_Y = BRIDGE_SOUTH_Y + BRIDGE_NORTH_Y;
/** Lanes of the plaza from the axis outwards, metres: one vehicle's kiosk is between them. */
export const LANE_2_X = 13;
export const LANE_3_X = 19.875;
export const LANE_4_X = 26.75;
/** Lane 2 on the bridge. */
const BRIDGE_LANE_2_X = 9.75;
/** Sideways from one lane of the plaza to the next. */
const LANE_SHIFT_M = LANE_2_X - LANE_X;
const LANE_FORWARD_M = shiftForwardM(LANE_SHIFT_M, RADIUS_M);
/** Lane 2 widens from the bridge to the plaza with this radius: less would bring its bulge into lane 1. */
const WIDENING_RADIUS_M = 250;
const WIDENING_Y = -165;
const CROSSOVER_RADIUS_M = 30;
const CROSSOVER_LIMIT = 4.17;
const MAIN_LANE_WIDTH_M = 3.75;

/** y of the in-line stations and of the end of the approach, metres. */
export interface Plaza {
  readonly gateY: number;
  readonly disinfectionY: number;
  readonly scannerY: number;
  readonly endY: number;
  /** m/s on the corridor. */
  readonly limit: number;
}

const GATE_SLOW_M = 15;
const GATE_LIMIT = 3;
const SCANNER_SLOW_M = 30;
const SCANNER_LIMIT = 2;

/** Everything that the two sides' approaches are made of. */
export class Approach {
  readonly #network: Network;
  readonly placement: Placement;
  readonly plaza: Plaza;

  constructor(network: Network, placement: Placement, plaza: Plaza) {
    this.#network = network;
    this.placement = placement;
    this.plaza = plaza;
  }

  name(rest: string): string {
    return `${this.placement.side}-${rest}`;
  }

  from(x: number, y: number, heading: number): Path {
    return pathFrom(this.placement, { x, y, heading });
  }

  road(id: string, path: Path, options: Partial<RoadOptions> = {}): void {
    this.#network.road(this.name(id), path, { limit: this.plaza.limit, ...options });
  }

  /** An in-line station on a lane that lies at `x`. */
  station(id: string, role: StationRole, x: number, y: number, service: Distribution): void {
    const { side } = this.placement;
    this.#network.station({ id: this.name(id), role, side, points: [this.placement.place({ x, y })], service });
  }

  /** A straight lane along the corridor, slowed at a gate and, where it has the portal, at the scanner. */
  lane(id: string, x: number, fromY: number, toY: number, { scanner = false } = {}): void {
    const { gateY, scannerY } = this.plaza;
    const stretch = (y: number, halfM: number, limit: number) => {
      const middleM = Math.abs(y - fromY);
      return { fromM: middleM - halfM, toM: middleM + halfM, limit };
    };
    const slow = [stretch(gateY, GATE_SLOW_M, GATE_LIMIT)];
    if (scanner) slow.push(stretch(scannerY, SCANNER_SLOW_M, SCANNER_LIMIT));
    this.road(id, this.from(x, fromY, toY < fromY ? SOUTH : NORTH).straight(Math.abs(toY - fromY)), { slow });
  }

  /** A change of one lane of the plaza to the next one, beginning at `y`. */
  change(id: string, x: number, y: number, heading: number, turn: Turn): void {
    this.road(id, this.from(x, y, heading).shift(turn, LANE_SHIFT_M, RADIUS_M));
  }

  gate(id: string, x: number): void {
    this.station(id, "gate", x, this.plaza.gateY, gateService);
  }

  disinfection(id: string, x: number): void {
    this.station(id, "disinfection", x, this.plaza.disinfectionY, disinfectionService);
  }

  /** Lane 1 in and out with its gate, disinfection and portal. `inFromY`: where the IN lane begins. */
  lane1(inFromY = BRIDGE_SOUTH_Y, outToY = BRIDGE_SOUTH_Y): void {
    this.lane("in", -LANE_X, inFromY, this.plaza.endY, { scanner: true });
    this.lane("out", LANE_X, this.plaza.endY, outToY);
    this.gate("gate-in-1", -LANE_X);
    this.gate("gate-out-1", LANE_X);
    this.disinfection("dis-in-1", -LANE_X);
    this.station("scan-in-1", "scanner", -LANE_X, this.plaza.scannerY, portalService);
  }

  /** The way round the portal where there is one IN lane. */
  scannerBypass(): void {
    const startY = -386;
    const endY = -494;
    this.road(
      "scan-bypass",
      this.from(-LANE_X, startY, SOUTH)
        .shift("right", LANE_SHIFT_M, RADIUS_M)
        .straight(startY - endY - 2 * LANE_FORWARD_M)
        .shift("left", LANE_SHIFT_M, RADIUS_M),
      { limit: 4.17 },
    );
  }

  /**
   * Lane 2 in and out: from the bridge's auxiliary lane, through its own gate, in past the portal to lane 1.
   * @param mergeY where it is back on lane 1, IN
   * @param outY   where lane 2, OUT, lies beside lane 1
   */
  lane2(mergeY: number, outY: number): void {
    const widening = LANE_2_X - BRIDGE_LANE_2_X;
    const leadM = BRIDGE_SOUTH_Y - WIDENING_Y;
    const wideY = WIDENING_Y - shiftForwardM(widening, WIDENING_RADIUS_M);
    const shiftY = mergeY + LANE_FORWARD_M;
    this.road(
      "in-2-widening",
      this.from(-BRIDGE_LANE_2_X, BRIDGE_SOUTH_Y, SOUTH).straight(leadM).shift("right", widening, WIDENING_RADIUS_M),
    );
    this.lane("in-2", -LANE_2_X, wideY, shiftY);
    this.change("in-2-merge", -LANE_2_X, shiftY, SOUTH, "left");
    this.change("out-2-fork", LANE_X, outY - LANE_FORWARD_M, NORTH, "right");
    this.lane("out-2", LANE_2_X, outY, wideY);
    this.road(
      "out-2-narrowing",
      this.from(LANE_2_X, wideY, NORTH).shift("left", widening, WIDENING_RADIUS_M).straight(leadM),
    );
    this.gate("gate-in-2", -LANE_2_X);
    this.gate("gate-out-2", LANE_2_X);
    this.disinfection("dis-in-2", -LANE_2_X);
  }

  /** Both ways of changing between IN lanes 1 and 2, beginning at `y`. */
  choice(id: string, y: number): void {
    this.change(`choice-${id}-1-2`, -LANE_X, y, SOUTH, "right");
    this.change(`choice-${id}-2-1`, -LANE_2_X, y, SOUTH, "left");
  }

  /** Lanes 3 and 4, IN and OUT, each with a gate; on IN also with disinfection. */
  lanes3and4(): void {
    const forward = LANE_FORWARD_M;
    this.change("in-2-3", -LANE_2_X, -262, SOUTH, "right");
    this.lane("in-3", -LANE_3_X, -262 - forward, -505);
    this.change("in-3-2", -LANE_3_X, -505, SOUTH, "left");
    this.change("in-3-4", -LANE_3_X, -300, SOUTH, "right");
    this.lane("in-4", -LANE_4_X, -300 - forward, -478);
    this.change("in-4-3", -LANE_4_X, -478, SOUTH, "left");
    this.change("out-2-3", LANE_2_X, -545, NORTH, "right");
    this.lane("out-3", LANE_3_X, -545 + forward, -355);
    this.change("out-3-2", LANE_3_X, -355, NORTH, "left");
    this.change("out-3-4", LANE_3_X, -515, NORTH, "right");
    this.lane("out-4", LANE_4_X, -515 + forward, -385);
    this.change("out-4-3", LANE_4_X, -385, NORTH, "left");
    for (const [number, x] of [[3, LANE_3_X] as const, [4, LANE_4_X] as const]) {
      this.gate(`gate-in-${number}`, -x);
      this.gate(`gate-out-${number}`, x);
      this.disinfection(`dis-in-${number}`, -x);
    }
  }
}

/** The lanes over the bridge, both directions, and a second pair outside them. */
export function addBridge(network: Network, limit: number, { secondLanes = false } = {}): void {
  const pairs = [{ x: LANE_X, tag: "", width: MAIN_LANE_WIDTH_M }];
  if (secondLanes) pairs.push({ x: BRIDGE_LANE_2_X, tag: "-2", width: 3.5 });
  for (const { x, tag, width } of pairs) {
    const options = { limit, width, holding: false };
    network.road(`bridge-nb${tag}`, northOnBridge(x), options);
    network.road(
      `bridge-sb${tag}`,
      pathFromWorld({ x: -x, y: BRIDGE_NORTH_Y, heading: SOUTH }).straight(APPROACH_LENGTH),
      options,
    );
  }
}

/** The bridge with its western lane closed: the eastern one in both directions, and the crossovers at its ends. */
export function addContraflowBridge(network: Network, limit: number): void {
  network.road("bridge-strip", northOnBridge(LANE_X), {
    limit,
    width: MAIN_LANE_WIDTH_M,
    holding: false,
    twoWay: true,
  });
  const options = { limit: CROSSOVER_LIMIT, holding: false };
  const across = 2 * LANE_X;
  network.road(
    "crossover-vn",
    pathFromWorld({ x: LANE_X, y: BRIDGE_SOUTH_Y, heading: SOUTH }).shift("right", across, CROSSOVER_RADIUS_M),
    options,
  );
  network.road(
    "crossover-cn",
    pathFromWorld({ x: -LANE_X, y: BRIDGE_NORTH_Y + CROSSOVER_FORWARD_M, heading: SOUTH }).shift(
      "left",
      across,
      CROSSOVER_RADIUS_M,
    ),
    options,
  );
}

/** Metres along the corridor that a crossover takes. */
export const CROSSOVER_FORWARD_M = shiftForwardM(2 * LANE_X, CROSSOVER_RADIUS_M);

const APPROACH_LENGTH = BRIDGE_NORTH_Y - BRIDGE_SOUTH_Y;

function northOnBridge(x: number): Path {
  return pathFromWorld({ x, y: BRIDGE_SOUTH_Y, heading: NORTH }).straight(APPROACH_LENGTH);
}

function pathFromWorld(start: Pose): Path {
  return pathFrom({ side: "vn", place: (point) => point, turn: (heading) => heading }, start);
}

/** Elevation of the corridor over its yards, metres: 2.5 % up, level over the bridge, 2.5 % down. */
export function elevationM(y: number): number {
  const [a, b, c, d] = GRADIENT_BREAKS;
  const slope = 0.025;
  if (y <= a || y >= d) return 0;
  if (y < b) return slope * (y - a);
  return y <= c ? slope * (b - a) : slope * (d - y);
}

export const GRADIENT_BREAKS = [-270, -60, 330, 540] as const;
