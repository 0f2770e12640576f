/**
 * Writes a run's recording. Every method returns at once and nothing is awaited, so that it can stand in the loop of a
 * run in virtual time; memory is bounded by one chunk, the ground held now and the file's index.
 */
import { closeSync, openSync, writeSync } from "node:fs";
import { GeoJSON, SceneUpdate } from "@foxglove/schemas/jsonschema.js";
import type { EngineEvent, OrderEventMessage, PlanMessage, ReservationMessage } from "../../engine/index.ts";
import { laneMarkersJson, vehicleMarkersJson } from "./markers.ts";
import { McapFile, type RecordingSink } from "./mcap-file.ts";
import { type RecordedKpi, type SiteMessage, type Topic, topicJsonSchema, type VehicleSample } from "./messages.ts";
import { partPath, removeLaterParts } from "./parts.ts";
import { VehiclesJson } from "./vehicles-json.ts";

export interface RecorderOptions {
  /** Run time after which another file is begun, seconds; default 24 h. Only for a path. */
  readonly partS?: number;
  /** Messages of `/markers` in a second of run time; 0: none. Default 1, for more than 20 vehicles 0.1. */
  readonly markersHz?: number;
  /** Uncompressed bytes of a chunk; default 1 MiB. */
  readonly chunkBytes?: number;
  /** zstd level; default 1. */
  readonly compressionLevel?: number;
  /** Facts to find in the file's metadata record "run", for example scenario and seed. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** All `tS` are seconds of run time; they are rounded to milliseconds and must not decrease. */
export interface RunRecorder {
  /** Must come first. */
  site(message: SiteMessage): void;
  /** All vehicles, or those that began another phase of motion. Also draws `/markers` when they are due. */
  vehicles(tS: number, vehicles: readonly VehicleSample[]): void;
  reservation(tS: number, message: ReservationMessage): void;
  plan(tS: number, message: PlanMessage): void;
  orderEvent(tS: number, message: OrderEventMessage): void;
  /** @param text the event in words, for people */
  event(tS: number, message: EngineEvent, text: string): void;
  kpi(tS: number, kpi: Omit<RecordedKpi, "t">): void;
  vda5050(tS: number, topic: string, payload: unknown): void;
  /** More facts for the metadata record "run", known only after the recording was opened. */
  facts(values: Readonly<Record<string, string>>): void;
  /** Bytes written so far, all parts. */
  readonly bytes: number;
  /** Writes the index and closes the file. */
  close(): Promise<void>;
}

const library = "kalong";
const topics: readonly Topic[] = [
  "/site",
  "/vehicles",
  "/reservations",
  "/plans",
  "/orders",
  "/vda5050",
  "/events",
  "/kpi",
];
const daySeconds = 86_400;
const manyVehicles = 20;

/**
 * Opens a recording. A path gets one file a day: `run.mcap`, `run.day2.mcap`, …; each begins with `/site` and the ground
 * held at its start, so that a viewer can open it alone.
 * @throws the file system's error when the file cannot be made or written
 */
export function createRunRecorder(target: string | RecordingSink, options: RecorderOptions = {}): RunRecorder {
  return new McapRunRecorder(target, options);
}

class McapRunRecorder implements RunRecorder {
  readonly #target: string | RecordingSink;
  readonly #options: RecorderOptions;
  readonly #partMs: number;
  readonly #vehiclesJson = new VehiclesJson();
  readonly #latest = new Map<string, VehicleSample>();
  readonly #held = new Map<string, ReservationMessage>();
  #site: SiteMessage | null = null;
  #sizes = new Map<string, { length: number; width: number }>();
  #part = 1;
  #laterFacts: Readonly<Record<string, string>> = {};
  #file: McapFile;
  #channels: Record<Topic | "/markers" | "/map", number>;
  #timeMs = 0;
  #markersDueMs = 0;
  #bytes = 0;
  #closed = false;

  constructor(target: string | RecordingSink, options: RecorderOptions) {
    if (typeof target === "string") removeLaterParts(target);
    this.#target = target;
    this.#options = options;
    this.#partMs =
      typeof target === "string" ? Math.round((options.partS ?? daySeconds) * 1000) : Number.POSITIVE_INFINITY;
    this.#file = this.#openPart();
    this.#channels = this.#declare();
  }

  get bytes(): number {
    return this.#bytes;
  }

  site(message: SiteMessage): void {
    if (this.#site !== null) throw new Error("recording: the site is given once");
    this.#site = message;
    this.#sizes = new Map(message.vehicleTypes.map((type) => [type.type, { length: type.length, width: type.width }]));
    this.#writeSite(0);
  }

  vehicles(tS: number, vehicles: readonly VehicleSample[]): void {
    const timeMs = this.#advance(tS);
    this.#file.addMessage(this.#channels["/vehicles"], timeMs, this.#vehiclesJson.message(timeMs, vehicles));
    for (const vehicle of vehicles) this.#latest.set(vehicle.id, vehicle);
    const hz = this.#options.markersHz ?? (this.#latest.size > manyVehicles ? 0.1 : 1);
    if (hz > 0 && timeMs >= this.#markersDueMs) {
      this.#markersDueMs = timeMs + 1000 / hz;
      const json = vehicleMarkersJson(timeMs, [...this.#latest.values()], this.#sizes);
      this.#file.addMessage(this.#channels["/markers"], timeMs, json);
    }
  }

  reservation(tS: number, message: ReservationMessage): void {
    const timeMs = this.#advance(tS);
    this.#writeReservation(timeMs, message);
    const key = `${message.kind} ${message.resource}\n${message.vehicle}`;
    if (message.event === "granted") this.#held.set(key, message);
    else this.#held.delete(key);
  }

  plan(tS: number, message: PlanMessage): void {
    this.#write("/plans", tS, message);
  }

  orderEvent(tS: number, message: OrderEventMessage): void {
    this.#write("/orders", tS, message);
  }

  event(tS: number, message: EngineEvent, text: string): void {
    this.#write("/events", tS, { ...message, text });
  }

  kpi(tS: number, kpi: Omit<RecordedKpi, "t">): void {
    this.#write("/kpi", tS, kpi);
  }

  vda5050(tS: number, topic: string, payload: unknown): void {
    this.#write("/vda5050", tS, { topic, payload });
  }

  facts(values: Readonly<Record<string, string>>): void {
    this.#laterFacts = { ...this.#laterFacts, ...values };
    this.#file.addMetadata("run", values);
  }

  close(): Promise<void> {
    if (!this.#closed) {
      this.#closed = true;
      this.#file.close();
    }
    return Promise.resolve();
  }

  #write(topic: Topic, tS: number, message: object): void {
    const timeMs = this.#advance(tS);
    this.#file.addMessage(this.#channels[topic], timeMs, JSON.stringify({ t: timeMs / 1000, ...message }));
  }

  #writeReservation(timeMs: number, message: ReservationMessage): void {
    const json =
      `{"t":${timeMs / 1000},"vehicle":${JSON.stringify(message.vehicle)},"resource":${JSON.stringify(message.resource)},` +
      `"kind":"${message.kind}","side":${JSON.stringify(message.side)},"fromM":${Math.round(message.fromM * 1e4) / 1e4},` +
      `"toM":${Math.round(message.toM * 1e4) / 1e4},"event":"${message.event}","seq":${message.seq}}`;
    this.#file.addMessage(this.#channels["/reservations"], timeMs, json);
  }

  #writeSite(timeMs: number): void {
    const site = this.#site!;
    const geojson = JSON.stringify(site.geojson);
    this.#file.addMessage(this.#channels["/site"], timeMs, JSON.stringify({ ...site, t: timeMs / 1000 }));
    this.#file.addMessage(this.#channels["/map"], timeMs, JSON.stringify({ geojson }));
    this.#file.addMessage(this.#channels["/markers"], timeMs, laneMarkersJson(site));
  }

  /** Checks the order of time and begins another file when its day has come. */
  #advance(tS: number): number {
    const timeMs = Math.round(tS * 1000);
    if (this.#closed) throw new Error("recording: it is closed");
    if (this.#site === null) throw new Error("recording: the site must come first");
    if (!(timeMs >= this.#timeMs)) {
      throw new RangeError(`recording: t ${tS} s after t ${this.#timeMs / 1000} s, time must not go back`);
    }
    this.#timeMs = timeMs;
    // The last moment of a day belongs to it: a run of 24 h is one file.
    if (timeMs > this.#part * this.#partMs) this.#nextPart(timeMs);
    return timeMs;
  }

  #nextPart(timeMs: number): void {
    this.#file.close();
    this.#part = Math.ceil(timeMs / this.#partMs);
    this.#file = this.#openPart();
    this.#channels = this.#declare();
    this.#writeSite(timeMs);
    for (const message of this.#held.values()) this.#writeReservation(timeMs, message);
  }

  #openPart(): McapFile {
    const sink = typeof this.#target === "string" ? fileSink(partPath(this.#target, this.#part)) : this.#target;
    const counting: RecordingSink = {
      write: (bytes) => {
        this.#bytes += bytes.byteLength;
        sink.write(bytes);
      },
      close: () => sink.close(),
    };
    return new McapFile(counting, library, {
      chunkBytes: this.#options.chunkBytes ?? 1 << 20,
      compressionLevel: this.#options.compressionLevel ?? 1,
    });
  }

  #declare(): Record<Topic | "/markers" | "/map", number> {
    const file = this.#file;
    file.addMetadata("run", { ...this.#options.metadata, ...this.#laterFacts, part: String(this.#part) });
    const own = topics.map((topic) => {
      return [
        topic,
        file.addChannel({ topic, schemaName: `kalong${topic.replace("/", ".")}`, schema: topicJsonSchema(topic) }),
      ];
    });
    return {
      ...(Object.fromEntries(own) as Record<Topic, number>),
      "/markers": file.addChannel({ topic: "/markers", schemaName: "foxglove.SceneUpdate", schema: SceneUpdate }),
      "/map": file.addChannel({ topic: "/map", schemaName: "foxglove.GeoJSON", schema: GeoJSON }),
    };
  }
}

function fileSink(path: string): RecordingSink {
  const descriptor = openSync(path, "w");
  return {
    write: (bytes) => {
      let written = 0;
      while (written < bytes.byteLength) written += writeSync(descriptor, bytes, written);
    },
    close: () => closeSync(descriptor),
  };
}
