import { expect, test } from "vitest";
import { NONE, type Wait } from "../planner/index.ts";
import { Bench } from "./fixtures.ts";
import { resourceName } from "./grant-legs.ts";

test("a wait names its resource by what two vehicles meet over: an area, a stand or a station with the same number", () => {
  const { engine } = new Bench();
  const { graph, site } = engine.options;
  const name = (kind: Wait["kind"], resource = 1): string => resourceName(engine, { vehicle: 0, kind, resource });
  expect((["area", "follow"] as const).map((kind) => name(kind))).toEqual([graph.areas[1]!.name, graph.areas[1]!.name]);
  const stand = graph.stands[1]!.id;
  expect((["lane", "room", "place"] as const).map((kind) => name(kind))).toEqual([stand, stand, stand]);
  expect((["server", "blocked"] as const).map((kind) => name(kind))).toEqual([
    site.stations[1]!.id,
    site.stations[1]!.id,
  ]);
  expect((["route", "blocked", "lane"] as const).map((kind) => name(kind, NONE))).toEqual(["", "", ""]);
});
