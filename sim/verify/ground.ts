/** R2, R3, R4, R5 and R6: who holds which ground, and who stands on it. */
import type { RecordedReservation } from "../../fleet-gateway/index.ts";
import type { ConflictTable } from "./conflicts.ts";
import { overlap, type Pose, placeRectangle, type Rectangle, shareGround } from "./geometry.ts";
import { type DirectedLane, poseOnLane, type RecordedSite } from "./recorded-site.ts";
import { clock, type Findings, metresText } from "./rules.ts";
import { type BodyPiece, bodyPieces, laneAt, poseAt, type Track, travelledM } from "./track.ts";

interface Interval {
  readonly fromM: number;
  readonly toM: number;
  /** When the vehicle first held metres of the lane, and still does: seconds of run time. */
  readonly enteredAt: number;
}

/** Rounding of metres in the recording, and of s between samples. */
const roundingM = 0.02;
/** A vehicle comes to a stand this near to where it should; beyond its margin, which is kept for that. */
const trackingM = 0.1;
const admissionS = 1;

export class GroundRules {
  reservations = 0;
  readonly #site: RecordedSite;
  readonly #conflicts: ConflictTable;
  readonly #findings: Findings;
  /** lane id -> vehicle -> metres; vehicle -> lane id -> the same. */
  readonly #lanes = new Map<string, Map<string, Interval>>();
  readonly #lanesOf = new Map<string, Map<string, Interval>>();
  /** area -> vehicle -> side. */
  readonly #areas = new Map<string, Map<string, string>>();
  readonly #areasOf = new Map<string, Set<string>>();
  readonly #places = new Map<string, Map<string, number>>();
  readonly #placesOf = new Map<string, Set<string>>();
  readonly #pose: Pose = { x: 0, y: 0, theta: 0 };
  readonly #body: Rectangle = new Float64Array(8);
  readonly #other: Rectangle = new Float64Array(8);

  constructor(site: RecordedSite, conflicts: ConflictTable, findings: Findings) {
    this.#site = site;
    this.#conflicts = conflicts;
    this.#findings = findings;
  }

  /** Takes all messages of one moment together: within it their order says nothing. */
  apply(t: number, messages: readonly RecordedReservation[], tracks: ReadonlyMap<string, Track>): void {
    const touched = new Set<string>();
    for (const message of messages) {
      this.reservations++;
      touched.add(`${message.kind} ${message.resource}`);
      this.#store(t, message);
    }
    for (const key of touched) {
      const resource = key.slice(key.indexOf(" ") + 1);
      if (key.startsWith("lane ")) this.#judgeLane(t, resource);
      else if (key.startsWith("area ")) this.#judgeArea(t, resource);
      else this.#judgePlace(t, resource);
    }
    for (const message of messages) {
      const track = tracks.get(message.vehicle);
      if (message.event === "cleared" && track !== undefined) this.#judgeCleared(t, message, track);
    }
  }

  /** R2 at one moment, and R4 by geometry; called at both ends of each window, between which bodies only go forward. */
  judgeBodies(t: number, tracks: readonly Track[], moved: (track: Track) => boolean): void {
    const inside = new Map<string, { track: Track; lane: DirectedLane }[]>();
    for (const track of tracks) {
      if (moved(track)) this.#judgeBody(t, track);
      this.#enter(t, track, inside);
    }
    for (const users of inside.values()) {
      if (users.length > 1) this.#judgeShared(t, users);
    }
  }

  #store(t: number, message: RecordedReservation): void {
    const { vehicle, resource, kind, event, seq } = message;
    if (kind === "lane") {
      if (!this.#site.laneIndex.has(resource)) {
        this.#findings.add(
          "R10",
          t,
          [vehicle],
          resource,
          `a grant names lane ${resource}, which the site does not have`,
        );
        return;
      }
      if (event === "granted") {
        const enteredAt = this.#lanes.get(resource)?.get(vehicle)?.enteredAt ?? t;
        const interval = { fromM: message.fromM, toM: message.toM, enteredAt };
        mapAt(this.#lanes, resource).set(vehicle, interval);
        mapAt(this.#lanesOf, vehicle).set(resource, interval);
      } else {
        this.#lanes.get(resource)?.delete(vehicle);
        this.#lanesOf.get(vehicle)?.delete(resource);
      }
    } else if (kind === "area") {
      const held = setAt(this.#areasOf, vehicle);
      if (event === "granted") {
        mapAt(this.#areas, resource).set(vehicle, message.side);
        held.add(resource);
      } else {
        this.#areas.get(resource)?.delete(vehicle);
        held.delete(resource);
      }
    } else {
      if (!this.#site.bays.has(resource)) {
        this.#findings.add(
          "R10",
          t,
          [vehicle],
          resource,
          `a grant names place ${resource}, which the site does not have`,
        );
      }
      const held = setAt(this.#placesOf, vehicle);
      if (event === "granted") {
        mapAt(this.#places, resource).set(vehicle, seq);
        held.add(resource);
      } else {
        this.#places.get(resource)?.delete(vehicle);
        held.delete(resource);
      }
    }
  }

  #judgeLane(t: number, id: string): void {
    const held = [...(this.#lanes.get(id) ?? [])].sort(([, p], [, q]) => p.fromM - q.fromM);
    for (let i = 1; i < held.length; i++) {
      const [behind, p] = held[i - 1]!;
      const [front, q] = held[i]!;
      if (p.toM > q.fromM + roundingM) {
        const what = `both hold lane ${id} between ${metresText(q.fromM)} and ${metresText(Math.min(p.toM, q.toM))}`;
        this.#findings.add("R3", t, [behind, front], id, what);
      }
      if (q.enteredAt > p.enteredAt) {
        const what = `${front} is ahead of ${behind} on lane ${id}, which ${behind} entered first (at ${clock(p.enteredAt)}, ${front} at ${clock(q.enteredAt)})`;
        this.#findings.add("R3", t, [behind, front], `${id} order`, what);
      }
    }
    const lane = this.#site.lanes[this.#site.laneIndex.get(id) ?? -1];
    if (lane !== undefined && lane.opposite >= 0) {
      const opposite = this.#site.lanes[lane.opposite]!;
      this.#judgeStrip(t, lane.index < opposite.index ? lane : opposite, lane.index < opposite.index ? opposite : lane);
    }
  }

  #judgeStrip(t: number, there: DirectedLane, back: DirectedLane): void {
    for (const [vehicle, p] of this.#lanes.get(there.id) ?? []) {
      for (const [other, q] of this.#lanes.get(back.id) ?? []) {
        if (other === vehicle) continue;
        const from = Math.max(p.fromM, there.lengthM - q.toM);
        const to = Math.min(p.toM, there.lengthM - q.fromM);
        if (to > from + roundingM) {
          const what = `hold strip ${there.id} in opposite directions between ${metresText(from)} and ${metresText(to)}`;
          this.#findings.add("R3", t, [vehicle, other].sort(), `${there.id} strip`, what);
        }
      }
    }
  }

  #judgeArea(t: number, area: string): void {
    const held = [...(this.#areas.get(area) ?? [])];
    for (let i = 1; i < held.length; i++) {
      const [vehicle, side] = held[i]!;
      const [first, firstSide] = held.find(([, other]) => other !== side) ?? held[i]!;
      if (firstSide === side) continue;
      const what = `hold area ${area} for two sides, ${firstSide} and ${side}`;
      this.#findings.add("R4", t, [first, vehicle].sort(), area, what);
    }
  }

  #judgePlace(t: number, place: string): void {
    const vehicles = [...(this.#places.get(place)?.keys() ?? [])];
    if (vehicles.length > 1) this.#findings.add("R5", t, vehicles.sort(), place, `hold place ${place} together`);
  }

  #pieces(t: number, track: Track): BodyPiece[] {
    const lanesOf = this.#lanesOf.get(track.id);
    return bodyPieces(track, t, (lane) => {
      // The vehicle goes where it was granted; where two ways are, the one that begins at the lane's start.
      const granted = lane.next.filter((next) => (lanesOf?.get(this.#site.lanes[next]!.id)?.fromM ?? 1) < 1);
      return granted.length > 0 ? this.#site.lanes[granted[0]!]! : null;
    });
  }

  #judgeBody(t: number, track: Track): void {
    if (track.current.sample.lane === "" || !this.#isAdmitted(t, track)) return;
    for (const piece of this.#pieces(t, track)) {
      const bare = this.#bareGround(track, piece);
      if (bare !== null) {
        const what = `the body is on lane ${piece.lane.id} from ${metresText(piece.fromM)} to ${metresText(piece.toM)}, but ${bare}`;
        this.#findings.add("R2", t, [track.id], piece.lane.id, what);
      }
    }
  }

  /** A vehicle has a second from its first sample until its first grant: so long its admission takes. */
  #isAdmitted(t: number, track: Track): boolean {
    return this.#lanesOf.has(track.id) || this.#placesOf.has(track.id) || t - track.since > admissionS;
  }

  /** Null where the vehicle holds the piece's ground, else what it holds, in words. */
  #bareGround(track: Track, piece: BodyPiece): string | null {
    const held = this.#lanesOf.get(track.id)?.get(piece.lane.id);
    const slackM = track.type.margin + trackingM;
    const bare: [number, number][] = [];
    if (held === undefined || held.fromM >= piece.toM || held.toM <= piece.fromM) bare.push([piece.fromM, piece.toM]);
    else {
      if (held.fromM > piece.fromM + roundingM) bare.push([piece.fromM, held.fromM]);
      if (held.toM < piece.toM - slackM) bare.push([held.toM, piece.toM]);
    }
    const left = bare.filter(([from, to]) => to - from > slackM && !this.#inOwnPlace(track, piece.lane, from, to));
    if (left.length === 0) return null;
    return held === undefined
      ? "nothing of it is granted"
      : `${metresText(held.fromM)} to ${metresText(held.toM)} are granted`;
  }

  /** Whether a stretch of lane lies under a body that stands in a place of its own. */
  #inOwnPlace(track: Track, lane: DirectedLane, fromM: number, toM: number): boolean {
    const reachM = track.type.length / 2 + track.type.margin + trackingM;
    for (const place of this.#placesOf.get(track.id) ?? []) {
      const bay = this.#site.bays.get(place);
      if (bay === undefined) continue;
      const near = (s: number): boolean => {
        poseOnLane(lane, s, this.#pose);
        return Math.hypot(this.#pose.x - bay.x, this.#pose.y - bay.y) <= reachM;
      };
      if (near(fromM) && near(toM)) return true;
    }
    return false;
  }

  /** Notes each conflict in which the vehicle's centre is now. */
  #enter(t: number, track: Track, inside: Map<string, { track: Track; lane: DirectedLane }[]>): void {
    const { motion } = track;
    let lane: DirectedLane | undefined;
    let s = track.current.sample.s;
    if (motion !== null && motion.lanes.length > 0) {
      const distance = travelledM(motion, t);
      const i = laneAt(motion, distance);
      lane = motion.lanes[i]!;
      s = distance - motion.laneStartsM[i]!;
    } else lane = track.history.at(-1);
    if (lane === undefined || track.current.sample.lane === "") return;
    for (const conflict of this.#conflicts.ofLane[lane.index]!) {
      if (s < conflict.aFromM || s > conflict.aToM) continue;
      const forward = conflict.a < conflict.b;
      const key = forward
        ? `${conflict.a} ${conflict.b} ${conflict.aFromM} ${conflict.bFromM}`
        : `${conflict.b} ${conflict.a} ${conflict.bFromM} ${conflict.aFromM}`;
      const users = inside.get(key);
      if (users === undefined) inside.set(key, [{ track, lane }]);
      else users.push({ track, lane });
    }
  }

  #judgeShared(t: number, users: readonly { track: Track; lane: DirectedLane }[]): void {
    for (let i = 1; i < users.length; i++) {
      const one = users[i]!;
      const other = users.find((user) => user.lane !== one.lane);
      if (other === undefined) continue;
      const names = [one.lane.id, other.lane.id].sort();
      const what = `are both on the ground where the footprints of lanes ${names.join(" and ")} overlap`;
      this.#findings.add("R4", t, [one.track.id, other.track.id].sort(), names.join(), what);
    }
  }

  #judgeCleared(t: number, message: RecordedReservation, track: Track): void {
    const say = (what: string): void =>
      this.#findings.add("R6", t, [track.id], `${message.kind} ${message.resource}`, what);
    if (message.kind === "lane") {
      if (this.#lanesOf.get(track.id)?.has(message.resource)) return;
      for (const piece of this.#pieces(t, track)) {
        if (piece.lane.id === message.resource && this.#bareGround(track, piece) !== null) {
          say(
            `lane ${piece.lane.id} is cleared with the body on ${metresText(piece.fromM)} to ${metresText(piece.toM)} of it`,
          );
        }
      }
      return;
    }
    this.#placeBody(t, track);
    if (message.kind === "place") {
      const bay = this.#site.bays.get(message.resource);
      if (bay === undefined || bay.theta === null || this.#placesOf.get(track.id)?.has(message.resource)) return;
      placeRectangle(this.#other, { x: bay.x, y: bay.y, theta: bay.theta }, track.type.length, track.type.width);
      if (overlap(this.#body, this.#other)) say(`place ${message.resource} is cleared with the body in it`);
    } else if (!this.#stillKeepsOut(message, track) && this.#bodyInArea(message)) {
      say(`area ${message.resource} is cleared with the body on it`);
    }
  }

  #placeBody(t: number, track: Track): void {
    if (track.motion !== null) poseAt(track.motion, t, this.#pose);
    else Object.assign(this.#pose, track.current.sample);
    placeRectangle(this.#body, this.#pose, track.type.length, track.type.width);
  }

  /**
   * Whether the vehicle holds the area again, or another one that keeps the other lane's vehicles out where it went on
   * to: one with that lane, or with a lane onto which that lane leads within a vehicle's length.
   */
  #stillKeepsOut(message: RecordedReservation, track: Track): boolean {
    if (this.#areas.get(message.resource)?.has(track.id)) return true;
    const others = areaLanes(message.resource).filter((lane) => lane !== message.side);
    const reached = new Set(others.flatMap((lane) => this.#lanesReached(lane, track.type.length)));
    for (const area of this.#areasOf.get(track.id) ?? []) {
      const side = this.#areas.get(area)?.get(track.id);
      if (areaLanes(area).some((lane) => lane !== side && reached.has(lane))) return true;
    }
    return false;
  }

  /** A lane and those that begin within `reachM` of its end. */
  #lanesReached(id: string, reachM: number): readonly string[] {
    const first = this.#site.lanes[this.#site.laneIndex.get(id) ?? -1];
    if (first === undefined) return [id];
    const found = new Set<DirectedLane>([first]);
    const walk = (lane: DirectedLane, leftM: number): void => {
      for (const index of lane.next) {
        const next = this.#site.lanes[index]!;
        found.add(next);
        if (next.lengthM < leftM) walk(next, leftM - next.lengthM);
      }
    };
    walk(first, reachM);
    return [...found].map((lane) => lane.id);
  }

  /** Whether the body (in `#body`) shares ground with footprints of both lanes that the area's name gives. */
  #bodyInArea(message: RecordedReservation): boolean {
    const lanes = areaLanes(message.resource).map((id) => this.#site.laneIndex.get(id));
    const [a, b] = lanes;
    if (a === undefined || b === undefined) return false;
    const touching = (lane: number): Rectangle[] =>
      this.#conflicts.footprints(lane).flatMap(({ rectangle }) => (overlap(rectangle, this.#body) ? [rectangle] : []));
    const onA = touching(a);
    const onB = touching(b);
    return onA.some((p) => onB.some((q) => overlap(p, q) && shareGround(p, q, this.#body)));
  }
}

/** "<lane> x <lane>", perhaps with a number behind it that makes the name unique. */
function areaLanes(name: string): readonly string[] {
  const match = /^(.+) x (.+?)(?: #\d+)?$/.exec(name);
  return match === null ? [] : [match[1]!, match[2]!];
}

function mapAt<V>(map: Map<string, Map<string, V>>, key: string): Map<string, V> {
  let value = map.get(key);
  if (value === undefined) {
    value = new Map();
    map.set(key, value);
  }
  return value;
}

function setAt(map: Map<string, Set<string>>, key: string): Set<string> {
  let value = map.get(key);
  if (value === undefined) {
    value = new Set();
    map.set(key, value);
  }
  return value;
}
