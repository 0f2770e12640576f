/** What does not move: land, surfaces, river, border line, lanes with their direction, bays, cranes. */
import { type LaneLine, poseOnLane, type SiteView } from "../../model/site-view.ts";
import { Paint, paintMesh } from "./paint.ts";
import { groundColors } from "./palette.ts";
import {
  BoxGeometry,
  Color,
  Group,
  InstancedMesh,
  Matrix4,
  MeshLambertMaterial,
  Quaternion,
  Vector3,
} from "./three.ts";

export const BAY_LENGTH_M = 16;
export const BAY_WIDTH_M = 4;

const surfaceOrder = { river: 0, yard: 1, deck: 2, building: 3 } as const;
const surfaceColor = {
  river: groundColors.river,
  yard: groundColors.yard,
  deck: groundColors.deck,
  building: groundColors.building,
} as const;

/**
 * @param pxPerM pixels a metre at which it will be seen; lines keep a least width in pixels
 * @returns a group of two draw calls (a third and fourth for cranes)
 */
export function staticGround(site: SiteView, pxPerM: number): Group {
  const group = new Group();
  const land = new Paint();
  const surfaces = [...site.surfaces].sort((a, b) => surfaceOrder[a.kind] - surfaceOrder[b.kind]);
  for (const surface of surfaces) land.polygon(surface.rings, 0, surfaceColor[surface.kind]);
  const landMesh = paintMesh(0);
  land.into(landMesh);
  group.add(landMesh);

  const lines = new Paint();
  const drawn = [...site.lanes.values()].filter((lane) => !lane.id.endsWith("~"));
  for (const lane of drawn) {
    lines.ribbon(lane.xy, lane.widthM, 0, lane.holding ? groundColors.lane : groundColors.laneNoHolding);
  }
  for (const lane of drawn) arrows(lines, lane, pxPerM);
  for (const bay of site.bays.values()) {
    const bold = bay.role === "crane" || bay.role === "charger" ? 0.85 : 0.6;
    lines.frame(
      bay.x,
      bay.y,
      bay.theta,
      BAY_LENGTH_M,
      BAY_WIDTH_M,
      Math.max(0.3, 1 / pxPerM),
      0,
      groundColors.bay,
      bold,
    );
    if (bay.role === "gate" || bay.role === "scanner" || bay.role === "disinfection") {
      lines.quad(bay.x, bay.y, bay.theta, Math.max(1.2, 2 / pxPerM), 9, 0, groundColors.bay, 0.9);
    }
  }
  for (const border of site.borders)
    lines.dashes(border, Math.max(0.8, 1.6 / pxPerM), 9, 5, 0, groundColors.border, 0.95);
  const lineMesh = paintMesh(1);
  lines.into(lineMesh);
  group.add(lineMesh);
  group.add(cranes(site));
  return group;
}

/** Chevrons in the direction of travel, about one each 45 m and one on each shorter lane. */
function arrows(paint: Paint, lane: LaneLine, pxPerM: number): void {
  if (lane.lengthM < 8) return;
  const size = Math.min(4, Math.max(1.4, 3.2 / pxPerM));
  const everyM = Math.max(45, 60 / pxPerM);
  const count = Math.max(1, Math.round(lane.lengthM / everyM));
  if (lane.lengthM < 25 && pxPerM < 2) return;
  for (let i = 0; i < count; i++) {
    const pose = poseOnLane(lane, ((i + 0.5) * lane.lengthM) / count);
    for (const turn of lane.twoWay ? [0, Math.PI] : [0]) {
      const c = Math.cos(pose.theta + turn);
      const s = Math.sin(pose.theta + turn);
      const x = pose.x + (turn === 0 && lane.twoWay ? c * size : 0);
      const y = pose.y + (turn === 0 && lane.twoWay ? s * size : 0);
      paint.triangle(
        [
          x + c * size,
          y + s * size,
          x - s * size * 0.55,
          y + c * size * 0.55,
          x + s * size * 0.55,
          y - c * size * 0.55,
        ],
        0,
        groundColors.laneArrow,
      );
    }
  }
}

/** A gantry over each crane bay: two legs and a beam, in one instanced draw. */
function cranes(site: SiteView): InstancedMesh {
  const bays = [...site.bays.values()].filter((bay) => bay.role === "crane");
  const mesh = new InstancedMesh(
    new BoxGeometry(1, 1, 1),
    new MeshLambertMaterial({ color: new Color(groundColors.gantry) }),
    Math.max(1, bays.length * 4),
  );
  mesh.frustumCulled = false;
  mesh.count = bays.length * 4;
  const matrix = new Matrix4();
  const up = new Vector3(0, 0, 1);
  bays.forEach((bay, i) => {
    const turn = new Quaternion().setFromAxisAngle(up, bay.theta);
    const c = Math.cos(bay.theta);
    const s = Math.sin(bay.theta);
    const at = (along: number, across: number, z: number): Vector3 =>
      new Vector3(bay.x + along * c - across * s, bay.y + along * s + across * c, z);
    const outward = outwardSide(site, bay);
    const parts: [Vector3, Vector3][] = [
      [at(0, -4.2 * outward, 6), new Vector3(0.7, 0.7, 12)],
      [at(0, 14 * outward, 6), new Vector3(0.7, 0.7, 12)],
      [at(-0.9, 4.9 * outward, 12.2), new Vector3(0.7, 20, 0.8)],
      [at(0.9, 4.9 * outward, 12.2), new Vector3(0.7, 20, 0.8)],
    ];
    parts.forEach(([position, size], j) => {
      mesh.setMatrixAt(4 * i + j, matrix.compose(position, turn, size));
    });
  });
  return mesh;
}

/** On which side of a bay there is room: +1 left of its heading, -1 right, away from the nearest other lanes. */
export function outwardSide(site: SiteView, bay: { x: number; y: number; theta: number }): 1 | -1 {
  const clearance = (side: 1 | -1): number => {
    const x = bay.x - Math.sin(bay.theta) * 14 * side;
    const y = bay.y + Math.cos(bay.theta) * 14 * side;
    let least = Number.POSITIVE_INFINITY;
    for (const lane of site.lanes.values()) {
      for (let i = 0; i < lane.xy.length; i += 2) {
        least = Math.min(least, Math.hypot(lane.xy[i]! - x, lane.xy[i + 1]! - y));
      }
      const middle = poseOnLane(lane, lane.lengthM / 2);
      least = Math.min(least, Math.hypot(middle.x - x, middle.y - y));
    }
    return least;
  };
  return clearance(1) >= clearance(-1) ? 1 : -1;
}
