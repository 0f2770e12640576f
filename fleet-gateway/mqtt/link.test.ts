/** The link to vehicles over a real broker: what goes through, and that what must not go through changes nothing. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type EmbeddedBroker, startBroker } from "../broker/start-broker.ts";
import { corridor, order, state } from "../vda5050/fixtures.ts";
import type { Vda5050State } from "../vda5050/messages.ts";
import { clientOptions, Happenings, JumpingVehicle, rawClient, type TestLink, testLink } from "./fixtures.ts";
import type { LinkReport } from "./fleet-dialog.ts";
import { createMqttVehicleLink } from "./link.ts";
import { isTopicPart, parseTopic } from "./topics.ts";
import { connectVehicle, type VehicleClient } from "./vehicle-client.ts";

const linkOptions = { url: "mqtt://127.0.0.1:1", mapId: "site", lanes: corridor, onReport: () => {} };

let embedded: EmbeddedBroker;
let serials = 0;
const open: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  embedded = await startBroker();
});
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});
afterAll(() => embedded.stop());

/** A serial number that no other test uses: the broker keeps connection messages. */
function newSerial(): string {
  return `V${++serials}`;
}

async function linked(serial: string, changes: Parameters<typeof testLink>[2] = {}): Promise<TestLink> {
  const made = testLink(embedded.url, [serial], changes);
  open.push(made.link);
  await made.link.ready;
  return made;
}

async function vehicle(serial: string): Promise<{ controller: JumpingVehicle; client: VehicleClient }> {
  const controller = new JumpingVehicle(serial);
  const client = connectVehicle(clientOptions(embedded.url, serial, controller));
  open.push(client);
  await client.ready;
  return { controller, client };
}

async function hand() {
  const client = await rawClient(embedded.url);
  open.push({ close: () => client.endAsync() });
  return client;
}

const topic = (serial: string, kind: string): string => `uagv/v2/kalong/${serial}/${kind}`;
const saidBy = (serial: string, changes: Partial<Vda5050State> = {}): Vda5050State => ({
  ...state(changes),
  serialNumber: serial,
});

describe("a vehicle and fleet control", () => {
  test("find each other, exchange factsheet and state, and drive an order with its update", async () => {
    const serial = newSerial();
    const factsheets = new Happenings<string>();
    const { link, seen } = await linked(serial, { onFactsheet: (name) => factsheets.add(name) });
    const { controller, client } = await vehicle(serial);
    await seen.when((event) => "connection" in event && event.connection === "ONLINE");
    await seen.when((event) => "state" in event);
    expect(await factsheets.when(() => true)).toBe(serial);

    link.sendOrder({ ...order("o1", 0, [0, 1, 5]), vehicle: serial });
    await seen.when((event) => "state" in event && event.state.orderId === "o1");
    link.sendOrder({ ...order("o1", 1, [1, 3, 5]), vehicle: serial });
    await seen.when((event) => "state" in event && event.state.orderUpdateId === 1);
    controller.arrive();
    client.publishState();
    const arrived = await seen.when((event) => "state" in event && event.state.lastNodeId === "n3");
    expect(arrived).toMatchObject({ state: { vehicle: serial, lane: "bend", s: 40, nodeSequenceIds: [8, 10] } });

    // A slow machine may see a message twice: it is sent again when the answer takes its time.
    const types = new Set(controller.actions.map((action) => action.actionType));
    expect([...types].sort()).toEqual(["factsheetRequest", "stateRequest"]);
    expect([...new Set(controller.orders.map((each) => each.orderUpdateId))]).toEqual([0, 1]);
    expect([...link.counts.keys()].filter((code) => code !== "broker-connected")).toEqual([]);
  });

  test("the last will tells a broken connection; OFFLINE a clean end; both are kept for who comes later", async () => {
    const serial = newSerial();
    const { seen } = await linked(serial);
    const first = await vehicle(serial);
    await seen.when((event) => "connection" in event && event.connection === "ONLINE");
    first.client.breakConnection();
    await seen.when((event) => "connection" in event && event.connection === "CONNECTIONBROKEN");

    const second = await vehicle(serial);
    await seen.when(
      (event) =>
        "connection" in event && seen.all.filter((e) => "connection" in e && e.connection === "ONLINE").length === 2,
    );
    await second.client.close();
    await seen.when((event) => "connection" in event && event.connection === "OFFLINE");
    const later = await linked(serial);
    await later.seen.when((event) => "connection" in event && event.connection === "OFFLINE");
  });

  test("a lost order message is sent again, unchanged, until the vehicle shows it", async () => {
    const serial = newSerial();
    const { link } = await linked(serial);
    const raw = await hand();
    const orders = new Happenings<Record<string, unknown>>();
    raw.on("message", (_, payload) => orders.add(JSON.parse(payload.toString())));
    await raw.subscribeAsync(topic(serial, "order"));
    const connection = { ...header(serial), connectionState: "ONLINE" };
    await raw.publishAsync(topic(serial, "connection"), JSON.stringify(connection), { qos: 1 });
    raw.publish(topic(serial, "state"), JSON.stringify(saidBy(serial)));
    link.sendOrder({ ...order("o1", 0, [0, 1, 5]), vehicle: serial });
    await orders.when(() => orders.all.length >= 3);
    const contents = orders.all.map(({ headerId: _, timestamp: __, ...content }) => JSON.stringify(content));
    expect(new Set(contents).size).toBe(1);
    expect(orders.all.slice(0, 3).map(({ headerId }) => headerId)).toEqual([0, 1, 2]);
  });

  test("both find their way back to a broker that was restarted, and an order from meanwhile arrives", async () => {
    const broker = await startBroker();
    const { link, seen, reported } = testLink(broker.url, ["R1"]);
    await link.ready;
    const controller = new JumpingVehicle("R1");
    const client = connectVehicle(clientOptions(broker.url, "R1", controller));
    await client.ready;
    await seen.when((event) => "state" in event);
    await broker.stop();
    expect(await reported("broker-lost")).toMatchObject({ vehicle: null });
    link.sendOrder({ ...order("o1", 0, [0, 1, 5]), vehicle: "R1" });
    const again = await startBroker(broker.port);
    await seen.when((event) => "state" in event && event.state.orderId === "o1");
    expect(new Set(controller.orders.map((each) => JSON.stringify(each))).size).toBe(1);
    await client.close();
    await link.close();
    await again.stop();
  }, 15_000);

  test("version and key of a vehicle's dialect are used towards it", async () => {
    const serial = newSerial();
    const raw = await hand();
    const actions = new Happenings<Record<string, unknown>>();
    raw.on("message", (_, payload) => actions.add(JSON.parse(payload.toString())));
    await raw.subscribeAsync(topic(serial, "instantActions"));
    const dialect = { version: "2.0.0", instantActionsKey: "instantActions" } as const;
    await linked(serial, { vehicles: [{ vehicle: "old", manufacturer: "kalong", serialNumber: serial, dialect }] });
    raw.publish(topic(serial, "connection"), JSON.stringify({ ...header(serial), connectionState: "ONLINE" }));
    const message = await actions.when(() => true);
    expect(message).toMatchObject({ version: "2.0.0", instantActions: [{ actionType: "factsheetRequest" }] });
    expect(message).not.toHaveProperty("actions");
  });
});

function header(serialNumber: string) {
  return { headerId: 0, timestamp: new Date().toISOString(), version: "2.1.0", manufacturer: "kalong", serialNumber };
}

describe("what changes nothing", () => {
  /** Sends one message, then a good state as a marker; only the marker may have been heard. */
  async function refusal(
    code: LinkReport["code"],
    send: (serial: string) => { on: string; payload: string | Buffer },
  ): Promise<LinkReport> {
    const serial = newSerial();
    const { link, seen } = await linked(serial);
    const raw = await hand();
    const { on, payload } = send(serial);
    raw.publish(on, payload);
    const event = await seen.when((each) => "report" in each && each.report.code === code && each.report.topic === on);
    const { report } = event as { report: LinkReport };
    raw.publish(topic(serial, "state"), JSON.stringify(saidBy(serial)));
    await seen.when((event) => "state" in event);
    expect(seen.all.filter((event) => "state" in event)).toHaveLength(1);
    expect(seen.all.filter((event) => "connection" in event)).toEqual([]);
    const others = seen.all.filter(
      (event) => "report" in event && event.report.code === code && event.report.topic !== on,
    );
    expect(link.counts.get(code)).toBe(1 + others.length);
    expect(report).toMatchObject({ code, topic: on });
    return report;
  }

  test.each([
    ["text that is no JSON", "{"],
    ["bytes that are no UTF-8", Buffer.from([0x22, 0xff, 0xfe, 0x22])],
    ["nothing at all", ""],
  ])("malformed: %s", async (_, payload) => {
    const report = await refusal("malformed", (serial) => ({ on: topic(serial, "state"), payload }));
    expect(report.vehicle).toMatch(/^V\d+$/);
    expect(report.reason).not.toBe("");
  });

  test("a message that breaks the standard's definition, with the place where", async () => {
    const report = await refusal("schema-violation", (serial) => ({
      on: topic(serial, "state"),
      payload: JSON.stringify({ ...saidBy(serial), batteryState: { batteryCharge: "full", charging: false } }),
    }));
    expect(report.reason).toContain("batteryState.batteryCharge");
  });

  test("a connection that is none", async () => {
    const broken = (serial: string) => ({ ...header(serial), connectionState: "GONE" });
    await refusal("schema-violation", (serial) => ({
      on: topic(serial, "connection"),
      payload: JSON.stringify(broken(serial)),
    }));
  });

  test("oversized", async () => {
    const report = await refusal("oversized", (serial) => ({
      on: topic(serial, "state"),
      payload: JSON.stringify({ ...saidBy(serial), padding: "x".repeat(300_000) }),
    }));
    expect(report.reason).toMatch(/^300\d+ bytes; at most 262144 are read$/);
  });

  test("a vehicle that is not in the fleet", async () => {
    const report = await refusal("unknown-vehicle", () => ({
      on: topic("stranger", "state"),
      payload: JSON.stringify(saidBy("stranger")),
    }));
    expect(report).toMatchObject({ vehicle: null, reason: "kalong/stranger is not in the fleet's list" });
  });

  test("a message that names another vehicle than its topic", async () => {
    await refusal("identity-mismatch", (serial) => ({
      on: topic(serial, "state"),
      payload: JSON.stringify(saidBy("V0")),
    }));
  });

  test("another major version", async () => {
    await refusal("version-mismatch", (serial) => ({
      on: topic(serial, "state"),
      payload: JSON.stringify({ ...saidBy(serial), version: "3.0.0" }),
    }));
  });

  test("stale: a state from before the last one", async () => {
    const serial = newSerial();
    const { seen, reported } = await linked(serial);
    const raw = await hand();
    const old = saidBy(serial, { driving: true });
    const now = saidBy(serial);
    for (const message of [now, old]) raw.publish(topic(serial, "state"), JSON.stringify(message));
    expect(await reported("stale-message")).toMatchObject({ vehicle: serial });
    expect(seen.all.filter((event) => "state" in event)).toMatchObject([{ state: { driving: false } }]);
  });

  test("a state that the broker had kept", async () => {
    const serial = newSerial();
    const raw = await hand();
    await raw.publishAsync(topic(serial, "state"), JSON.stringify(saidBy(serial)), { retain: true, qos: 1 });
    const { seen, reported } = await linked(serial);
    expect(await reported("retained-message")).toMatchObject({ vehicle: serial, topic: topic(serial, "state") });
    expect(seen.all.some((event) => "state" in event)).toBe(false);
    await raw.publishAsync(topic(serial, "state"), "", { retain: true, qos: 1 });
  });

  test("a kept order: the vehicle does not carry it out, and fleet control removes it", async () => {
    const serial = newSerial();
    const raw = await hand();
    const kept = JSON.stringify({ ...header(serial), orderId: "kept", orderUpdateId: 0, nodes: [], edges: [] });
    await raw.publishAsync(topic(serial, "order"), kept, { retain: true, qos: 1 });

    const reports = new Happenings<string>();
    const controller = new JumpingVehicle(serial);
    const client = connectVehicle({
      ...clientOptions(embedded.url, serial, controller),
      onReport: (code) => reports.add(code),
    });
    open.push(client);
    await reports.when((code) => code === "retained-message");
    expect(controller.orders).toEqual([]);

    const removed = new Happenings<number>();
    raw.on("message", (_, payload) => removed.add(payload.byteLength));
    await raw.subscribeAsync(topic(serial, "order"));
    const { reported } = await linked(serial);
    expect(await reported("retained-message")).toMatchObject({ vehicle: serial, topic: topic(serial, "order") });
    await removed.when((bytes) => bytes === 0);
    // The broker hands out what it keeps before what is sent after the subscription: the marker must come first.
    const later = await hand();
    const orders = new Happenings<string>();
    later.on("message", (_, payload) => orders.add(payload.toString()));
    await later.subscribeAsync(topic(serial, "order"));
    later.publish(topic(serial, "order"), "marker");
    expect(await orders.when(() => true)).toBe("marker");
  });

  test("an order from another fleet control is reported; our own, handed back by the broker, is not", async () => {
    const serial = newSerial();
    const { link, seen, reported } = await linked(serial);
    await vehicle(serial);
    await seen.when((event) => "state" in event);
    link.sendOrder({ ...order("o1", 0, [0, 1, 5]), vehicle: serial });
    await seen.when((event) => "state" in event && event.state.orderId === "o1");
    expect(link.counts.get("foreign-order")).toBeUndefined();
    const raw = await hand();
    raw.publish(topic(serial, "instantActions"), JSON.stringify({ ...header(serial), actions: [] }));
    expect(await reported("foreign-order")).toMatchObject({ vehicle: serial });
  });

  test("an order for a vehicle that is not in the fleet, and one that breaks the definition, are not sent", async () => {
    const serial = newSerial();
    const { link, seen, reported } = await linked(serial);
    link.sendOrder(order("o1", 0, [0, 1, 5]));
    await seen.when(
      (event) => "report" in event && event.report.code === "unknown-vehicle" && event.report.vehicle === "V01",
    );
    const raw = await hand();
    raw.publish(topic(serial, "connection"), JSON.stringify({ ...header(serial), connectionState: "ONLINE" }));
    raw.publish(topic(serial, "state"), JSON.stringify(saidBy(serial)));
    const broken = order("o2", 0, [0, 1, 5]);
    const nodes = broken.nodes.map((each) => ({ ...each, theta: 7 }));
    link.sendOrder({ ...broken, nodes, vehicle: serial });
    expect(await reported("invalid-outbound")).toMatchObject({
      vehicle: serial,
      reason: expect.stringContaining("theta"),
    });
    expect(link.sent.get("order")).toBeUndefined();
  });
});

describe("what a vehicle refuses", () => {
  test.each([
    ["no JSON", () => "{", {}],
    [
      "a gap in its sequence ids",
      (serial: string) => brokenOrder(serial),
      { orderId: "o1", orderUpdateId: "0", topic: "order" },
    ],
  ])("an order with %s is an error in its state and does not reach the controller", async (_, payload, references) => {
    const serial = newSerial();
    const { controller } = await vehicle(serial);
    const raw = await hand();
    const states = new Happenings<Vda5050State>();
    raw.on("message", (__, message) => states.add(JSON.parse(message.toString()) as Vda5050State));
    await raw.subscribeAsync(topic(serial, "state"));
    raw.publish(topic(serial, "order"), payload(serial));
    const said = await states.when((each) => each.errors.length > 0);
    const named = Object.fromEntries(
      (said.errors[0]!.errorReferences ?? []).map((each) => [each.referenceKey, each.referenceValue]),
    );
    expect(said.errors[0]!.errorType).toBe("validationError");
    expect(named).toMatchObject(references);
    expect(controller.orders).toEqual([]);
  });
});

function brokenOrder(serial: string): string {
  const node = (nodeId: string, sequenceId: number) => ({ nodeId, sequenceId, released: true, actions: [] });
  const edge = { edgeId: "west:0-50", sequenceId: 1, released: true, startNodeId: "a", endNodeId: "b", actions: [] };
  return JSON.stringify({
    ...header(serial),
    orderId: "o1",
    orderUpdateId: 0,
    nodes: [node("a", 0), node("b", 6)],
    edges: [edge],
  });
}

test("topics and their parts", () => {
  expect(parseTopic("uagv/v2/kalong/V01/state")).toEqual({
    identity: { manufacturer: "kalong", serialNumber: "V01" },
    topic: "state",
  });
  for (const name of ["uagv/v1/kalong/V01/state", "uagv/v2/kalong/V01/toString", "uagv/v2/kalong/state", "x"]) {
    expect(parseTopic(name)).toBeNull();
  }
  expect(["V-01_a.b:2", "V/1", "V+", "V#", "$V", "", "xe đầu kéo"].map(isTopicPart)).toEqual([
    true,
    false,
    false,
    false,
    false,
    false,
    false,
  ]);
  const link = (serialNumber: string, second = "V02") =>
    createMqttVehicleLink({
      ...linkOptions,
      vehicles: [serialNumber, second].map((each) => ({ vehicle: each, manufacturer: "k", serialNumber: each })),
    });
  expect(() => link("V/1")).toThrow(/vehicle V\/1: "V\/1" may not be in a topic/);
  expect(() => link("V02")).toThrow(/listed twice/);
});
