import type { Lane, Point, Site, VehicleType } from "../planner/index.ts";
import { boxesMeet, overhang } from "./surface-checks.ts";

/** A lane on which a vehicle's swept footprint with its margin hangs over a river beside the deck. */
export interface OffDeck {
  readonly lane: string;
  readonly river: string;
  /** In the middle of what hangs over, metres. */
  readonly at: Point;
}

/** The lanes whose swept footprint leaves every deck while it is over a river, each with the first place of it. */
export function footprintsOffDeck(site: Site, type: VehicleType): OffDeck[] {
  const rivers = site.surfaces.filter((surface) => surface.kind === "river");
  const decks = site.surfaces.filter((surface) => surface.kind === "deck");
  return site.lanes.flatMap((lane) =>
    rivers.flatMap((river): OffDeck[] => {
      for (let i = 1; i < lane.points.length; i++) {
        const ring = sweptRectangle(lane, i, type);
        if (!boxesMeet(ring, river.rings[0]!)) continue;
        const at = overhang(ring, river, decks);
        if (at !== null) return [{ lane: lane.id, river: river.id, at }];
      }
      return [];
    }),
  );
}

/** On a straight piece a vehicle only shifts: its ground is one rectangle, the footprint with margins, longer by the piece. */
function sweptRectangle(lane: Lane, i: number, type: VehicleType): Point[] {
  const a = lane.points[i - 1]!;
  const b = lane.points[i]!;
  const length = Math.hypot(b.x - a.x, b.y - a.y);
  const ux = (b.x - a.x) / length;
  const uy = (b.y - a.y) / length;
  const ahead = type.lengthM / 2 + type.marginM;
  const beside = type.widthM / 2 + type.marginM;
  const corner = (from: Point, along: number, across: number): Point => ({
    x: from.x + ux * along - uy * across,
    y: from.y + uy * along + ux * across,
  });
  const first = corner(a, -ahead, -beside);
  return [first, corner(b, ahead, -beside), corner(b, ahead, beside), corner(a, -ahead, beside), first];
}
