import type { Site } from "./site.ts";
import { type Draft, left, type Move, type Pose, poseAfter, shift, startDraft, straight } from "./small-sites-draft.ts";

export interface CorridorPieceOptions {
  /** How far the crane bays lie beside the through lane, metres. */
  readonly bayShiftM?: number;
  /** Between neighbouring slots of the ladder, metres. */
  readonly slotPitchM?: number;
  /** Without it the two sides of the ladder are joined through the slots only. */
  readonly endLane?: boolean;
  /** Without it the ladder is the only way from the lane in to the lane out at the far end. */
  readonly uTurn?: boolean;
  /** Without it vehicles turn at the far end only. */
  readonly returnTurn?: boolean;
}

/**
 * A yard as on the corridor, smaller, with its dimensions: a pair of through lanes 12.25 m apart, a gate on the one that
 * leads out, two crane bays 50 m apart, a return turn, a U-turn, and a ladder of three slots (a charger, two parking).
 */
export function corridorPiece({
  bayShiftM = 5.875,
  slotPitchM = 5,
  endLane = true,
  uTurn = true,
  returnTurn = true,
}: CorridorPieceOptions = {}): Site {
  const draft = startDraft();
  const south = -Math.PI / 2;
  const north = Math.PI / 2;
  const inAt = (y: number): Pose => ({ x: -6.125, y, theta: south });
  const outAt = (y: number): Pose => ({ x: 6.125, y, theta: north });
  const toTurn = shift(-5.875);
  const fromTurn = shift(5.875);
  const turn: Move[] = [...toTurn.moves, left(Math.PI), ...fromTurn.moves];

  const bays = [-120, -170];
  const reachM = shift(bayShiftM).alongM + 7.5;
  const nodesIn = [60, -60, ...bays.flatMap((y) => [y + reachM, y - reachM]), -202];
  for (let i = 0; i + 1 < nodesIn.length; i++) draft.lane(inAt(nodesIn[i]!), [straight(nodesIn[i]! - nodesIn[i + 1]!)]);
  for (const y of bays) {
    const bay = draft.lane(inAt(y + reachM), [...shift(-bayShiftM).moves, straight(7.5)]);
    draft.station("crane", bay);
    draft.lane(bay, [straight(7.5), ...shift(bayShiftM).moves]);
  }
  draft.lane(outAt(-202), [straight(142)]);
  draft.lane(outAt(-60), [straight(80)]);
  draft.station("gate", draft.lane(outAt(20), [straight(10)]));
  draft.lane(outAt(30), [straight(30)]);
  // The way back at the top and the return turn.
  draft.lane(outAt(60), turn);
  if (returnTurn) draft.lane(outAt(-60), turn);

  const foot = draft.lane(inAt(-202), toTurn.moves);
  if (uTurn) draft.lane(foot, [left(Math.PI)]);
  draft.lane(poseAfter(foot, [left(Math.PI)]), fromTurn.moves);
  drawLadder(draft, foot, slotPitchM, endLane);
  return draft.site("corridor-piece");
}

function drawLadder(draft: Draft, from: Pose, pitchM: number, endLane: boolean): void {
  const half: Move[] = [left(Math.PI / 2), straight(15.5)];
  const otherHalf: Move[] = [straight(15.5), left(Math.PI / 2)];
  const out = shift(-15.5);
  let down = draft.lane(from, [...out.moves, straight(45)]);
  const downs = [down];
  const slots = endLane ? 3 : 2;
  for (let slot = 0; slot < slots; slot++) {
    down = draft.lane(down, [straight(pitchM)]);
    downs.push(down);
  }
  const ups = downs.map((pose) => poseAfter(pose, [...half, ...otherHalf]));
  ["charger" as const, "parking" as const, "parking" as const].forEach((role, slot) => {
    const bay = draft.lane(downs[slot]!, half);
    draft.station(role, bay);
    draft.lane(bay, otherHalf);
    if (slot < slots) draft.lane(ups[slot + 1]!, [straight(pitchM)]);
  });
  if (endLane) draft.lane(downs[slots]!, [...half, ...otherHalf]);
  draft.lane(ups[0]!, [straight(45), ...shift(15.5).moves]);
}
