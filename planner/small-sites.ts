import { compileLegs } from "./compile-legs.ts";
import type { LegGraph } from "./leg-graph.ts";
import type { Prng } from "./prng.ts";
import { referenceVehicle } from "./reference-vehicle.ts";
import type { Site, StationRole } from "./site.ts";
import type { Draft, Move, Pose } from "./small-sites-draft.ts";
import { CURVE_RADIUS_M, left, poseAfter, right, shift, startDraft, straight } from "./small-sites-draft.ts";
import type { VehicleType } from "./vehicle-type.ts";
import { checkWellFormed } from "./well-formed.ts";

export const SMALL_SITE_KINDS = [
  /** One-way loop with parking beside it. */
  "loop",
  /** One two-way strip with a one-way loop and parking at both ends: opposing traffic. */
  "strip",
  /** A figure of eight that crosses itself. */
  "crossing",
  /** Three or four arms with parking, joined by a roundabout. */
  "roundabout",
  /** A loop that forks into two branches and merges again. */
  "diamond",
  /** A loop with gates and disinfection in line. */
  "gates",
  /** A loop with a two-way stem to dead-end bays, which vehicles leave backwards. */
  "dead-ends",
  /** A loop whose end is a ladder of drive-through slots. */
  "ladder",
] as const;

export type SmallSiteKind = (typeof SMALL_SITE_KINDS)[number];

/** A small site, its leg graph and the largest fleet for which it is well-formed. */
export interface SmallSite {
  readonly kind: SmallSiteKind;
  readonly site: Site;
  readonly graph: LegGraph;
  readonly fleetMax: number;
}

/** Fewest vehicles that every small site has room for. */
export const FLEET_MIN = 2;

/**
 * A tiny well-formed site for tests, drawn from `random`: layout, lengths, number of places and stations vary.
 * @param kind drawn too if left out
 * @throws Error if the drawn site is not well-formed for two vehicles of `type`, with every problem: a fault of this generator, or a
 *   vehicle much larger than the reference one
 */
export function smallSite(random: Prng, type: VehicleType, kind?: SmallSiteKind): SmallSite {
  const drawn = kind ?? SMALL_SITE_KINDS[below(random, SMALL_SITE_KINDS.length)]!;
  const draft = startDraft();
  const theta = random.nextFloat() * 2 * Math.PI;
  BUILDERS[drawn](draft, { x: 0, y: 0, theta }, random);
  const site = draft.site(`small-${drawn}`);
  const graph = compileLegs(site, type);
  const report = checkWellFormed(site, type, graph, FLEET_MIN);
  if (!report.wellFormed)
    throw new Error(`small site ${drawn} is not well-formed: ${JSON.stringify(report.problems, undefined, 1)}`);
  return { kind: drawn, site, graph, fleetMax: report.havensInCore - 1 };
}

/** The vehicle that small sites are drawn for. */
export const smallSiteVehicle: VehicleType = { ...referenceVehicle, type: "small-site-igv" };

const QUARTER = Math.PI / 2;

function below(random: Prng, limit: number): number {
  return Math.floor(random.nextFloat() * limit);
}

function between(random: Prng, low: number, high: number): number {
  return low + random.nextFloat() * (high - low);
}

/** A stretch of a one-way straight with what lies beside it. */
interface Stretch {
  readonly alongM: number;
  draw(draft: Draft, at: Pose): void;
}

const plain = (alongM: number): Stretch => ({ alongM, draw: (draft, at) => draft.lane(at, [straight(alongM)]) });

/** A bay beside the lane: in by two arcs, 7.5 m straight each side of the bay's point, out by two arcs. */
function siding(role: StationRole, sidewaysM = 5.875): Stretch {
  const off = shift(sidewaysM);
  const back = shift(-sidewaysM);
  const alongM = off.alongM + 15 + back.alongM;
  return {
    alongM,
    draw(draft, at) {
      draft.lane(at, [straight(alongM)]);
      const bay = draft.lane(at, [...off.moves, straight(7.5)]);
      draft.station(role, bay);
      draft.lane(bay, [straight(7.5), ...back.moves]);
    },
  };
}

/** A second branch beside the lane. */
function bypass(branchM: number, sidewaysM: number): Stretch {
  const off = shift(sidewaysM);
  const back = shift(-sidewaysM);
  const alongM = off.alongM + branchM + back.alongM;
  return {
    alongM,
    draw(draft, at) {
      draft.lane(at, [straight(alongM)]);
      draft.lane(at, [...off.moves, straight(branchM), ...back.moves]);
    },
  };
}

function inLine(role: StationRole, beforeM: number, afterM: number): Stretch {
  return {
    alongM: beforeM + afterM,
    draw(draft, at) {
      const point = draft.lane(at, [straight(beforeM)]);
      draft.station(role, point);
      draft.lane(point, [straight(afterM)]);
    },
  };
}

/** A two-way stem to the right with bays at the ends of its spurs. */
function deadEnds(stemM: number, spurM: number, roles: readonly StationRole[]): Stretch {
  return {
    alongM: 2 * CURVE_RADIUS_M,
    draw(draft, at) {
      const middle = draft.lane(at, [straight(CURVE_RADIUS_M)]);
      draft.lane(middle, [straight(CURVE_RADIUS_M)]);
      const stem = draft.lane(at, [right(QUARTER)]);
      draft.lane({ ...stem, theta: stem.theta + Math.PI }, [right(QUARTER)]);
      const end = draft.lane(stem, [straight(stemM)], { twoWay: true });
      const ways: readonly (readonly Move[])[] = [
        [straight(spurM + CURVE_RADIUS_M)],
        [left(QUARTER), straight(spurM)],
        [right(QUARTER), straight(spurM)],
      ];
      roles.forEach((role, i) => {
        draft.station(role, draft.lane(end, ways[i % ways.length]!, { twoWay: true }));
      });
    },
  };
}

/** Draws stretches one behind the other and returns the pose behind the last. */
function drawAll(draft: Draft, from: Pose, stretches: readonly Stretch[]): Pose {
  let at = from;
  for (const stretch of stretches) {
    stretch.draw(draft, at);
    at = poseAfter(at, [straight(stretch.alongM)]);
  }
  return at;
}

/** A one-way loop, clockwise: two long sides with `first` and `second` along them, two short ones of `acrossM`. */
function drawLoop(
  draft: Draft,
  from: Pose,
  first: readonly Stretch[],
  second: readonly Stretch[],
  acrossM: number,
): void {
  const lengthOf = (side: readonly Stretch[]): number => side.reduce((sum, stretch) => sum + stretch.alongM, 0);
  const longM = Math.max(lengthOf(first), lengthOf(second)) + 1;
  const across: Move[] = [right(QUARTER), straight(acrossM), right(QUARTER)];
  let at = from;
  for (const side of [first, second]) {
    at = drawAll(draft, at, [...side, plain(longM - lengthOf(side))]);
    at = draft.lane(at, across);
  }
}

/** `count` places beside the lane, each with room for one vehicle to pass and to wait; the first is a charger. */
function places(random: Prng, count: number, withCharger: boolean): Stretch[] {
  return Array.from({ length: count }, (_, i) => {
    const role = withCharger && i === 0 ? "charger" : random.nextFloat() < 0.75 || i < 3 ? "parking" : "crane";
    return [siding(role, random.nextFloat() < 0.5 ? 5.875 : -5.875), plain(between(random, 2, 12))];
  }).flat();
}

const BUILDERS: Record<SmallSiteKind, (draft: Draft, from: Pose, random: Prng) => void> = {
  loop(draft, from, random) {
    const first = places(random, 2 + below(random, 3), true);
    const second = places(random, 1 + below(random, 3), false);
    drawLoop(draft, from, first, second, between(random, 30, 60));
  },

  strip(draft, from, random) {
    const end = draft.lane(from, [straight(between(random, 20, 150))], { twoWay: true });
    for (const at of [end, { ...from, theta: from.theta + Math.PI }]) {
      const down = places(random, 2, at === end);
      const up = places(random, below(random, 3), false);
      const downM = down.reduce((sum, stretch) => sum + stretch.alongM, 0);
      const upM = up.reduce((sum, stretch) => sum + stretch.alongM, 0);
      const longM = Math.max(downM, upM);
      const acrossM = between(random, 25, 45);
      let pose = draft.lane(at, [right(QUARTER)]);
      pose = drawAll(draft, pose, [...down, plain(longM - downM + 1)]);
      pose = draft.lane(pose, [left(QUARTER), straight(acrossM), left(QUARTER)]);
      pose = drawAll(draft, pose, [plain(longM - upM + 1), ...up]);
      // Back to the strip's end against the direction in which it was left.
      draft.lane(pose, [left(QUARTER), straight(acrossM + 2 * CURVE_RADIUS_M)]);
    }
  },

  crossing(draft, from, random) {
    const R = CURVE_RADIUS_M;
    const p = between(random, 45, 60);
    const s = between(random, 45, 60);
    const upper = places(random, 1 + below(random, 2), true);
    const lower = places(random, 2 + below(random, 2), false);
    const upperM = upper.reduce((sum, stretch) => sum + stretch.alongM, 0);
    const lowerM = lower.reduce((sum, stretch) => sum + stretch.alongM, 0);
    // From the crossing straight on, three left turns back over it, then three right turns to where it began.
    let at = draft.lane(from, [straight(p), left(QUARTER)]);
    at = drawAll(draft, at, upper);
    at = draft.lane(at, [left(QUARTER), straight(p - R), left(QUARTER)]);
    at = draft.lane(at, [straight(upperM + R + s), right(QUARTER)]);
    at = drawAll(draft, at, lower);
    draft.lane(at, [right(QUARTER), straight(s - R), right(QUARTER), straight(lowerM + R)]);
  },

  roundabout(draft, from, random) {
    const arms = 3 + below(random, 2);
    const ringM = 30;
    // Lanes out and in are 12 m either side of the arm's axis, so that a half circle joins them at its end.
    const half = Math.asin((2 * CURVE_RADIUS_M) / (ringM + CURVE_RADIUS_M));
    const turn = QUARTER - half;
    const onRing = (angle: number): Pose => ({
      x: from.x + ringM * Math.cos(from.theta + angle),
      y: from.y + ringM * Math.sin(from.theta + angle),
      theta: from.theta + angle + QUARTER,
    });
    for (let arm = 0; arm < arms; arm++) {
      const axis = (2 * Math.PI * arm) / arms;
      const next = axis + (2 * Math.PI) / arms;
      draft.lane(onRing(axis - half), [left(2 * half, ringM)]);
      draft.lane(onRing(axis + half), [left(next - axis - 2 * half, ringM)]);
      const out = places(random, 1, arm === 0);
      const into = places(random, below(random, 2), false);
      const outM = out.reduce((sum, stretch) => sum + stretch.alongM, 0);
      const intoM = into.reduce((sum, stretch) => sum + stretch.alongM, 0);
      const longM = Math.max(outM, intoM);
      const lead = between(random, 20, 40);
      let at = draft.lane(onRing(axis - half), [right(turn), straight(lead)]);
      at = drawAll(draft, at, [...out, plain(longM - outM + 1)]);
      at = draft.lane(at, [left(Math.PI)]);
      at = drawAll(draft, at, [plain(longM - intoM + 1), ...into]);
      draft.lane(at, [straight(lead), right(turn)]);
    }
  },

  diamond(draft, from, random) {
    const branch = bypass(between(random, 0, 60), random.nextFloat() < 0.5 ? 7 : -7);
    const first = [...places(random, 1, true), plain(between(random, 5, 30)), branch];
    const second = places(random, 2 + below(random, 2), false);
    drawLoop(draft, from, first, second, between(random, 30, 60));
  },

  gates(draft, from, random) {
    const gates = [inLine("gate", between(random, 20, 60), between(random, 5, 40))];
    if (random.nextFloat() < 0.5) gates.push(inLine("disinfection", between(random, 5, 40), 20));
    const first = [...places(random, 2, true), ...gates];
    const second = places(random, 1 + below(random, 3), false);
    drawLoop(draft, from, first, second, between(random, 30, 60));
  },

  "dead-ends"(draft, from, random) {
    const roles: StationRole[] = ["parking", "parking", random.nextFloat() < 0.5 ? "parking" : "crane"];
    const yard = deadEnds(between(random, 15, 40), between(random, 18, 30), roles.slice(0, 2 + below(random, 2)));
    const second = places(random, 1 + below(random, 2), true);
    // The stem lies outside the loop: the loop is driven counter-clockwise there, mirrored by driving it from its other end.
    const lengthOf = (side: readonly Stretch[]): number => side.reduce((sum, stretch) => sum + stretch.alongM, 0);
    const lead = between(random, 25, 50);
    const first = [plain(lead), yard, plain(between(random, 20, 50))];
    const longM = Math.max(lengthOf(first), lengthOf(second)) + 1;
    const across: Move[] = [left(QUARTER), straight(between(random, 30, 60)), left(QUARTER)];
    let at = from;
    for (const side of [first, second]) {
      at = drawAll(draft, at, [...side, plain(longM - lengthOf(side))]);
      at = draft.lane(at, across);
    }
  },

  ladder(draft, from, random) {
    const slots = 3 + below(random, 4);
    const pitchM = between(random, 5, 8);
    const halfM = 15.5;
    const slotIn: Move[] = [left(QUARTER), straight(halfM)];
    const slotOut: Move[] = [straight(halfM), left(QUARTER)];
    const leadM = between(random, 30, 80);
    let down: Pose = poseAfter(from, [straight(leadM)]);
    draft.lane(from, [straight(leadM)]);
    const downs: Pose[] = [down];
    for (let slot = 0; slot < slots; slot++) {
      down = draft.lane(down, [straight(pitchM)]);
      downs.push(down);
    }
    const ups = downs.map((pose) => poseAfter(pose, [...slotIn, ...slotOut]));
    for (let slot = 0; slot < slots; slot++) {
      const bay = draft.lane(downs[slot]!, slotIn);
      const role = slot === 0 ? "charger" : slot > 2 && random.nextFloat() < 0.25 ? "crane" : "parking";
      draft.station(role, bay);
      draft.lane(bay, slotOut);
      draft.lane(ups[slot + 1]!, [straight(pitchM)]);
    }
    // The end lane: the way round without passing a place.
    draft.lane(downs[slots]!, [...slotIn, ...slotOut]);
    const acrossM = 2 * (halfM + CURVE_RADIUS_M) - 2 * CURVE_RADIUS_M;
    draft.lane(ups[0]!, [straight(leadM), left(QUARTER), straight(acrossM), left(QUARTER)]);
  },
};
