import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SceneUpdate } from "@foxglove/schemas/jsonschema.js";
import zstd from "@foxglove/wasm-zstd";
import { McapIndexedReader, McapStreamReader } from "@mcap/core";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { toLocal } from "../../config/index.ts";
import type { Site, VehicleType } from "../../planner/index.ts";
import {
  createRunRecorder,
  type ReadMessage,
  RecordingError,
  readRecording,
  siteMessage,
  summaryJsonSchema,
  type Topic,
  topicJsonSchema,
  topicSchemas,
  type VehicleSample,
} from "../index.ts";
import { partPath } from "./parts.ts";

const site: Site = {
  id: "two-lanes",
  frame: { lat0: 21.5465, lon0: 107.998, bearing: 0.3 },
  lanes: [
    {
      id: "A",
      points: [
        { x: 0, y: 0 },
        { x: 0, y: 200 },
      ],
      speedLimitMps: 5,
      widthM: 3.75,
      twoWay: true,
      modes: ["igv"],
      gradient: 0,
      holding: true,
    },
  ],
  stations: [
    {
      id: "P",
      role: "parking",
      side: "vn",
      bays: [{ id: "P", x: 0, y: 200 }],
      service: null,
      resting: true,
      modes: ["igv"],
    },
  ],
  surfaces: [
    {
      id: "yard",
      kind: "yard",
      rings: [
        [
          { x: -10, y: -10 },
          { x: 1013.5, y: -1220.5 },
          { x: 10, y: 220 },
          { x: -10, y: -10 },
        ],
      ],
    },
  ],
  border: [
    { x: -10, y: 100 },
    { x: 10, y: 100 },
  ],
};

const vehicleType: VehicleType = {
  type: "igv",
  lengthM: 15,
  widthM: 3,
  frontOverhangM: 3.5,
  rearOverhangM: 3.5,
  wheelbaseM: 8,
  minTurningRadiusM: 8.5,
  marginM: 0.25,
  standstillGapM: 3,
  maxSpeedEmptyMps: 8.33,
  maxSpeedLadenMps: 6.94,
  accelerationEmptyMps2: 0.5,
  accelerationLadenMps2: 0.35,
  serviceDecelerationMps2: 1.5,
  emergencyDecelerationMps2: 2.5,
  reactionS: 1,
  massEmptyKg: 26_500,
  payloadMaxKg: 61_000,
  modes: ["igv"],
  battery: { capacityKwh: 350, reserveSoc: 0.2, fullSoc: 0.9, chargePowerKw: 240 },
  consumption: { kwhPerTonneKm: 0.045, auxiliaryKw: 5, kwhPerLadenStop: 0.25 },
};

const sample = (id: string, change: Partial<VehicleSample> = {}): VehicleSample => ({
  id,
  type: "igv",
  x: 0,
  y: 20,
  theta: Math.PI / 2,
  v: 0,
  a: 0,
  lane: "A",
  s: 20,
  laden: false,
  containers: [],
  soc: 0.8,
  state: "idle",
  node: "",
  order: "",
  waitingFor: [],
  ...change,
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kalong-recording-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

async function collect(path: string): Promise<ReadMessage[]> {
  const messages: ReadMessage[] = [];
  for await (const message of readRecording(path)) messages.push(message);
  return messages;
}

function metadataOf(path: string): { metadata: Map<string, string> }[] {
  const reader = new McapStreamReader({
    decompressHandlers: { zstd: (data, size) => zstd.decompress(data, Number(size)) },
  });
  reader.append(readFileSync(path));
  const found: { metadata: Map<string, string> }[] = [];
  for (let record = reader.nextRecord(); record !== undefined; record = reader.nextRecord()) {
    if (record.type === "Metadata") found.push(record);
  }
  return found;
}

/** A recording with a message on every topic. */
async function recordAll(path: string): Promise<void> {
  const recorder = createRunRecorder(path, { metadata: { scenario: "test" } });
  recorder.site(siteMessage(site, [vehicleType]));
  recorder.vehicles(0, [sample('V"1'), sample("V2", { s: 60, y: 60, laden: true, containers: ["C1"] })]);
  const reservation = { vehicle: "V2", kind: "lane", side: "", event: "granted", seq: 4 } as const;
  recorder.reservation(0.1, { ...reservation, resource: "A", fromM: 49.12345, toM: 70 });
  recorder.plan(0.1, { vehicle: "V2", planId: 1, nodes: ["P"], times: [3000], restsAt: "P", reason: "task" });
  const accepted = { order: "O1", event: "accepted", vehicle: null, container: "C1", place: "P", reason: "" } as const;
  recorder.orderEvent(0.2, { ...accepted, load: { commodity: "electronics", lengthFt: 45, laden: true } });
  recorder.event(0.3, { code: "lane-closed", vehicle: null, data: { lane: "A" } }, "Lane A is closed.");
  recorder.vda5050(0.4, "uagv/v2/k/V2/state", { headerId: 1 });
  recorder.kpi(60, {
    accepted: 1,
    delivered: 0,
    cancelled: 0,
    waiting: 1,
    containersPerHour: 0,
    drivenKm: 0,
    emptyKm: 0,
    emptyKmRatio: 0,
    taskS: 0,
    waitingS: 0,
    waitingRatio: 0,
    energyKwh: 0,
    shieldStops: 0,
    deadlocks: 0,
  });
  await recorder.close();
}

describe("a recording", () => {
  test("reads back as it was written, in order, on every topic", async () => {
    const path = join(folder, "run.mcap");
    await recordAll(path);
    const messages = await collect(path);
    expect(messages.map(({ topic, logTimeMs }) => `${topic} ${logTimeMs}`)).toEqual([
      "/site 0",
      "/vehicles 0",
      "/reservations 100",
      "/plans 100",
      "/orders 200",
      "/events 300",
      "/vda5050 400",
      "/kpi 60000",
    ]);
    const vehicles = messages[1]!;
    if (vehicles.topic !== "/vehicles") throw new Error("expected /vehicles");
    expect(vehicles.message.vehicles[0]).toEqual(sample('V"1', { theta: 1.5708 }));
    expect(vehicles.message.vehicles[1]!.containers).toEqual(["C1"]);
    expect(messages[2]!.message).toMatchObject({ t: 0.1, fromM: 49.1235, toM: 70, seq: 4 });
  });

  test("holds to the JSON Schemas that it carries, Foxglove's included", async () => {
    const path = join(folder, "run.mcap");
    await recordAll(path);
    const bytes = readFileSync(path);
    const reader = await McapIndexedReader.Initialize({
      readable: {
        size: async () => BigInt(bytes.byteLength),
        read: async (offset, length) => bytes.subarray(Number(offset), Number(offset + length)),
      },
      decompressHandlers: { zstd: (data, size) => zstd.decompress(data, Number(size)) },
    });
    const ajv = new Ajv2020({ strict: false, formats: { byte: true, time: true, duration: true } });
    const seen = new Set<string>();
    for await (const record of reader.readMessages({ validateCrcs: true })) {
      const channel = reader.channelsById.get(record.channelId)!;
      const schema = JSON.parse(new TextDecoder().decode(reader.schemasById.get(channel.schemaId)!.data));
      delete schema.$schema;
      const message = JSON.parse(new TextDecoder().decode(record.data));
      const validate = ajv.compile(schema);
      expect(validate(message) ? [] : [channel.topic, validate.errors]).toEqual([]);
      seen.add(channel.topic);
    }
    expect([...seen].sort()).toEqual([...Object.keys(topicSchemas), "/map", "/markers"].sort());
    expect(reader.statistics!.messageCount).toBe(BigInt(11));
    const ajvScene = new Ajv2020({ strict: false }).compile(SceneUpdate);
    expect(ajvScene({ deletions: [], entities: [{ id: 3 }] })).toBe(false);
  });

  test("is a correct MCAP stream from end to end, checksums included", async () => {
    const path = join(folder, "run.mcap");
    await recordAll(path);
    const reader = new McapStreamReader({
      includeChunks: true,
      validateCrcs: true,
      decompressHandlers: { zstd: (data, size) => zstd.decompress(data, Number(size)) },
    });
    reader.append(readFileSync(path));
    const kinds = new Map<string, number>();
    for (let record = reader.nextRecord(); record !== undefined; record = reader.nextRecord()) {
      kinds.set(record.type, (kinds.get(record.type) ?? 0) + 1);
    }
    expect(reader.done()).toBe(true);
    expect(kinds.get("Chunk")).toBe(1);
    expect(kinds.get("Metadata")).toBe(1);
    expect(kinds.get("Statistics")).toBe(1);
  });

  test("takes site coordinates to degrees and back within a millimetre", () => {
    const { frame, geojson } = siteMessage(site, [vehicleType]);
    const { coordinates } = geojson.features[2]!.geometry as { coordinates: [number, number][][] };
    for (const [i, point] of site.surfaces[0]!.rings[0]!.entries()) {
      const back = toLocal(frame, coordinates[0]![i]!);
      expect(Math.hypot(back.x - point.x, back.y - point.y)).toBeLessThan(0.001);
    }
    expect(geojson.features.map((feature) => (feature.properties as { kind: string }).kind)).toEqual([
      "lane",
      "station",
      "surface",
      "border",
    ]);
  });

  test("of several days has a file a day, each with the site and the ground then held, read as one", async () => {
    const path = join(folder, "run.mcap");
    const recorder = createRunRecorder(path, { partS: 10, markersHz: 0, metadata: { scenario: "test" } });
    recorder.site(siteMessage(site, [vehicleType]));
    recorder.reservation(1, {
      vehicle: "V1",
      resource: "A",
      kind: "lane",
      side: "",
      fromM: 0,
      toM: 30,
      event: "granted",
      seq: 1,
    });
    recorder.facts({ startsAt: "2026-11-22T20:00:00.000Z" });
    for (let t = 0; t < 25; t += 1) recorder.vehicles(t + 1, [sample("V1")]);
    await recorder.close();
    for (const part of [1, 2, 3]) {
      const facts: Record<string, string> = {};
      for (const { metadata } of metadataOf(partPath(path, part))) Object.assign(facts, Object.fromEntries(metadata));
      expect(facts).toEqual({ scenario: "test", startsAt: "2026-11-22T20:00:00.000Z", part: String(part) });
    }
    const messages = await collect(path);
    expect(new Set(messages.map((message) => message.part))).toEqual(new Set([1, 2, 3]));
    expect(messages.filter((message) => message.topic === "/site")).toHaveLength(1);
    expect(messages.filter((message) => message.topic === "/vehicles")).toHaveLength(25);
    expect(messages.filter((message) => message.topic === "/reservations").map(({ logTimeMs }) => logTimeMs)).toEqual([
      1000, 11_000, 21_000,
    ]);
    const second = await collect(partPath(path, 2));
    expect(messages.filter((message) => message.part === 1).at(-1)!.logTimeMs).toBe(10_000);
    expect(second.some((message) => message.topic === "/reservations")).toBe(true);
    const shorter = createRunRecorder(path);
    shorter.site(siteMessage(site, [vehicleType]));
    shorter.vehicles(1, [sample("V1")]);
    await shorter.close();
    expect(await collect(path)).toHaveLength(2);
  });

  test("refuses time that goes back, messages before the site, and numbers that JSON lacks", async () => {
    const recorder = createRunRecorder(join(folder, "run.mcap"));
    expect(() => recorder.vehicles(0, [])).toThrow("the site must come first");
    recorder.site(siteMessage(site, [vehicleType]));
    recorder.vehicles(2, [sample("V1")]);
    expect(() => recorder.vehicles(1.9, [sample("V1")])).toThrow("t 1.9 s after t 2 s");
    expect(() => recorder.vehicles(2, [sample("V1", { v: Number.NaN })])).toThrow("vehicle V1: v is NaN");
    await recorder.close();
    expect(() => recorder.vehicles(3, [])).toThrow("it is closed");
  });
});

describe("what is no recording is refused with a sentence", () => {
  const refuse = async (path: string): Promise<RecordingError> => {
    try {
      await collect(path);
    } catch (error) {
      if (error instanceof RecordingError) return error;
      throw error;
    }
    throw new Error("it was read without complaint");
  };

  test("missing, folder, empty, foreign", async () => {
    expect((await refuse(join(folder, "none.mcap"))).message).toContain("there is no such file");
    expect((await refuse(folder)).message).toMatch(/is not a file|is a folder/);
    writeFileSync(join(folder, "empty.mcap"), "");
    expect((await refuse(join(folder, "empty.mcap"))).message).toContain("is empty");
    writeFileSync(join(folder, "text.mcap"), "this is no recording at all");
    expect(await refuse(join(folder, "text.mcap"))).toMatchObject({ kind: "foreign", exitCode: 2 });
  });

  test("cut short at every length", async () => {
    const path = join(folder, "run.mcap");
    await recordAll(path);
    const bytes = readFileSync(path);
    for (let length = 1; length < bytes.length; length += 997) {
      const cut = join(folder, "cut.mcap");
      writeFileSync(cut, bytes.subarray(0, length));
      expect((await refuse(cut)).message).toMatch(/cut short|does not begin/);
    }
  });

  test("damaged in a chunk", async () => {
    const path = join(folder, "run.mcap");
    await recordAll(path);
    const bytes = readFileSync(path);
    bytes[400] = bytes[400]! ^ 0xff;
    writeFileSync(path, bytes);
    expect((await refuse(path)).message).toMatch(/damaged|cut short/);
  });

  test("a message that breaks its schema, by topic and field", async () => {
    const path = join(folder, "run.mcap");
    const recorder = createRunRecorder(path);
    recorder.site(siteMessage(site, [vehicleType]));
    recorder.vehicles(0, [sample("V1", { state: "flying" as "idle" })]);
    await recorder.close();
    expect((await refuse(path)).message).toMatch(/message \d+ on \/vehicles: vehicles\.0\.state/);
  });

  test("every topic, and the summary, has a JSON Schema with its fields", () => {
    expect(summaryJsonSchema()).toMatchObject({
      properties: { orders: { required: expect.arrayContaining(["delivered"]) } },
    });
    for (const topic of Object.keys(topicSchemas) as Topic[]) {
      expect(topicJsonSchema(topic)).toMatchObject({ type: "object", properties: { t: { type: "number" } } });
    }
  });
});
