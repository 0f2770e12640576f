import { expect, test } from "vitest";
import { buildLaneGraph, poseAt } from "./lane-graph.ts";
import { findChains, shortWays, visitStretch } from "./lane-graph-chains.ts";
import type { LaneGraph } from "./leg-graph.ts";
import { NONE } from "./leg-graph.ts";
import type { Lane, Site } from "./site.ts";

/** Lanes whose `line` is "x,y x,y …" in metres. */
function siteOf(...lanes: (Partial<Lane> & { id: string; line: string })[]): Site {
  return {
    id: "test",
    frame: { lat0: 0, lon0: 0, bearing: 0 },
    lanes: lanes.map(({ line, ...lane }) => ({
      points: line.split(" ").map((point) => {
        const [x, y] = point.split(",").map(Number);
        return { x: x!, y: y! };
      }),
      speedLimitMps: 5,
      widthM: 4,
      twoWay: false,
      modes: ["igv"],
      gradient: 0,
      holding: true,
      ...lane,
    })),
    stations: [],
    surfaces: [],
    border: [],
  };
}

const laneOf = (lanes: LaneGraph, id: string): number => lanes.laneId.indexOf(id);

test("lane ends within 0.25 m are one node, further ones are not", () => {
  const lanes = buildLaneGraph(
    siteOf(
      {
        id: "a",
        line: "0,0 10,0",
      },
      {
        id: "b",
        line: "10.2,0.1 20,0",
      },
      {
        id: "c",
        line: "10,0.3 20,5",
      },
    ),
    ["igv"],
  );
  expect(lanes.toNode[0]).toBe(lanes.fromNode[1]);
  expect(lanes.toNode[0]).not.toBe(lanes.fromNode[2]);
  expect(lanes.nodeCount).toBe(5);
  const node = lanes.toNode[0]!;
  expect([...lanes.outLane.subarray(lanes.firstOut[node]!, lanes.firstOut[node + 1]!)]).toEqual([1]);
  expect([...lanes.inLane.subarray(lanes.firstIn[node]!, lanes.firstIn[node + 1]!)]).toEqual([0]);
});

test("a two-way lane is two directed lanes, opposite to each other, with opposite gradients", () => {
  const lanes = buildLaneGraph(
    siteOf(
      {
        id: "strip",
        line: "0,0 3,4 3,14",
        twoWay: true,
        gradient: 0.02,
      },
      {
        id: "foot",
        line: "0,0 0,9",
        modes: ["pedestrian"],
      },
    ),
    ["igv"],
  );
  expect(lanes.laneId).toEqual(["strip", "strip~"]);
  expect([...lanes.opposite]).toEqual([1, 0]);
  expect([...lanes.reversed]).toEqual([0, 1]);
  expect([...lanes.lengthM]).toEqual([15, 15]);
  expect([...lanes.gradient]).toEqual([0.02, -0.02]);
  expect([...lanes.pointsXY[1]!]).toEqual([3, 14, 3, 4, 0, 0]);
  expect(lanes.fromNode[0]).toBe(lanes.toNode[1]);
});

test("a pose lies on the line, with its tangent, and stays on it beyond the ends", () => {
  const lanes = buildLaneGraph(
    siteOf({
      id: "a",
      line: "0,0 3,4 3,4 3,14",
    }),
    ["igv"],
  );
  const out = new Float64Array(3);
  const at = (s: number): number[] => {
    poseAt(lanes, 0, s, out);
    return [...out].map((value) => Math.round(value * 1e9) / 1e9);
  };
  const slope = Math.round(Math.atan2(4, 3) * 1e9) / 1e9;
  const north = Math.round((Math.PI / 2) * 1e9) / 1e9;
  expect(at(2.5)).toEqual([1.5, 2, slope]);
  expect(at(5)).toEqual([3, 4, north]);
  expect(at(10)).toEqual([3, 9, north]);
  expect(at(-1)).toEqual([0, 0, slope]);
  expect(at(99)).toEqual([3, 14, north]);
});

test("a lane without length or with a bad coordinate is refused by name", () => {
  expect(() =>
    buildLaneGraph(
      siteOf({
        id: "dot",
        line: "1,1 1,1",
      }),
      ["igv"],
    ),
  ).toThrow("lane dot: it has no length");
  expect(() =>
    buildLaneGraph(
      siteOf({
        id: "nan",
        line: "1,1 nan,1",
      }),
      ["igv"],
    ),
  ).toThrow("lane nan: a coordinate is not a finite number");
});

test("a vehicle drives on only where the heading goes on, and never back on its own strip", () => {
  const lanes = buildLaneGraph(
    siteOf(
      {
        id: "a",
        line: "0,0 10,0",
        twoWay: true,
      },
      {
        id: "on",
        line: "10,0 20,1",
        twoWay: true,
      },
      {
        id: "corner",
        line: "10,0 10,10",
      },
    ),
    ["igv"],
  );
  const { next, previous, chains } = findChains(lanes);
  const ids = (list: readonly number[]): string[] => list.map((lane) => lanes.laneId[lane]!);
  expect(ids(next[laneOf(lanes, "a")]!)).toEqual(["on"]);
  expect(ids(previous[laneOf(lanes, "a~")]!)).toEqual(["on~"]);
  expect(ids(next[laneOf(lanes, "on")]!)).toEqual([]);
  expect(chains.map((chain) => ids(chain.lanes))).toEqual([["a", "on"], ["on~", "a~"], ["corner"]]);
});

test("chains end where lanes branch; stretches and ways go on over all branches", () => {
  const lanes = buildLaneGraph(
    siteOf(
      {
        id: "a",
        line: "0,0 10,0",
      },
      {
        id: "b",
        line: "10,0 14,0",
      },
      {
        id: "left",
        line: "14,0 24,3",
      },
      {
        id: "right",
        line: "14,0 24,-3",
      },
    ),
    ["igv"],
  );
  const chains = findChains(lanes);
  const name = (chain: number): string => chains.chains[chain]!.lanes.map((lane) => lanes.laneId[lane]).join("+");
  expect(chains.chains.map((_, chain) => name(chain))).toEqual(["a+b", "left", "right"]);
  expect(chains.offsetM[laneOf(lanes, "b")]).toBe(10);
  const visited: string[] = [];
  const log = (chain: number, from: number, to: number): number => visited.push(`${name(chain)} ${from}..${to}`);
  visitStretch(chains, 0, 12, 15, log);
  visitStretch(chains, 1, -3, 1, log);
  visitStretch(chains, 1, -3, -1, log);
  expect(visited).toEqual(["a+b 12..14", "left 0..1", "right 0..1", "left 0..1", "a+b 11..14", "a+b 11..13"]);
  expect([...shortWays(chains, 5)[0]!.keys()].map(name)).toEqual(["left", "right"]);
});

test("a loop without branches is one closed chain", () => {
  const angles = Array.from({ length: 25 }, (_, k) => (2 * Math.PI * k) / 24);
  const ring = angles.map((angle) => `${20 * Math.cos(angle)},${20 * Math.sin(angle)}`);
  const [half, rest] = [ring.slice(0, 13).join(" "), ring.slice(12).join(" ")];
  const lanes = buildLaneGraph(siteOf({ id: "half", line: half }, { id: "rest", line: rest }), ["igv"]);
  const { chains } = findChains(lanes);
  expect(chains).toHaveLength(1);
  expect(chains[0]!.closed).toBe(true);
  expect(lanes.opposite[0]).toBe(NONE);
});
