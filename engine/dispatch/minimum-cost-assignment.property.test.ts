import fc from "fast-check";
import { linearSumAssignment } from "linear-sum-assignment";
import { describe, expect, test } from "vitest";
import { minimumCostAssignment } from "./minimum-cost-assignment.ts";

const SEED = 20_261_122;

/** Most pairs first, then least cost, by trying everything. */
function exhaustive(costs: Float64Array, rows: number, columns: number): { pairs: number; cost: number } {
  const used = new Array<boolean>(columns).fill(false);
  const go = (row: number): { pairs: number; cost: number } => {
    if (row === rows) return { pairs: 0, cost: 0 };
    let best = go(row + 1);
    for (let column = 0; column < columns; column++) {
      const cost = costs[row * columns + column]!;
      if (used[column] || cost === Number.POSITIVE_INFINITY) continue;
      used[column] = true;
      const rest = go(row + 1);
      used[column] = false;
      const found = { pairs: rest.pairs + 1, cost: rest.cost + cost };
      if (found.pairs > best.pairs || (found.pairs === best.pairs && found.cost < best.cost)) best = found;
    }
    return best;
  };
  return go(0);
}

/** Judges an answer by itself: each column at most once, no forbidden pair; its size and cost. */
function judge(columnOfRow: Int32Array, costs: Float64Array, columns: number) {
  const seen = new Set<number>();
  let cost = 0;
  columnOfRow.forEach((column, row) => {
    if (column === -1) return;
    expect(seen.has(column)).toBe(false);
    seen.add(column);
    cost += costs[row * columns + column]!;
  });
  return { pairs: seen.size, cost };
}

// Few values: many ties. Wide values: negative and large ones. Half of the entries forbidden in the sparse kind.
const entry = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: -3, max: 3 }) },
  { weight: 4, arbitrary: fc.integer({ min: -1_000_000_000, max: 10_000_000 }) },
  { weight: 3, arbitrary: fc.constant(Number.POSITIVE_INFINITY) },
);
const matrix = fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 6 })).chain(([rows, columns]) =>
  fc.array(entry, { minLength: rows * columns, maxLength: rows * columns }).map((cells) => ({
    rows,
    columns,
    costs: Float64Array.from(cells),
  })),
);

describe("minimum-cost assignment", () => {
  test("is the optimum that trying everything finds, with ties, forbidden pairs and any shape", () => {
    let forbidden = 0;
    fc.assert(
      fc.property(matrix, ({ rows, columns, costs }) => {
        const answer = minimumCostAssignment(costs, rows, columns);
        expect(judge(answer, costs, columns)).toEqual(exhaustive(costs, rows, columns));
        expect(minimumCostAssignment(costs.slice(), rows, columns)).toEqual(answer);
        if (costs.includes(Number.POSITIVE_INFINITY)) forbidden++;
      }),
      { seed: SEED, numRuns: 1500 },
    );
    expect(forbidden).toBeGreaterThan(500);
  });

  test("costs what the package linear-sum-assignment's answer costs, up to 40 x 90", () => {
    const full = fc
      .tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 90 }), fc.constantFrom(3, 50, 1_000_000))
      .chain(([rows, columns, most]) =>
        fc
          .array(fc.integer({ min: 0, max: most }), { minLength: rows * columns, maxLength: rows * columns })
          .map((cells) => ({ rows, columns, costs: Float64Array.from(cells) })),
      );
    fc.assert(
      fc.property(full, ({ rows, columns, costs }) => {
        const lines = Array.from({ length: rows }, (_, row) => costs.slice(row * columns, (row + 1) * columns));
        const { gain } = linearSumAssignment(lines, { maximaze: false });
        const answer = judge(minimumCostAssignment(costs, rows, columns), costs, columns);
        expect(answer).toEqual({ pairs: Math.min(rows, columns), cost: gain });
      }),
      { seed: SEED, numRuns: 60, endOnFailure: true },
    );
  });

  test("fills what can be filled when everything else is forbidden", () => {
    const X = Number.POSITIVE_INFINITY;
    expect([...minimumCostAssignment(Float64Array.of(X, X, X, X), 2, 2)]).toEqual([-1, -1]);
    expect([...minimumCostAssignment(Float64Array.of(1, 5, X, 2, X, X), 2, 3)]).toEqual([1, 0]);
    expect([...minimumCostAssignment(new Float64Array(0), 0, 3)]).toEqual([]);
  });

  test("refuses costs that are not integers", () => {
    expect(() => minimumCostAssignment(Float64Array.of(0.5), 1, 1)).toThrow("integer");
    expect(() => minimumCostAssignment(Float64Array.of(Number.NaN), 1, 1)).toThrow("integer");
  });
});
