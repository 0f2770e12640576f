/**
 * The cheapest path of one agent through what the others leave free: safe interval path planning (Phillips and Likhachev,
 * ICRA 2011) on a timetable. A state is a vertex and one of its safe intervals. Unlike in the paper a path costs nothing
 * while it rests at its goal, also where it has to leave it once more to let others pass: so a label is a time and a cost,
 * and of two labels in one interval the earlier makes the later needless only if it is not dearer by more than the wait.
 */
import type { DistanceTable } from "./distance-tables.ts";
import type { GridMap } from "./grid-map.ts";
import type { Timetable } from "./timetable.ts";

const NONE = -1;
const LABELS_FIRST = 1 << 12;

function grown(array: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(length);
  larger.set(array);
  return larger;
}

export class IntervalSearch {
  /** [timestep] The path that `find` found, up to the horizon. */
  readonly path: Int32Array;
  /** When it comes to rest at its goal for good, and its loss. */
  arrival = 0;
  cost = 0;
  /** Labels taken from the queue, in all calls. */
  expansions = 0;
  readonly #map: GridMap;
  readonly #timetable: Timetable;
  #count = 0;
  // [label]
  #vertex = new Int32Array(LABELS_FIRST);
  #time = new Int32Array(LABELS_FIRST);
  /** End of the safe interval: the first timestep at which the vertex is taken. */
  #end = new Int32Array(LABELS_FIRST);
  #cost = new Int32Array(LABELS_FIRST);
  #parent = new Int32Array(LABELS_FIRST);
  #nextAtVertex = new Int32Array(LABELS_FIRST);
  #nextInBucket = new Int32Array(LABELS_FIRST);
  /** [vertex] its first label, where the stamp is that of this call. */
  readonly #firstAtVertex: Int32Array;
  readonly #stamp: Int32Array;
  #call = 0;
  /** [cost + distance - least] stack of labels. */
  readonly #buckets: Int32Array;

  constructor(map: GridMap, timetable: Timetable) {
    this.#map = map;
    this.#timetable = timetable;
    this.path = new Int32Array(timetable.horizon);
    this.#firstAtVertex = new Int32Array(map.vertexCount);
    this.#stamp = new Int32Array(map.vertexCount);
    this.#buckets = new Int32Array(timetable.horizon + 1).fill(NONE);
  }

  /**
   * Finds the path with the least loss, where one costs at most `costMax`.
   * @param table distances to the goal
   * @returns whether there is one; then `path`, `arrival` and `cost` hold it
   */
  find(start: number, table: DistanceTable, costMax: number): boolean {
    const timetable = this.#timetable;
    const { horizon } = timetable;
    const { neighbours } = this.#map;
    const { values, goal } = table;
    const buckets = this.#buckets;
    const least = (values[start]! || table.reveal(start)) - 1;
    const most = Math.min(costMax, horizon - 1);
    if (least > most || !timetable.isFree(start, 0)) return false;
    this.#call++;
    this.#count = 0;
    this.#add(start, 0, timetable.firstTaken(start, 0), 0, NONE, 0);
    let found = NONE;
    let used = 0;
    search: for (let bucket = 0; bucket <= most - least; bucket++) {
      used = bucket;
      while (buckets[bucket] !== NONE) {
        const label = buckets[bucket]!;
        buckets[bucket] = this.#nextInBucket[label]!;
        // Taken out of its vertex's list: a better one came.
        if (this.#end[label] === 0) continue;
        this.expansions++;
        const vertex = this.#vertex[label]!;
        const end = this.#end[label]!;
        const atGoal = vertex === goal;
        if (atGoal && end === horizon) {
          found = label;
          break search;
        }
        const time = this.#time[label]!;
        const cost = this.#cost[label]!;
        const lastArrival = Math.min(end, horizon - 1);
        for (let edge = 4 * vertex; edge < 4 * vertex + 4; edge++) {
          const to = neighbours[edge]!;
          if (to < 0) continue;
          const ahead = (values[to]! || table.reveal(to)) - 1;
          if (cost + 1 + ahead > most) continue;
          for (let at = timetable.firstFree(to, time + 1); at <= lastArrival; ) {
            const toEnd = timetable.firstTaken(to, at);
            const costThere = atGoal ? cost + 1 : cost + at - time;
            const total = costThere + ahead;
            if (total > most) break;
            if (at !== end || !timetable.isCrossed(to, vertex, at)) {
              this.#add(to, at, toEnd, costThere, label, total - least);
            }
            // Resting at the goal costs nothing: one may as well leave it as late as one can.
            const late = Math.min(lastArrival, toEnd - 1);
            if (atGoal && late > at) this.#add(to, late, toEnd, costThere, label, total - least);
            if (toEnd >= lastArrival) break;
            at = timetable.firstFree(to, toEnd);
          }
        }
      }
    }
    if (found !== NONE) {
      this.#trace(found);
      for (let bucket = used; bucket <= most - least; bucket++) buckets[bucket] = NONE;
    }
    return found !== NONE;
  }

  #add(vertex: number, time: number, end: number, cost: number, parent: number, bucket: number): void {
    const times = this.#time;
    const ends = this.#end;
    const costs = this.#cost;
    let first: number = NONE;
    if (this.#stamp[vertex] === this.#call) {
      first = this.#firstAtVertex[vertex]!;
      for (let label = first; label !== NONE; label = this.#nextAtVertex[label]!) {
        if (ends[label] !== end) continue;
        if (times[label]! <= time && costs[label]! - times[label]! <= cost - time) return;
        if (time <= times[label]! && cost - time <= costs[label]! - times[label]!) ends[label] = 0;
      }
    }
    const label = this.#count++;
    if (label === this.#vertex.length) this.#grow();
    this.#vertex[label] = vertex;
    this.#time[label] = time;
    this.#end[label] = end;
    this.#cost[label] = cost;
    this.#parent[label] = parent;
    this.#nextAtVertex[label] = first;
    this.#firstAtVertex[vertex] = label;
    this.#stamp[vertex] = this.#call;
    this.#nextInBucket[label] = this.#buckets[bucket]!;
    this.#buckets[bucket] = label;
  }

  #grow(): void {
    const length = 2 * this.#vertex.length;
    this.#vertex = grown(this.#vertex, length);
    this.#time = grown(this.#time, length);
    this.#end = grown(this.#end, length);
    this.#cost = grown(this.#cost, length);
    this.#parent = grown(this.#parent, length);
    this.#nextAtVertex = grown(this.#nextAtVertex, length);
    this.#nextInBucket = grown(this.#nextInBucket, length);
  }

  #trace(found: number): void {
    this.arrival = this.#time[found]!;
    this.cost = this.#cost[found]!;
    let until = this.path.length;
    for (let label = found; label !== NONE; label = this.#parent[label]!) {
      this.path.fill(this.#vertex[label]!, this.#time[label]!, until);
      until = this.#time[label]!;
    }
  }
}
