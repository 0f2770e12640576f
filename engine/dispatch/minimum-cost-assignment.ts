import { AssertionFailed, assert } from "../assert.ts";
import { NONE } from "./input.ts";

/**
 * Pairs rows with columns, as many as the allowed pairs permit, at the least sum of costs among those.
 *
 * Shortest augmenting paths over reduced costs (Jonker and Volgenant, Computing 38, 1987; for rectangular matrices Crouse,
 * IEEE TAES 52, 2016), after a greedy start from the row minima. A forbidden pair takes part at a cost above every sum of
 * allowed ones and is taken out of the answer. All arithmetic is on integers, thus exact; ties fall by the order of rows
 * and columns. Time O(min² · max) at worst, memory O(rows · columns).
 * @param costs [row * columns + column] integers; Infinity forbids the pair
 * @returns [row] its column or NONE
 */
export function minimumCostAssignment(costs: Float64Array, rows: number, columns: number): Int32Array {
  assert(costs.length === rows * columns, `${costs.length} costs for ${rows} x ${columns} pairs`);
  const columnOfRow = new Int32Array(rows).fill(NONE);
  const finite = finiteCosts(costs, rows, columns);
  if (finite === null) return columnOfRow;
  if (rows <= columns) {
    columnOfRow.set(assignEachRow(finite, rows, columns));
  } else {
    const rowOfColumn = assignEachRow(transpose(finite, rows, columns), columns, rows);
    for (let column = 0; column < columns; column++) columnOfRow[rowOfColumn[column]!] = column;
  }
  for (let row = 0; row < rows; row++) {
    const column = columnOfRow[row]!;
    if (column !== NONE && costs[row * columns + column] === Number.POSITIVE_INFINITY) columnOfRow[row] = NONE;
  }
  return columnOfRow;
}

/** The costs from 0 upwards, with a finite number for the forbidden pairs; null if all are forbidden. */
function finiteCosts(costs: Float64Array, rows: number, columns: number): Float64Array | null {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < costs.length; i++) {
    const cost = costs[i]!;
    if (cost === Number.POSITIVE_INFINITY) continue;
    if (!Number.isInteger(cost)) throw new AssertionFailed(`cost ${cost} is an integer or Infinity`);
    if (cost < least) least = cost;
    if (cost > most) most = cost;
  }
  if (least === Number.POSITIVE_INFINITY) return null;
  const pairs = Math.min(rows, columns);
  const forbidden = (most - least + 1) * (pairs + 1);
  assert(forbidden * (pairs + 1) < Number.MAX_SAFE_INTEGER, `costs from ${least} to ${most} sum up exactly`);
  const finite = new Float64Array(costs.length);
  for (let i = 0; i < costs.length; i++)
    finite[i] = costs[i] === Number.POSITIVE_INFINITY ? forbidden : costs[i]! - least;
  return finite;
}

function transpose(costs: Float64Array, rows: number, columns: number): Float64Array {
  const turned = new Float64Array(costs.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) turned[column * rows + row] = costs[row * columns + column]!;
  return turned;
}

/** Optimal assignment of every row; rows <= columns, all costs finite. @returns [row] column */
function assignEachRow(costs: Float64Array, rows: number, columns: number): Int32Array {
  const columnOfRow = new Int32Array(rows).fill(NONE);
  const rowOfColumn = new Int32Array(columns).fill(NONE);
  // Dual values: cost - rowDual - columnDual >= 0 everywhere, = 0 on assigned pairs.
  const rowDual = new Float64Array(rows);
  const columnDual = new Float64Array(columns);
  for (let row = 0; row < rows; row++) {
    const first = row * columns;
    let nearest = 0;
    for (let column = 1; column < columns; column++)
      if (costs[first + column]! < costs[first + nearest]!) nearest = column;
    rowDual[row] = costs[first + nearest]!;
    if (rowOfColumn[nearest] !== NONE) continue;
    rowOfColumn[nearest] = row;
    columnOfRow[row] = nearest;
  }

  const distance = new Float64Array(columns);
  const previousRow = new Int32Array(columns);
  /** Columns: the first `reached` are those whose distance is final, in the order in which it became so. */
  const order = new Int32Array(columns);
  for (let start = 0; start < rows; start++) {
    if (columnOfRow[start] !== NONE) continue;
    distance.fill(Number.POSITIVE_INFINITY);
    for (let column = 0; column < columns; column++) order[column] = column;
    let reached = 0;
    let row = start;
    let length = 0;
    let end = NONE;
    while (end === NONE) {
      // Relax from `row`, and find the nearest column that is not reached yet; the lower position in `order` at a tie.
      const first = row * columns;
      const base = length - rowDual[row]!;
      let nearest = reached;
      let nearestDistance = Number.POSITIVE_INFINITY;
      for (let i = reached; i < columns; i++) {
        const column = order[i]!;
        const through = base + costs[first + column]! - columnDual[column]!;
        if (through < distance[column]!) {
          distance[column] = through;
          previousRow[column] = row;
        }
        if (distance[column]! < nearestDistance) {
          nearestDistance = distance[column]!;
          nearest = i;
        }
      }
      length = nearestDistance;
      const column = order[nearest]!;
      order[nearest] = order[reached]!;
      order[reached++] = column;
      if (rowOfColumn[column] === NONE) end = column;
      else row = rowOfColumn[column]!;
    }
    rowDual[start]! += length;
    for (let i = 0; i < reached; i++) {
      const column = order[i]!;
      const slack = length - distance[column]!;
      columnDual[column]! -= slack;
      const holder = rowOfColumn[column]!;
      if (holder !== NONE) rowDual[holder]! += slack;
    }
    for (let column = end; ; ) {
      const holder = previousRow[column]!;
      const freed = columnOfRow[holder]!;
      rowOfColumn[column] = holder;
      columnOfRow[holder] = column;
      if (holder === start) break;
      column = freed;
    }
  }
  return columnOfRow;
}
