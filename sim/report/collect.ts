/** What a report shows, gathered from a recording in one pass. */
import type {
  ReadMessage,
  RecordedEvent,
  RecordedOrderEvent,
  SiteMessage,
  VehicleSample,
} from "../../fleet-gateway/index.ts";

/** One vehicle's positions along the corridor, a few seconds apart. */
export interface Trail {
  readonly id: string;
  readonly t: number[];
  readonly alongM: number[];
  readonly laden: boolean[];
}

export interface OrderStages {
  /** Seconds; from accepted to assigned, to picked up, to delivered. */
  readonly waitedS: number;
  readonly fetchedS: number;
  readonly carriedS: number;
}

export interface WaitingPlace {
  readonly place: string;
  readonly seconds: number;
  /** What was waited for there most, "" when vehicles did not say. */
  readonly mostly: string;
}

export interface EventCount {
  readonly code: string;
  readonly count: number;
  /** The first of them: seconds of run time, and its sentence. */
  readonly firstT: number;
  readonly firstText: string;
}

export interface ReportData {
  readonly endS: number;
  readonly deliveredAt: readonly number[];
  readonly stages: readonly OrderStages[];
  readonly waiting: readonly WaitingPlace[];
  readonly trails: readonly Trail[];
  /** Ranges along the corridor, metres, of lanes on which nobody may stand (the bridge). */
  readonly bridge: readonly (readonly [number, number])[];
  /** Position of the border line along the corridor, or null. */
  readonly borderM: number | null;
  /** Name of the axis along the corridor, for the diagram. */
  readonly axis: "x" | "y";
  /** One entry a code, by how often it was told. */
  readonly events: readonly EventCount[];
}

const trailStepS = 4;
/** Longer pauses between two samples of a vehicle are not counted as waiting. */
const sampleGapS = 10;

interface OpenOrder {
  readonly acceptedAt: number;
  assignedAt: number;
  pickedUpAt: number;
}

export async function collect(messages: AsyncIterable<ReadMessage>): Promise<ReportData> {
  const collector = new Collector();
  for await (const message of messages) collector.take(message);
  return collector.data();
}

class Collector {
  #endS = 0;
  readonly #deliveredAt: number[] = [];
  readonly #open = new Map<string, OpenOrder>();
  readonly #stages: OrderStages[] = [];
  readonly #waiting = new Map<string, { seconds: number; reasons: Map<string, number> }>();
  readonly #last = new Map<string, { t: number; sample: VehicleSample }>();
  readonly #trails = new Map<string, Trail>();
  readonly #events = new Map<string, EventCount>();
  #axis: "x" | "y" = "y";
  #bridge: readonly (readonly [number, number])[] = [];
  #borderM: number | null = null;

  take(message: ReadMessage): void {
    this.#endS = Math.max(this.#endS, message.logTimeMs / 1000);
    if (message.topic === "/site") this.#site(message.message);
    else if (message.topic === "/vehicles") {
      for (const sample of message.message.vehicles) this.#sample(message.message.t, sample);
    } else if (message.topic === "/orders") this.#order(message.message);
    else if (message.topic === "/events") this.#event(message.message);
  }

  #event({ t, code, text }: RecordedEvent): void {
    const known = this.#events.get(code) ?? { code, count: 0, firstT: t, firstText: text };
    this.#events.set(code, { ...known, count: known.count + 1 });
  }

  #site(message: SiteMessage): void {
    const { frame } = message;
    const local = ([lon, lat]: readonly [number, number]): { x: number; y: number } => {
      const east = (lon - frame.lon0) * frame.metresPerDegreeLon;
      const north = (lat - frame.lat0) * frame.metresPerDegreeLat;
      const [cos, sin] = [Math.cos(frame.bearing), Math.sin(frame.bearing)];
      return { x: east * cos - north * sin, y: east * sin + north * cos };
    };
    const lanes = message.geojson.features.flatMap((feature) => {
      const properties = feature.properties as { kind?: string; holding?: boolean };
      if (properties.kind !== "lane") return [];
      const { coordinates } = feature.geometry as { coordinates: [number, number][] };
      return [{ bridge: properties.holding === false, points: coordinates.map(local) }];
    });
    const points = lanes.flatMap((lane) => lane.points);
    const spanOf = (axis: "x" | "y"): number =>
      points.reduce((most, p) => Math.max(most, p[axis]), Number.NEGATIVE_INFINITY) -
      points.reduce((least, p) => Math.min(least, p[axis]), Number.POSITIVE_INFINITY);
    this.#axis = spanOf("x") > spanOf("y") ? "x" : "y";
    this.#bridge = joinRanges(
      lanes.flatMap((lane): [number, number][] => {
        if (!lane.bridge) return [];
        const along = lane.points.map((point) => point[this.#axis]);
        return [[Math.min(...along), Math.max(...along)]];
      }),
    );
    const border = message.border.map(([x, y]) => (this.#axis === "x" ? x : y));
    this.#borderM = border.length > 0 ? border.reduce((sum, value) => sum + value, 0) / border.length : null;
  }

  #sample(t: number, sample: VehicleSample): void {
    const last = this.#last.get(sample.id);
    if (last !== undefined) this.#wait(last.sample, Math.min(t - last.t, sampleGapS));
    this.#last.set(sample.id, { t, sample });
    let trail = this.#trails.get(sample.id);
    if (trail === undefined) {
      trail = { id: sample.id, t: [], alongM: [], laden: [] };
      this.#trails.set(sample.id, trail);
    }
    const laden = trail.laden.at(-1);
    if (laden === sample.laden && t - trail.t.at(-1)! < trailStepS) return;
    trail.t.push(t);
    trail.alongM.push(sample[this.#axis]);
    trail.laden.push(sample.laden);
  }

  #wait(sample: VehicleSample, seconds: number): void {
    if (sample.order === "" || sample.waitingFor.length === 0 || sample.v > 0) return;
    const place = placeName(sample);
    const known = this.#waiting.get(place) ?? { seconds: 0, reasons: new Map<string, number>() };
    this.#waiting.set(place, known);
    known.seconds += seconds;
    const kind = sample.waitingFor[0]!;
    const reason = kind.startsWith("vehicle:") ? "another vehicle" : kind.replace(":", " ");
    known.reasons.set(reason, (known.reasons.get(reason) ?? 0) + seconds);
  }

  #order(message: RecordedOrderEvent): void {
    const { t, order, event } = message;
    if (event === "accepted") this.#open.set(order, { acceptedAt: t, assignedAt: t, pickedUpAt: t });
    const open = this.#open.get(order);
    if (open === undefined) return;
    if (event === "assigned") open.assignedAt = t;
    else if (event === "pickedUp") open.pickedUpAt = t;
    else if (event === "cancelled") this.#open.delete(order);
    else if (event === "delivered") {
      this.#deliveredAt.push(t);
      this.#open.delete(order);
      const { acceptedAt, assignedAt, pickedUpAt } = open;
      this.#stages.push({
        waitedS: assignedAt - acceptedAt,
        fetchedS: pickedUpAt - assignedAt,
        carriedS: t - pickedUpAt,
      });
    }
  }

  data(): ReportData {
    const waiting = [...this.#waiting].map(([place, { seconds, reasons }]) => {
      const [mostly] = [...reasons].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0]!;
      return { place, seconds, mostly };
    });
    waiting.sort((a, b) => b.seconds - a.seconds || (a.place < b.place ? -1 : 1));
    return {
      endS: this.#endS,
      deliveredAt: this.#deliveredAt,
      stages: this.#stages,
      waiting,
      trails: [...this.#trails.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
      bridge: this.#bridge,
      borderM: this.#borderM,
      axis: this.#axis,
      events: [...this.#events.values()].sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1)),
    };
  }
}

/** Lanes that were split at their nodes are one place: "vn-in.9" and "vn-in.10" are "vn-in". */
function placeName(sample: VehicleSample): string {
  const name = sample.lane.replace(/~$/, "").replace(/\.\d+$/, "");
  return name === "" ? "off the lanes" : name;
}

function joinRanges(ranges: readonly [number, number][]): [number, number][] {
  const joined: [number, number][] = [];
  for (const [from, to] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const last = joined.at(-1);
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  return joined;
}
