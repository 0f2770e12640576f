import {
  APPROACH_SUM_Y,
  Approach,
  addBridge,
  addContraflowBridge,
  BRIDGE_SOUTH_Y,
  CROSSOVER_FORWARD_M,
  elevationM,
  GRADIENT_BREAKS,
  type Plaza,
} from "./corridor.ts";
import type { YardGround } from "./ground.ts";
import { Network, type Placement, pathFrom } from "./network.ts";
import { NORTH, SOUTH } from "./path.ts";
import { cnSide, shifted, vnSide } from "./placements.ts";
import { addYard, LANE_X, RADIUS_M } from "./yard.ts";

/** A site that the generator makes. */
export interface Variant {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** End of the Vietnamese approach, y in metres, and the yards behind it. */
  readonly endY: number;
  readonly yards: readonly YardGround[];
  draw(): Network;
}

/** The yards of the two sides are point mirrors about this y, doubled: the Chinese one lies 171 m further out. */
export const YARD_SUM_Y = 480;
const LINK_M = YARD_SUM_Y - APPROACH_SUM_Y;

const KMH_20 = 5.56;
const KMH_30 = 8.33;
const plaza2026: Plaza = { gateY: -300, disinfectionY: -360, scannerY: -452, endY: -520, limit: KMH_20 };
const plaza2030: Plaza = { ...plaza2026, limit: KMH_30 };
const plazaStress: Plaza = { gateY: -400, disinfectionY: -460, scannerY: -606, endY: -674, limit: KMH_30 };
const yard2026 = { tag: "", slots: 12, chargers: 2, craneAtEachBay: false, limit: 4.17, joinY: plaza2026.endY };
const yard2030 = { tag: "", slots: 25, chargers: 4, craneAtEachBay: true, limit: 5, joinY: plaza2030.endY };
const yardStress = { slots: 27, chargers: 6, craneAtEachBay: true, limit: 5 };
/** The stress yards lie this much further from the bridge, and this far apart. */
const STRESS_YARD_DY = -274;
const STRESS_YARD_PITCH_M = 160;

export const variants: readonly Variant[] = [
  {
    id: "bac-luan-ii",
    name: "Bac Luan II, pilot 2026",
    description: "One IGV lane a direction on the bridge, one yard a side with four crane blocks and 24 havens.",
    endY: plaza2026.endY,
    yards: [{ tag: "", dx: 0, dy: 0, slots: yard2026.slots }],
    draw: () => {
      const network = emptyNetwork();
      addBridge(network, plaza2026.limit);
      forBothSides(network, plaza2026, (approach, yardPlacement) => {
        approach.lane1();
        approach.scannerBypass();
        addYard(network, yardPlacement, yard2026);
      });
      return network;
    },
  },
  {
    id: "bac-luan-ii-contraflow",
    name: "Bac Luan II, one bridge lane closed",
    description: "The western bridge lane is closed; the eastern one is used in both directions, one at a time.",
    endY: plaza2026.endY,
    yards: [{ tag: "", dx: 0, dy: 0, slots: yard2026.slots }],
    draw: () => {
      const network = emptyNetwork();
      addContraflowBridge(network, plaza2026.limit);
      forBothSides(network, plaza2026, (approach, yardPlacement) => {
        // On the Vietnamese side the IN lane, on the Chinese side the OUT lane is cut back to the crossover.
        const cutY = BRIDGE_SOUTH_Y - CROSSOVER_FORWARD_M;
        if (approach.placement.side === "vn") approach.lane1(cutY);
        else approach.lane1(BRIDGE_SOUTH_Y, cutY);
        approach.scannerBypass();
        addYard(network, yardPlacement, yard2026);
      });
      return network;
    },
  },
  {
    id: "bac-luan-ii-2030",
    name: "Bac Luan II, 2030",
    description:
      "Two IGV lanes a direction on the bridge, two gate lanes to choose from, a crane at each bay, 50 havens.",
    endY: plaza2030.endY,
    yards: [{ tag: "", dx: 0, dy: 0, slots: yard2030.slots }],
    draw: () => {
      const network = emptyNetwork();
      addBridge(network, plaza2030.limit, { secondLanes: true });
      forBothSides(network, plaza2030, (approach, yardPlacement) => {
        approach.lane1();
        approach.lane2(-494, -400);
        approach.choice("gate", -230);
        approach.choice("scan", -386);
        addYard(network, yardPlacement, yard2030);
      });
      return network;
    },
  },
  {
    id: "bac-luan-ii-stress",
    name: "Bac Luan II, ten times the pilot's target",
    description: "As 2030 with four gate lanes a direction and three yards a side: 72 crane bays, 162 havens.",
    endY: plazaStress.endY,
    yards: [
      { tag: "-m", dx: 0, dy: STRESS_YARD_DY, slots: yardStress.slots },
      { tag: "-w", dx: -STRESS_YARD_PITCH_M, dy: STRESS_YARD_DY, slots: yardStress.slots },
      { tag: "-e", dx: STRESS_YARD_PITCH_M, dy: STRESS_YARD_DY, slots: yardStress.slots },
    ],
    draw: () => {
      const network = emptyNetwork();
      addBridge(network, plazaStress.limit, { secondLanes: true });
      forBothSides(network, plazaStress, (approach, yardPlacement) => {
        approach.lane1();
        approach.lane2(-648, -560);
        approach.choice("gate", -230);
        approach.choice("scan", -540);
        approach.lanes3and4();
        addStressYards(network, yardPlacement);
      });
      return network;
    },
  },
];

function emptyNetwork(): Network {
  return new Network(elevationM, GRADIENT_BREAKS);
}

/** Draws both sides and, on the Chinese one, the link between its approach and its yard. */
function forBothSides(
  network: Network,
  plaza: Plaza,
  draw: (approach: Approach, yardPlacement: Placement) => void,
): void {
  draw(new Approach(network, vnSide, plaza), vnSide);
  const cn = new Approach(network, cnSide(APPROACH_SUM_Y), plaza);
  cn.road("link-in", cn.from(-LANE_X, plaza.endY, SOUTH).straight(LINK_M));
  cn.road("link-out", cn.from(LANE_X, plaza.endY - LINK_M, NORTH).straight(LINK_M));
  draw(cn, cnSide(YARD_SUM_Y));
}

/** Three yards a side: M on the axis, W and E 160 m beside it, joined to M's lanes by roads with one level crossing each. */
function addStressYards(network: Network, placement: Placement): void {
  const yardAt = (tag: string, dx: number, fromY: number) => {
    addYard(network, shifted(placement, dx, STRESS_YARD_DY), { ...yardStress, tag, joinY: fromY - STRESS_YARD_DY });
  };
  yardAt("-m", 0, plazaStress.endY);
  // The side yards' lanes begin where their roads' last arcs end; IN and OUT do not begin at the same y.
  addSideYard(-STRESS_YARD_PITCH_M, "-w", { inY: -680, roadInY: -692, roadOutY: -762, outY: -750 });
  addSideYard(STRESS_YARD_PITCH_M, "-e", { inY: -720, roadInY: -732, roadOutY: -688, outY: -676 });

  function addSideYard(
    dx: number,
    tag: string,
    { inY, roadInY, roadOutY, outY }: { inY: number; roadInY: number; roadOutY: number; outY: number },
  ): void {
    const name = (rest: string) => `${placement.side}${tag}-${rest}`;
    const west = dx < 0;
    const from = (x: number, y: number, heading: number) => pathFrom(placement, { x, y, heading });
    const turnIn = west ? "right" : "left";
    const back = west ? "left" : "right";
    const inX = dx - LANE_X;
    const outX = dx + LANE_X;
    const yardY = plaza2026.endY + STRESS_YARD_DY;
    yardAt(tag, dx, yardY);
    network.road(
      name("entry"),
      from(-LANE_X, inY, SOUTH)
        .quarter(turnIn, RADIUS_M)
        .straight(Math.abs(inX + LANE_X) - 2 * RADIUS_M)
        .quarter(back, RADIUS_M)
        .straight(roadInY - RADIUS_M - yardY),
      { limit: yardStress.limit },
    );
    network.road(
      name("exit"),
      from(outX, yardY, NORTH)
        .straight(roadOutY - RADIUS_M - yardY)
        .quarter(west ? "right" : "left", RADIUS_M)
        .straight(Math.abs(outX - LANE_X) - 2 * RADIUS_M)
        .quarter(west ? "left" : "right", RADIUS_M),
      { limit: yardStress.limit },
    );
    if (Math.abs(inY - RADIUS_M - roadInY) + Math.abs(outY - RADIUS_M - roadOutY) > 1e-9)
      throw new Error(`roads of yard ${tag} do not meet its arcs`);
  }
}
