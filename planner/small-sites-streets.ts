import type { Prng } from "./prng.ts";
import type { Site } from "./site.ts";
import type { Move, Pose } from "./small-sites-draft.ts";
import { left, poseAfter, right, startDraft, straight } from "./small-sites-draft.ts";

/** Half the side of a crossing, and how far a lane of a street with two lanes is right of its axis, metres. */
const BOX_M = 16;
const KEEP_RIGHT_M = 2;

/**
 * One to four street crossings, not well-formed, but with meetings of every kind. Each street has one lane each way or
 * is one two-way strip; some turns are left out, some lanes are cut into pieces of a few metres, strips end in bays.
 */
export function streetSite(random: Prng): Site {
  const draft = startDraft();
  const columns = 1 + Math.floor(random.nextFloat() * 2);
  const rows = 1 + Math.floor(random.nextFloat() * 2);
  const blockM = 44 + random.nextFloat() * 40;
  const isStrip = Array.from({ length: columns + rows }, () => random.nextFloat() < 0.4);
  const turned = random.nextFloat() * 2 * Math.PI;
  const [tc, ts] = [Math.cos(turned), Math.sin(turned)];
  const pose = (x: number, y: number, theta: number): Pose => ({
    x: x * tc - y * ts,
    y: x * ts + y * tc,
    theta: theta + turned,
  });
  const draw = (from: Pose, lengthM: number, twoWay: boolean): Pose => {
    let at = from;
    let restM = lengthM;
    const cut = random.nextFloat() < 0.5;
    while (restM > 0) {
      const pieceM = !cut || restM < 10 || random.nextFloat() < 0.2 ? restM : 3 + random.nextFloat() * 6;
      at = draft.lane(at, [straight(pieceM)], { twoWay });
      restM -= pieceM;
    }
    return at;
  };
  const quarter = (kind: "left" | "right", forwardM: number, sidewaysM: number): Move[] => {
    const radiusM = Math.min(forwardM, sidewaysM);
    const arc = kind === "left" ? left(Math.PI / 2, radiusM) : right(Math.PI / 2, radiusM);
    const moves = [arc];
    if (forwardM > radiusM) moves.unshift(straight(forwardM - radiusM));
    if (sidewaysM > radiusM) moves.push(straight(sidewaysM - radiusM));
    return moves;
  };

  for (let column = 0; column < columns; column++)
    for (let row = 0; row < rows; row++) {
      const [x, y] = [column * (blockM + 2 * BOX_M), row * (blockM + 2 * BOX_M)];
      // Arms are the directions of travel over the crossing: east, north, west, south.
      for (let arm = 0; arm < 4; arm++) {
        const strip = isStrip[arm % 2 === 0 ? row : rows + column]!;
        const own = strip ? 0 : KEEP_RIGHT_M;
        const other = isStrip[arm % 2 === 0 ? rows + column : row]! ? 0 : KEEP_RIGHT_M;
        const heading = (arm * Math.PI) / 2;
        const [c, s] = [Math.cos(heading), Math.sin(heading)];
        const start = pose(x - c * BOX_M + s * own, y - s * BOX_M - c * own, heading);
        if (!strip || arm < 2) draw(start, 2 * BOX_M, strip);
        if (random.nextFloat() < 0.6) draft.lane(start, quarter("right", BOX_M - other, BOX_M - own));
        if (random.nextFloat() < 0.6) draft.lane(start, quarter("left", BOX_M + other, BOX_M + own));
        const away = poseAfter(start, [straight(2 * BOX_M)]);
        const outermost = [column === columns - 1, row === rows - 1, column === 0, row === 0];
        if (strip && outermost[arm]!) draft.station("parking", draw(away, blockM, true));
        else if (!strip || arm < 2) draw(away, blockM, strip);
        if (!strip && outermost[(arm + 2) % 4]!) draw(poseAfter(start, [straight(-blockM)]), blockM, false);
      }
    }
  return draft.site("streets");
}
