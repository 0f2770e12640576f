export type WellFormedRule =
  /** A vehicle standing in a place touches a leg that does not lead into or out of it. detail: leg */
  | "W1"
  /** A place or in-line station has no way from (`from`) or to (`to`) the core without passing another place. detail: from, to */
  | "W2"
  /** Too few havens in the core. detail: havens, needed */
  | "W3"
  /** A leg has no room at its end: lanes that lead to no stand, or areas not left at its clear position. detail: lane or leg */
  | "W4"
  /** No charger can be reached from a haven. */
  | "W5"
  /** A lane begins (`start`) or ends (`end`) where a vehicle can neither come from nor go on. detail: end, x, y, turnsTooSharply */
  | "lane-end"
  /** A bay has no lane end within NODE_SNAP_M. detail: x, y */
  | "bay-off-lane"
  /** Two bays at one node. detail: other */
  | "bays-together"
  /** An in-line station's point is inside an area or on a lane without holding: no vehicle may stand there. */
  | "no-standing"
  /** A place stands on the only way to something else. detail: cutsOff */
  | "blocks-lane"
  /** Two stretches of one lane, or of one leg, overlap each other's ground further apart than followers do. detail: atM */
  | "meets-itself";

/** What is wrong, for code to branch on; the caller words it. */
export interface WellFormedProblem {
  readonly rule: WellFormedRule;
  /** Id of the place, station, bay, lane or stand that is at fault; the site's id for W3. */
  readonly subject: string;
  readonly detail: Readonly<Record<string, string | number | boolean>>;
}
