/**
 * The leg graph: what the planner searches and reserves on, compiled once for a site and a vehicle type.
 *
 * Its nodes are *stands*: the only ground on which a vehicle may come to a planned stop. Its edges are *legs*: one drive
 * from a stand's stop line through the areas behind it to the first position in the next stand. All positions are those
 * of the vehicle's reference point (the centre of its footprint), in metres along the directed lanes that it follows.
 */

export const NONE = -1;

/** Directed lanes. A two-way lane is two of them, `opposite` of each other. */
export interface LaneGraph {
  readonly laneCount: number;
  readonly nodeCount: number;
  /** [lane] the site's lane id; a two-way lane's reverse direction has "~" behind it. */
  readonly laneId: readonly string[];
  /** [lane] index into `Site.lanes`. */
  readonly siteLane: Int32Array;
  /** [lane] 1 where it is driven against the order of its points. */
  readonly reversed: Uint8Array;
  /** [lane] the same strip the other way, or NONE. */
  readonly opposite: Int32Array;
  /** [lane] node at its start, at its end. */
  readonly fromNode: Int32Array;
  readonly toNode: Int32Array;
  /** [lane] metres. */
  readonly lengthM: Float64Array;
  readonly speedLimitMps: Float64Array;
  /** [lane] rise per metre in the direction of travel. */
  readonly gradient: Float64Array;
  readonly holding: Uint8Array;
  /** Compressed rows: node n has outgoing lanes outLane[firstOut[n]] up to, not including, outLane[firstOut[n + 1]]. */
  readonly firstOut: Uint32Array;
  readonly outLane: Int32Array;
  readonly firstIn: Uint32Array;
  readonly inLane: Int32Array;
  /** [node] metres. */
  readonly nodeX: Float64Array;
  readonly nodeY: Float64Array;
  /** Points of each directed lane in travel order: [x0, y0, x1, y1, …] and the distance of each from the lane's start. */
  readonly pointsXY: readonly Float64Array[];
  readonly pointsS: readonly Float64Array[];
  /** Direction of each straight piece between two points, radians in [-pi, pi]: one fewer than points. */
  readonly segmentTheta: readonly Float64Array[];
}

/**
 * Ground where the swept footprints of two directed lanes, or of lanes joined end to end without a branch, overlap. It has
 * two sides; one side may be inside at a time.
 */
export interface Area {
  readonly index: number;
  /** "<lane id> x <lane id>"; " #2", " #3" behind it for further areas of the same two lanes. Unique. */
  readonly name: string;
  /** Directed lane of side 0 and of side 1; of several without a branch between, the one in the middle of the ground. */
  readonly lanes: readonly [number, number];
  /** True for the two directions of one strip. */
  readonly section: boolean;
  /** Metres of ground along side 0 and side 1. */
  readonly lengthM: readonly [number, number];
}

export type StandKind = "pocket" | "place";

/**
 * A pocket is a stretch of lane without branch on which vehicles may stand behind one another, first in, first out. It
 * ends at a stop line: before an area, or at the point of an in-line station (gate, scanner, disinfection).
 * A place is one bay off the lanes, for one vehicle.
 */
export interface Stand {
  readonly index: number;
  /** Place: the bay's id. Pocket: "<lane id>@<metres>" of its stop line. */
  readonly id: string;
  readonly kind: StandKind;
  /** Where the vehicle's centre stands at the stop line (or in the bay): directed lane and metres on it. */
  readonly stopLane: number;
  readonly stopM: number;
  /** Range of the centre from the first clear position to the stop line; 0 for a place. */
  readonly rangeM: number;
  /** Index into `Site.stations` of the station served at the stop line, or NONE. */
  readonly station: number;
  /** Index of the bay in that station, or NONE. */
  readonly bay: number;
  /** A place whose station rests: a vehicle may stay for ever. */
  readonly haven: boolean;
}

/** A leg's passage of one area. Metres of the vehicle's centre from the leg's start (the stop line of `Leg.from`). */
export interface AreaUse {
  readonly area: number;
  readonly side: 0 | 1;
  /** The footprint with margin first touches the area's ground here; >= 0 by construction of stop lines. */
  readonly enterM: number;
  /** Tail, margin and standstill gap have left here; <= Leg.clearM. */
  readonly leaveM: number;
}

export interface Leg {
  readonly index: number;
  readonly from: number;
  readonly to: number;
  /** Directed lanes in travel order: the first holds `from`'s stop line, the last holds `to`'s. */
  readonly lanes: Int32Array;
  /** Metres of `from`'s stop line on lanes[0]. */
  readonly startM: number;
  /** Metres from stop line to stop line (or bay). */
  readonly lengthM: number;
  /** Metres from `from`'s stop line to the first clear position of `to`: lengthM - rangeM of `to`. */
  readonly clearM: number;
  /** Metres from `from`'s stop line at which `from` is clear of this vehicle's tail, margin and gap. <= clearM for a place. */
  readonly fromClearM: number;
  readonly uses: readonly AreaUse[];
  /** Speed limit and gradient, piecewise constant: part i holds from limitFromM[i] (limitFromM[0] = 0) to the next. */
  readonly limitFromM: Float64Array;
  readonly limitMps: Float64Array;
  readonly gradient: Float64Array;
}

export interface LegGraph {
  readonly lanes: LaneGraph;
  readonly areas: readonly Area[];
  readonly stands: readonly Stand[];
  readonly legs: readonly Leg[];
  /** [stand] legs that leave it, by increasing index. */
  readonly legsOut: readonly (readonly number[])[];
  readonly legsIn: readonly (readonly number[])[];
  /** [station][bay] stand. */
  readonly standOfBay: readonly (readonly number[])[];
}
