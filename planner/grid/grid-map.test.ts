import { describe, expect, test } from "vitest";
import { prng } from "../prng.ts";
import { DistanceTables, UNREACHABLE } from "./distance-tables.ts";
import { GridFileError, type GridMap, gridOf, parseMap } from "./grid-map.ts";

const small = "type octile\nheight 2\nwidth 3\nmap\n.@.\n.G.\n";

describe("parseMap", () => {
  test("reads cells, and neighbours in both ways", () => {
    const map = parseMap(small, "small.map");
    expect([map.width, map.height, map.vertexCount]).toEqual([3, 2, 5]);
    expect(map.vertexOf[1]).toBe(-1);
    for (let vertex = 0; vertex < map.vertexCount; vertex++) {
      expect(map.vertexOf[map.cellOf[vertex]!]).toBe(vertex);
      const steps = [1, map.width, -1, -map.width];
      for (let d = 0; d < 4; d++) {
        const next = map.neighbours[4 * vertex + d]!;
        if (next < 0) continue;
        expect(map.cellOf[next]! - map.cellOf[vertex]!).toBe(steps[d]);
        expect(map.neighbours[4 * next + ((d + 2) % 4)]).toBe(vertex);
      }
    }
    const corner = map.vertexOf[0]!;
    expect([...map.neighbours.subarray(4 * corner, 4 * corner + 4)]).toEqual([-1, map.vertexOf[3], -1, -1]);
  });

  const wrong: readonly (readonly [string, string, string])[] = [
    ["another type", small.replace("octile", "tile"), "m:1: "],
    ["no height", small.replace("height 2", "height two"), "m:2: "],
    ["no width", small.replace("width 3", "width"), "m:3: "],
    ["no map line", small.replace("map\n", "\n"), "m:4: "],
    ["a short row", small.replace(".@.", ".@"), "m:5: the map is not rectangular"],
    ["an unknown character", small.replace("G", "x"), 'm:6: found "x" in column 2'],
    ["a row too few", small.replace(".G.\n", ""), "m:5: the map ends after 1 rows"],
    ["a row too many", `${small}...\n`, "m:7: a row more"],
    ["a huge size", small.replace("height 2", "height 99999999"), "m:2: "],
    ["an empty file", "", "m:1: "],
  ];
  test.each(wrong)("%s is an error with its line", (_, text, message) => {
    const parse = (): GridMap => parseMap(text, "m");
    expect(parse).toThrow(GridFileError);
    expect(parse).toThrow(message);
  });
});

/** Plain breadth-first search, sharing nothing with the tables. */
function breadthFirst(map: GridMap, goal: number): Int32Array {
  const distances = new Int32Array(map.vertexCount).fill(UNREACHABLE);
  distances[goal] = 0;
  const queue = [goal];
  for (const vertex of queue) {
    for (const next of map.neighbours.subarray(4 * vertex, 4 * vertex + 4)) {
      if (next < 0 || distances[next] !== UNREACHABLE) continue;
      distances[next] = distances[vertex]! + 1;
      queue.push(next);
    }
  }
  return distances;
}

describe("DistanceTables", () => {
  test("every distance is that of a breadth-first search, in whatever order it is asked for", () => {
    for (let seed = 1; seed <= 60; seed++) {
      const random = prng(seed);
      const [width, height] = [2 + (random.nextUint32() % 14), 2 + (random.nextUint32() % 14)];
      const map = gridOf("random", width, height, () => random.nextFloat() < 0.7);
      if (map.vertexCount < 2) continue;
      const tables = new DistanceTables(map);
      for (let i = 0; i < 4; i++) {
        const goal = random.nextUint32() % map.vertexCount;
        const expected = breadthFirst(map, goal);
        for (let k = 0; k < 3 * map.vertexCount; k++) {
          const from = random.nextUint32() % map.vertexCount;
          expect(tables.distance(goal, from), `seed ${seed}, from ${from} to ${goal}`).toBe(expected[from]);
        }
      }
    }
  });

  test("a search stops at the vertex asked for", () => {
    const map = gridOf("open", 64, 64, () => true);
    const table = new DistanceTables(map).table(map.vertexOf[0]!, map.vertexOf[3]!);
    expect(table.distance(map.vertexOf[3]!)).toBe(3);
    expect(table.values.filter((value) => value !== 0).length).toBeLessThan(20);
  });

  test("a budget keeps the tables that were fetched last; an evicted one stays right", () => {
    const map = gridOf("open", 8, 8, () => true);
    const tables = new DistanceTables(map, { budgetBytes: 2 * 2 * 64 });
    const first = tables.table(0);
    const second = tables.table(1);
    expect(tables.table(0)).toBe(first);
    tables.table(2);
    expect(tables.count).toBe(2);
    expect(tables.table(0)).toBe(first);
    expect(tables.table(1)).not.toBe(second);
    expect(second.distance(63)).toBe(breadthFirst(map, 1)[63]);
  });

  test("a way too long for 16 bits is refused", () => {
    const width = 65_600;
    const map = gridOf("line", width, 1, () => true);
    const tables = new DistanceTables(map);
    expect(tables.distance(map.vertexOf[0]!, map.vertexOf[65_534]!)).toBe(65_534);
    expect(() => tables.distance(map.vertexOf[0]!, map.vertexOf[width - 1]!)).toThrow("more than 65534 moves");
  });
});
