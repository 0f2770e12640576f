/**
 * Shortest distances to goals, found only as far as somebody asked.
 * One backward search a distinct goal, which stops at the vertex asked for and resumes there. It goes through the grid
 * in the order of distance to the goal plus rows and columns to the first vertex asked for (Silver 2005, reverse
 * resumable A*): on a grid with unit moves that sum grows by 0 or 2 a move, so two stacks are the whole queue, and a
 * vertex that is reached within the lowest sum has its final distance at once.
 */
import { DIRECTIONS, type GridMap } from "./grid-map.ts";

/** What `distance` gives where no way exists. */
export const UNREACHABLE = 65_535;

/** Tables hold distance + 1 in 16 bits. */
const DISTANCE_MAX = 65_534;

/** Room that all tables of a map share while one of them searches. */
interface Scratch {
  readonly map: GridMap;
  /** [vertex] column and row. */
  readonly column: Int32Array;
  readonly row: Int32Array;
  /** Vertices of the lowest sum and of the next one. A vertex enters the second at most once a neighbour. */
  readonly near: Int32Array;
  readonly far: Int32Array;
}

/** The distances to one goal. */
export class DistanceTable {
  readonly goal: number;
  /**
   * [vertex] distance + 1, or 0 where it is not known yet: ask `reveal`. For hot loops, where one more or less is the
   * same in every comparison.
   */
  readonly values: Uint16Array;
  readonly #scratch: Scratch;
  readonly #towardsColumn: number;
  readonly #towardsRow: number;
  /** What the two stacks held when the search stopped. */
  #near: Int32Array;
  #nearCount: number;
  #far: Int32Array;
  #farCount: number;

  /** @param towards the vertex that the search heads for */
  constructor(scratch: Scratch, goal: number, towards: number) {
    this.goal = goal;
    this.values = new Uint16Array(scratch.map.vertexCount);
    this.values[goal] = 1;
    this.#scratch = scratch;
    this.#towardsColumn = scratch.column[towards]!;
    this.#towardsRow = scratch.row[towards]!;
    this.#near = new Int32Array(64);
    this.#near[0] = goal;
    this.#nearCount = 1;
    this.#far = new Int32Array(64);
    this.#farCount = 0;
  }

  /** Whether there is a way from `from` to the goal. */
  reaches(from: number): boolean {
    return this.distance(from) !== UNREACHABLE;
  }

  /** Moves from `from` to the goal; `UNREACHABLE` where there is no way. */
  distance(from: number): number {
    return (this.values[from]! || this.reveal(from)) - 1;
  }

  /** What `values[from]` is once it is known: distance + 1, or `UNREACHABLE + 1`, which no entry of `values` holds. */
  reveal(from: number): number {
    const { values } = this;
    if (values[from] !== 0) return values[from]!;
    const { map, column, row, near, far } = this.#scratch;
    const { neighbours } = map;
    const towardsColumn = this.#towardsColumn;
    const towardsRow = this.#towardsRow;
    let nearCount = this.#nearCount;
    let farCount = this.#farCount;
    near.set(nearCount === this.#near.length ? this.#near : this.#near.subarray(0, nearCount));
    far.set(farCount === this.#far.length ? this.#far : this.#far.subarray(0, farCount));
    while (values[from] === 0) {
      if (nearCount === 0) {
        if (farCount === 0) break;
        // The next sum: what waited for it is expanded, unless a way within the last sum has come first.
        for (let i = 0; i < farCount; i++) {
          const entry = far[i]!;
          const vertex = entry >> 2;
          if (values[vertex] !== 0) continue;
          values[vertex] = values[neighbours[entry]!]! + 1;
          near[nearCount++] = vertex;
        }
        farCount = 0;
        continue;
      }
      const vertex = near[--nearCount]!;
      const next = values[vertex]! + 1;
      if (next > DISTANCE_MAX + 1) throw new RangeError(`a way of more than ${DISTANCE_MAX} moves is not supported`);
      const x = column[vertex]!;
      const y = row[vertex]!;
      const base = DIRECTIONS * vertex;
      const east = neighbours[base]!;
      if (east >= 0 && values[east] === 0) {
        if (x < towardsColumn) {
          values[east] = next;
          near[nearCount++] = east;
        } else far[farCount++] = DIRECTIONS * east + 2;
      }
      const south = neighbours[base + 1]!;
      if (south >= 0 && values[south] === 0) {
        if (y < towardsRow) {
          values[south] = next;
          near[nearCount++] = south;
        } else far[farCount++] = DIRECTIONS * south + 3;
      }
      const west = neighbours[base + 2]!;
      if (west >= 0 && values[west] === 0) {
        if (x > towardsColumn) {
          values[west] = next;
          near[nearCount++] = west;
        } else far[farCount++] = DIRECTIONS * west;
      }
      const north = neighbours[base + 3]!;
      if (north >= 0 && values[north] === 0) {
        if (y > towardsRow) {
          values[north] = next;
          near[nearCount++] = north;
        } else far[farCount++] = DIRECTIONS * north + 1;
      }
    }
    if (nearCount > this.#near.length) this.#near = new Int32Array(2 * nearCount);
    if (farCount > this.#far.length) this.#far = new Int32Array(2 * farCount);
    this.#near.set(near.subarray(0, nearCount));
    this.#far.set(far.subarray(0, farCount));
    this.#nearCount = nearCount;
    this.#farCount = farCount;
    return values[from]! || UNREACHABLE + 1;
  }
}

export interface DistanceTablesOptions {
  /** Tables kept at a time, in bytes of distances; the least recently fetched goes first. Default: no limit. */
  readonly budgetBytes?: number;
}

/** The tables of a map's goals, one a distinct goal. */
export class DistanceTables {
  readonly #scratch: Scratch;
  /** By goal, the least recently fetched first. */
  readonly #tables = new Map<number, DistanceTable>();
  readonly #tablesMax: number;

  constructor(map: GridMap, options: DistanceTablesOptions = {}) {
    const column = new Int32Array(map.vertexCount);
    const row = new Int32Array(map.vertexCount);
    for (let vertex = 0; vertex < map.vertexCount; vertex++) {
      column[vertex] = map.cellOf[vertex]! % map.width;
      row[vertex] = Math.floor(map.cellOf[vertex]! / map.width);
    }
    const near = new Int32Array(map.vertexCount);
    const far = new Int32Array(DIRECTIONS * map.vertexCount);
    this.#scratch = { map, column, row, near, far };
    const budgetBytes = options.budgetBytes ?? Number.POSITIVE_INFINITY;
    this.#tablesMax = Math.max(1, Math.floor(budgetBytes / Math.max(2, 2 * map.vertexCount)));
  }

  /** Tables held now. */
  get count(): number {
    return this.#tables.size;
  }

  /**
   * The table of `goal`. A table that was fetched stays right for whoever holds it, even after its eviction here.
   * @param towards where the first question will be asked from, for a table that is new; a hint that only saves work
   */
  table(goal: number, towards: number = goal): DistanceTable {
    let table = this.#tables.get(goal);
    if (table === undefined) {
      if (this.#tables.size >= this.#tablesMax) this.#tables.delete(this.#tables.keys().next().value!);
      table = new DistanceTable(this.#scratch, goal, towards);
    } else if (this.#tablesMax !== Number.POSITIVE_INFINITY) {
      this.#tables.delete(goal);
    } else return table;
    this.#tables.set(goal, table);
    return table;
  }

  /** Moves from `from` to `goal`; `UNREACHABLE` where there is no way. */
  distance(goal: number, from: number): number {
    return this.table(goal, from).distance(from);
  }
}
