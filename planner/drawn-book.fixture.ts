/** Books drawn by hand: stands, areas and legs by name, and plans with the times that a test wants. */
import type { Leg, LegGraph } from "./leg-graph.ts";
import { NONE } from "./leg-graph.ts";
import type { Site } from "./site.ts";
import { smallSiteVehicle } from "./small-sites.ts";
import { type AdoptRefusal, adoptTail, openPlan, type PlannedService, type PlannedTail } from "./traffic/adopt.ts";
import { type BookRule, checkBook } from "./traffic/assertions.ts";
import {
  admitVehicle,
  createBook,
  setCleared,
  setGranted,
  setServiceEnded,
  setServiceStarted,
} from "./traffic/book.ts";
import { retime } from "./traffic/retime.ts";
import type { Step, TrafficBook } from "./traffic/types.ts";

const LEG_M = 60;
const FROM_CLEAR_M = 20;
const AREA_LEAVE_M = 40;
const LIMIT_MPS = 5;
const SLOT_M = smallSiteVehicle.lengthM + smallSiteVehicle.standstillGapM;

/** Least times of every drawn leg, ms: to a clear stand, a clear area, a stand at its end. */
export const STAND_CLEAR_MS = 400;
export const AREA_CLEAR_MS = 800;
export const ARRIVE_MS = 1_000;

export interface Drawing {
  /** Places that rest; the first vehicles stand in them, one each, in this order. */
  readonly havens: readonly string[];
  /** Places that do not. */
  readonly places?: readonly string[];
  /** Pockets with the number of vehicles that fit. */
  readonly lanes?: Readonly<Record<string, number>>;
  /** "<from> <to>" and the areas passed, each as "<area>/<side>". */
  readonly legs: readonly string[];
  /** Vehicles; as many as havens unless given. */
  readonly fleet?: number;
}

/** Stations 0 and 1 have no bays and keep an order of their jobs. */
const STATIONS = 2;

export class DrawnBook {
  readonly book: TrafficBook;
  readonly graph: LegGraph;
  readonly #stand: ReadonlyMap<string, number>;

  constructor(drawing: Drawing) {
    this.graph = draw(drawing);
    this.#stand = new Map(this.graph.stands.map((stand) => [stand.id, stand.index]));
    const stations = Array.from({ length: STATIONS }, () => ({ bays: [], service: null }));
    const fleet = drawing.fleet ?? drawing.havens.length;
    this.book = createBook({ stations } as unknown as Site, this.graph, smallSiteVehicle, fleet);
    this.book.ordered.fill(1);
    for (let vehicle = 0; vehicle < fleet; vehicle++) {
      admitVehicle(this.book, vehicle, this.stand(drawing.havens[vehicle]!));
    }
  }

  stand(name: string): number {
    const index = this.#stand.get(name);
    if (index === undefined) throw new Error(`no stand ${name} was drawn`);
    return index;
  }

  leg(from: string, to: string): number {
    const leg = this.graph.legs.find((each) => each.from === this.stand(from) && each.to === this.stand(to));
    if (leg === undefined) throw new Error(`no leg from ${from} to ${to} was drawn`);
    return leg.index;
  }

  /**
   * A plan from the end of the granted part, as "<stand>@<grant ms>" for each leg; a job of a station to be done there is
   * put behind it as "+<station>:<ms>", or "+:<ms>" without a station.
   */
  tail(vehicle: number, way: string, baseServices: readonly PlannedService[] = []): PlannedTail {
    const traffic = this.book.vehicles[vehicle]!;
    let from = this.graph.stands[traffic.visits[traffic.steps.filter((step) => step.granted).length]!.stand]!.id;
    let readyMs = 0;
    const steps = way.split(" ").map((word, i) => {
      const [where, ...jobs] = word.split("+");
      const [to, at] = where!.split("@");
      const leg = this.leg(from, to!);
      from = to!;
      const grantMs = Number(at);
      readyMs = grantMs + ARRIVE_MS;
      const services = jobs.map((job): PlannedService => {
        const [station, durationMs] = job.split(":");
        readyMs += Number(durationMs);
        return {
          station: station === "" ? NONE : Number(station),
          job: `job of ${vehicle} at ${to}`,
          durationMs: Number(durationMs),
          endMs: readyMs,
        };
      });
      return {
        leg,
        laden: false,
        grantMs,
        // Not earlier, whatever a later pass over the labels finds.
        readyMs: grantMs,
        afterMs: i === 0 ? 0 : 1,
        arriveAfterMs: ARRIVE_MS,
        standClearAfterMs: STAND_CLEAR_MS,
        areaClearAfterMs: this.graph.legs[leg]!.uses.map(() => AREA_CLEAR_MS),
        services,
      };
    });
    return { vehicle, baseServices, steps };
  }

  /** Replaces the ungranted part of a vehicle's plan. @returns null if taken; else the old plan stands */
  plan(vehicle: number, way: string | PlannedTail): AdoptRefusal | null {
    const tail = typeof way === "string" ? this.tail(vehicle, way) : way;
    const opened = openPlan(this.book, vehicle);
    const refusal = adoptTail(this.book, tail, opened);
    if (refusal !== null) opened.restore();
    return refusal;
  }

  /** A vehicle's leg `k` that is not over. */
  step(vehicle: number, k = 0): Step {
    return this.book.vehicles[vehicle]!.steps[k]!;
  }

  /** Grants its next leg. */
  grant(vehicle: number): Step {
    const step = this.book.vehicles[vehicle]!.steps.find((each) => !each.granted)!;
    setGranted(this.book, step);
    return step;
  }

  /** Grants its next leg and drives to its end. */
  drive(vehicle: number): void {
    const step = this.grant(vehicle);
    for (const clear of step.clears) setCleared(this.book, clear);
  }

  /** Begins and ends the first job that is not done where it stands. */
  serve(vehicle: number): void {
    const service = this.book.vehicles[vehicle]!.visits[0]!.services.find((each) => !each.done)!;
    setServiceStarted(this.book, service);
    setServiceEnded(this.book, service);
  }

  /** Its vehicle cannot be moved any more; in a pocket, so many metres past the first clear position. */
  block(vehicle: number, atM = 0): void {
    const traffic = this.book.vehicles[vehicle]!;
    traffic.blocked = true;
    traffic.blockedAtM = atM;
  }

  retime(nowMs = this.book.nowMs): void {
    this.book.nowMs = nowMs;
    if (!retime(this.book)) throw new Error("labels do not settle: the precedence graph has a cycle");
  }

  /** Rules of the book that are broken. */
  broken(): readonly BookRule[] {
    return checkBook(this.book, { labels: true }).map((breach) => breach.rule);
  }

  /** Vehicles in the order of a stand or an area. */
  order(name: string): readonly number[] {
    const area = this.graph.areas.findIndex((each) => each.name === name);
    if (area >= 0) return this.book.areaUses[area]!.map((clear) => clear.step.vehicle);
    return this.book.standUses[this.stand(name)]!.map((visit) => visit.vehicle);
  }
}

function draw({ havens, places = [], lanes = {}, legs }: Drawing): LegGraph {
  const named = [...havens, ...places, ...Object.keys(lanes)];
  const stands = named.map((id, index) => ({
    index,
    id,
    kind: id in lanes ? ("pocket" as const) : ("place" as const),
    stopLane: index,
    stopM: 0,
    rangeM: id in lanes ? (lanes[id]! - 1) * SLOT_M : 0,
    station: NONE,
    bay: NONE,
    haven: havens.includes(id),
  }));
  const areaNames = [...new Set(legs.flatMap((leg) => leg.split(" ").slice(2)).map((use) => use.split("/")[0]!))];
  const areas = areaNames.map((name, index) => ({
    index,
    name,
    lanes: [0, 0] as const,
    section: false,
    lengthM: [AREA_LEAVE_M, AREA_LEAVE_M] as const,
  }));
  const drawn = legs.map((words, index): Leg => {
    const [from, to, ...uses] = words.split(" ");
    const [start, end] = [named.indexOf(from!), named.indexOf(to!)];
    if (start < 0 || end < 0) throw new Error(`leg "${words}" joins no two stands`);
    return {
      index,
      from: start,
      to: end,
      lanes: Int32Array.of(start, end),
      startM: 0,
      lengthM: LEG_M + stands[end]!.rangeM,
      clearM: LEG_M,
      fromClearM: FROM_CLEAR_M,
      uses: uses.map((use) => {
        const [name, side] = use.split("/");
        return { area: areaNames.indexOf(name!), side: side === "1" ? 1 : 0, enterM: 0, leaveM: AREA_LEAVE_M };
      }),
      limitFromM: Float64Array.of(0),
      limitMps: Float64Array.of(LIMIT_MPS),
      gradient: Float64Array.of(0),
    };
  });
  return {
    lanes: undefined as never,
    areas,
    stands,
    legs: drawn,
    legsOut: stands.map(({ index }) => drawn.filter((leg) => leg.from === index).map((leg) => leg.index)),
    legsIn: stands.map(({ index }) => drawn.filter((leg) => leg.to === index).map((leg) => leg.index)),
    standOfBay: [],
  };
}
