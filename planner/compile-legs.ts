import type { AreaGround } from "./areas.ts";
import { findAreas } from "./areas.ts";
import { findLegs } from "./compile-legs-paths.ts";
import { pruneAreas } from "./compile-legs-prune.ts";
import { findStands } from "./compile-legs-stands.ts";
import { sweepLanes } from "./footprint.ts";
import { buildLaneGraph } from "./lane-graph.ts";
import { findChains, type LaneChains } from "./lane-graph-chains.ts";
import type { Area, LaneGraph, Leg, LegGraph } from "./leg-graph.ts";
import { NONE } from "./leg-graph.ts";
import type { Site } from "./site.ts";
import type { VehicleType } from "./vehicle-type.ts";

/**
 * Stands, legs and areas of a site for one vehicle type. The order of stands, legs and areas
 * follows from the order of the site's lanes and stations alone.
 * @throws RangeError for a lane without length, TooManyLegsError for branches without stands between them
 */
export function compileLegs(site: Site, type: VehicleType): LegGraph {
  const lanes = buildLaneGraph(site, type.modes);
  const chains = findChains(lanes);
  const sweep = sweepLanes(lanes, type);
  const grounds = findAreas(lanes, type, chains, sweep);
  const stands = findStands(site, type, lanes, chains, grounds);
  const found = findLegs(type, lanes, chains, grounds, stands, sweep);
  const newIndex = pruneAreas(grounds.length, found);

  const areas: Area[] = [];
  const named = new Map<string, number>();
  grounds.forEach((ground, old) => {
    if (newIndex[old] === NONE) return;
    const sides = [middleLane(ground, 0, lanes, chains), middleLane(ground, 1, lanes, chains)] as const;
    const pair = `${lanes.laneId[sides[0]]} x ${lanes.laneId[sides[1]]}`;
    const nth = (named.get(pair) ?? 0) + 1;
    named.set(pair, nth);
    areas.push({
      index: newIndex[old]!,
      name: nth === 1 ? pair : `${pair} #${nth}`,
      lanes: sides,
      section: ground.section,
      lengthM: [groundLengthM(ground, 0, type), groundLengthM(ground, 1, type)],
    });
  });
  const legs = found.map(
    (leg): Leg => ({
      ...leg,
      uses: leg.uses.filter((use) => newIndex[use.area] !== NONE).map((use) => ({ ...use, area: newIndex[use.area]! })),
    }),
  );
  const legsOut: number[][] = stands.stands.map(() => []);
  const legsIn: number[][] = stands.stands.map(() => []);
  for (const leg of legs) {
    legsOut[leg.from]!.push(leg.index);
    legsIn[leg.to]!.push(leg.index);
  }
  return { lanes, areas, stands: stands.stands, legs, legsOut, legsIn, standOfBay: stands.standOfBay };
}

/** The centre's range less a footprint with margins: from where the front first touches the ground to where the tail leaves it. */
function groundLengthM(ground: AreaGround, side: 0 | 1, type: VehicleType): number {
  return Math.max(0, ground.toM[side] - ground.fromM[side] - type.lengthM - 2 * type.marginM);
}

/** The lane of a side's chain that is nearest to the middle of the ground. */
function middleLane(ground: AreaGround, side: 0 | 1, lanes: LaneGraph, chains: LaneChains): number {
  const members = chains.chains[ground.chains[side]]!.lanes;
  const middleM = (ground.fromM[side] + ground.toM[side]) / 2;
  return (
    members.find((lane) => middleM <= chains.offsetM[lane]! + lanes.lengthM[lane]!) ?? members[members.length - 1]!
  );
}
