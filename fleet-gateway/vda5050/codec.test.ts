import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { OrderAction, VehicleState } from "../../engine/index.ts";
import { corridor, geometry, order, progress, state } from "./fixtures.ts";
import { parseMessage } from "./messages.ts";
import { decodeInstantActions, decodeOrder, encodeInstantAction, encodeOrder, parseEdgeId } from "./order-codec.ts";
import { beginPath, extendPath, matchOnPath, trimPath } from "./order-path.ts";
import { decodeState, encodeState } from "./state-codec.ts";

const options = { mapId: "site", geometry, allowedDeviationM: 1, defaultUncertaintyM: 0.5 };
const header = {
  headerId: 0,
  timestamp: "2026-01-01T00:00:00.000Z",
  version: "2.1.0",
  manufacturer: "kalong",
  serialNumber: "V01",
};

const pick: OrderAction = {
  actionId: "a1",
  actionType: "pick",
  blockingType: "HARD",
  parameters: { container: "TCLU1234567" },
};
const service: OrderAction = {
  actionId: "a2",
  actionType: "service",
  blockingType: "HARD",
  parameters: { station: "gate-vn", container: "TCLU1234567" },
};

describe("orders", () => {
  test("survive the way to the vehicle unchanged, and the message is valid", () => {
    const message = order("o1", 0, [0, 2, 5], { 1: [pick], 2: [service] });
    const body = encodeOrder(message, options);
    expect(parseMessage("order", JSON.parse(JSON.stringify({ ...header, ...body }))).ok).toBe(true);
    expect(decodeOrder("V01", JSON.parse(JSON.stringify(body)))).toEqual({ ok: true, value: message });
  });

  test("survive with any metres on any lane", () => {
    const lane = fc.constantFrom(...corridor.laneId, "odd:name-1@2", "W1~");
    const metres = fc.double({ min: 0, max: 3000, noNaN: true }).map((m) => Math.round(m * 1e4) / 1e4);
    fc.assert(
      fc.property(
        fc.array(fc.record({ lane, a: metres, b: metres, speed: metres }), { minLength: 1, maxLength: 6 }),
        (parts) => {
          const message = order("o1", 3, [0, 0, 0]);
          const nodes = [message.nodes[0]!];
          const edges = parts.map((part, i) => {
            const [fromM, toM] = part.a < part.b ? [part.a, part.b] : [part.b, part.a];
            nodes.push({ ...message.nodes[0]!, nodeId: `p${i}`, sequenceId: 2 * i + 2, lane: part.lane, s: toM });
            const edgeId = `${part.lane}:${fromM}-${toM}`;
            return {
              edgeId,
              sequenceId: 2 * i + 1,
              released: true,
              lane: part.lane,
              fromM,
              toM,
              maxSpeedMps: part.speed,
            };
          });
          const generated = { ...message, nodes, edges };
          const wire: unknown = JSON.parse(JSON.stringify({ ...header, ...encodeOrder(generated, options) }));
          const parsed = parseMessage("order", wire);
          expect(parsed.ok && decodeOrder("V01", parsed.message)).toEqual({ ok: true, value: generated });
        },
      ),
    );
  });

  test("parameters have the standard's names on the wire", () => {
    const body = encodeOrder(order("o1", 0, [0, 1, 1], { 1: [pick, service] }), options);
    expect(body.nodes[1]!.actions[0]!.actionParameters).toEqual([{ key: "loadId", value: "TCLU1234567" }]);
    expect(body.nodes[1]!.actions[1]!.actionParameters).toEqual([
      { key: "stationName", value: "gate-vn" },
      { key: "loadId", value: "TCLU1234567" },
    ]);
  });

  test("every node has a heading, every edge a tangential one; a bend carries its line as a trajectory", () => {
    const body = encodeOrder(order("o1", 0, [0, 3, 5]), options);
    expect(body.nodes.every((node) => node.nodePosition?.theta !== undefined)).toBe(true);
    expect(body.edges.every((edge) => edge.orientationType === "TANGENTIAL" && edge.rotationAllowed === false)).toBe(
      true,
    );
    expect(body.edges.map((edge) => edge.trajectory)).toEqual([
      undefined,
      undefined,
      {
        degree: 1,
        knotVector: [0, 0, 0.5, 1, 1],
        controlPoints: [
          { x: 100, y: 0 },
          { x: 120, y: 0 },
          { x: 120, y: 20 },
        ],
      },
      undefined,
      undefined,
    ]);
  });

  test("the first node of a new order is widened to reach the vehicle; that of an update is not", () => {
    expect(encodeOrder(order("o1", 0, [0, 1, 1]), options, 3).nodes[0]!.nodePosition!.allowedDeviationXY).toBe(4);
    expect(encodeOrder(order("o1", 1, [0, 1, 1]), options, 3).nodes[0]!.nodePosition!.allowedDeviationXY).toBe(1);
  });

  test("a vehicle refuses ground and actions that it cannot read, with the reason", () => {
    const body = encodeOrder(order("o1", 0, [0, 1, 1]), options);
    const strange = { ...body, edges: [{ ...body.edges[0]!, edgeId: "E7" }] };
    expect(decodeOrder("V01", strange)).toEqual({ ok: false, reason: "edge E7 does not name a lane and its metres" });
    const dance = { actionType: "dance", actionId: "a", blockingType: "NONE" as const };
    const dancing = { ...body, nodes: [body.nodes[0]!, { ...body.nodes[1]!, actions: [dance] }] };
    expect(decodeOrder("V01", dancing)).toEqual({ ok: false, reason: "action type dance is not known" });
  });

  test("edge ids that are none of ours", () => {
    expect(["", "a", "a:1", "a:1-", ":1-2", "a:1-2x"].map(parseEdgeId)).toEqual([null, null, null, null, null, null]);
  });
});

test("instant actions survive the way to the vehicle", () => {
  const action = { vehicle: "V01", actionId: "i1", actionType: "cancelOrder", parameters: { orderId: "o1" } } as const;
  const body = encodeInstantAction(action);
  expect(parseMessage("instantActions", { ...header, ...body }).ok).toBe(true);
  expect(decodeInstantActions("V01", body)).toEqual([{ ok: true, value: action }]);
});

describe("states", () => {
  const path = beginPath(order("o1", 0, [0, 2, 5]));

  test("survive the way to fleet control", () => {
    const said: VehicleState = {
      vehicle: "V01",
      orderId: "o1",
      orderUpdateId: 0,
      lastNodeId: "n1",
      lastNodeSequenceId: 2,
      nodeSequenceIds: [4, 6, 8, 10],
      x: 61.25,
      y: 0,
      theta: 0,
      v: 3.5,
      lane: "west",
      s: 61.25,
      uncertaintyM: 0.2,
      driving: true,
      paused: false,
      operatingMode: "AUTOMATIC",
      soc: 0.5,
      charging: false,
      loads: ["TCLU1234567"],
      actionStates: [{ actionId: "a1", actionStatus: "PAUSED" }],
      errors: [{ errorType: "lowBattery", errorLevel: "WARNING", errorDescription: "5 %" }],
      eStop: "NONE",
      fieldViolation: false,
    };
    const body = encodeState(said, path, "site", false);
    const parsed = parseMessage("state", JSON.parse(JSON.stringify({ ...header, ...body })));
    expect(parsed.ok && decodeState("V01", parsed.message, path, options)?.state).toEqual(said);
    expect(body.nodeStates.map((node) => node.nodeId)).toEqual(["n2", "n3", "n4", "n5"]);
    expect(body.edgeStates.map((edge) => edge.sequenceId)).toEqual([3, 5, 7, 9]);
  });

  test("lane and metres come from the order's own path, however near another lane is", () => {
    const message = order("o1", 0, [0, 2, 5]);
    const beside = {
      ...progress(message, 1),
      agvPosition: { x: 70, y: 3.9, theta: Math.PI, mapId: "site", positionInitialized: true },
    };
    const decoded = decodeState("V01", state(beside), path, options)!;
    expect([decoded.state.lane, decoded.state.s]).toEqual(["west", 70]);
    expect(decoded.offPathM).toBeCloseTo(3.9);
    const withoutOrder = decodeState("V01", state({ agvPosition: beside.agvPosition }), null, options)!;
    expect([withoutOrder.state.lane, withoutOrder.state.s]).toEqual(["back", 30]);
  });

  test("a vehicle that has not reached the node that it names is still on the edge before it", () => {
    const at = (x: number, y: number) => matchOnPath(path, 4, x, y, geometry);
    expect(at(99.5, 0)).toMatchObject({ lane: "west", s: 99.5 });
    expect(at(100.5, 0)).toMatchObject({ lane: "bend", s: 0.5 });
    // At the very joint the edge ahead counts only once it is released: here the base ends.
    expect(at(100, 0)).toMatchObject({ lane: "west", s: 100 });
  });

  test("nodes that are far ahead do not draw the position, even where the way comes back", () => {
    expect(matchOnPath(path, 2, 120, 40, geometry)).toMatchObject({ lane: "west", s: 100 });
  });

  test("without a position the last node and the distance since tell it", () => {
    const message = order("o1", 0, [0, 3, 5]);
    const { agvPosition: _, ...blind } = { ...state(progress(message, 2)), distanceSinceLastNode: 30 };
    const decoded = decodeState("V01", blind, beginPath(message), options)!;
    expect(decoded.state).toMatchObject({ x: 120, y: 10, lane: "bend", s: 30 });
    expect(decodeState("V01", blind, null, options)).toBeNull();
  });

  test("a position on another map, or one that is not initialised, clears nothing", () => {
    const position = { x: 5, y: 0, theta: 0, mapId: "elsewhere", positionInitialized: true };
    expect(decodeState("V01", state({ agvPosition: position }), null, options)).toBeNull();
    const lost = state({ agvPosition: { ...position, mapId: "site", positionInitialized: false } });
    expect(decodeState("V01", lost, null, options)!.state.uncertaintyM).toBeGreaterThan(1e5);
    const poor = state({ agvPosition: { ...position, mapId: "site", localizationScore: 0.25 } });
    expect(decodeState("V01", poor, null, options)!.state.uncertaintyM).toBe(2);
  });

  test("a path forgets what is behind, never what is ahead, and takes updates at its base's end", () => {
    const grown = beginPath(order("o1", 0, [0, 2, 3]));
    extendPath(grown, order("o1", 1, [2, 4, 5]));
    expect(grown.nodes.map((node) => [node.sequenceId, node.released])).toEqual([
      [0, true],
      [2, true],
      [4, true],
      [6, true],
      [8, true],
      [10, false],
    ]);
    trimPath(grown, 6);
    expect(grown.nodes.map((node) => node.sequenceId)).toEqual([4, 6, 8, 10]);
    expect(grown.edges.map((edge) => edge.sequenceId)).toEqual([5, 7, 9]);
  });
});
