/** What one seed draws: a site and its fleet, orders, the network, and what goes wrong when. */
import type { TransportOrder } from "../../engine/index.ts";
import { fork, type Prng, prng } from "../../planner/index.ts";
import { IDEAL_NETWORK, type NetworkConditions } from "../network/virtual-broker.ts";
import { below, type SiteCase, siteCase } from "./site-case.ts";

/** Something that goes wrong, or that a person does, from `fromMs` to `toMs` of run time. */
export type FuzzFault = { readonly fromMs: number; readonly toMs: number } & (
  | { readonly kind: "breakdown" | "brake-stuck" | "radio-lost" | "paused"; readonly vehicle: number }
  | { readonly kind: "broker-lost" | "all-paused" }
  | { readonly kind: "station-out"; readonly station: string }
  | { readonly kind: "lane-closed"; readonly lane: string }
  | { readonly kind: "cancelled"; readonly order: number }
  | { readonly kind: "retargeted"; readonly order: number; readonly to: string }
  | { readonly kind: "prioritised"; readonly order: number; readonly priority: number }
);

export interface FuzzCase {
  readonly seed: number;
  readonly site: SiteCase;
  /** Each vehicle's pace, a factor on its speeds and accelerations. */
  readonly paces: readonly number[];
  readonly orders: readonly TransportOrder[];
  readonly network: NetworkConditions;
  readonly faults: readonly FuzzFault[];
}

/** Parts of a case that are left out; what remains keeps its place in the lists. */
export interface Cut {
  readonly faults: ReadonlySet<number>;
  readonly orders: ReadonlySet<number>;
  readonly idealNetwork: boolean;
}

export const NOTHING_CUT: Cut = { faults: new Set(), orders: new Set(), idealNetwork: false };

/** Orders are released, and faults begin, within this time, ms. */
const RELEASE_MS = 900_000;
const FAULTS_MS = 1_200_000;
const ORDERS_PER_VEHICLE = 3;
const FAULTS_MAX = 8;
/** A vehicle is slower than planned down to this. */
const SLOWEST = 0.5;
/** Part of the cases in which nothing happens to messages. */
const IDEAL_SHARE = 0.2;

/** Draws the case of a seed. */
export function drawCase(seed: number): FuzzCase {
  const random = prng(seed);
  const site = siteCase(fork(random, "site"));
  const pace = fork(random, "pace");
  const orders = drawOrders(site, fork(random, "orders"));
  return {
    seed,
    site,
    paces: site.starts.map(() => (pace.nextFloat() < 0.5 ? 1 : 1 - pace.nextFloat() * (1 - SLOWEST))),
    orders,
    network: drawNetwork(fork(random, "network")),
    faults: drawFaults(site, orders, fork(random, "faults")),
  };
}

function drawOrders(site: SiteCase, random: Prng): TransportOrder[] {
  return Array.from({ length: 1 + below(random, ORDERS_PER_VEHICLE * site.starts.length) }, (_, i) => {
    const from = below(random, site.cranes.length);
    const to = (from + 1 + below(random, site.cranes.length - 1)) % site.cranes.length;
    const releaseMs = below(random, RELEASE_MS);
    return {
      id: `T${i}`,
      container: {
        id: `CONT${i}`,
        lengthFt: 40,
        laden: true,
        reefer: false,
        commodity: "general",
        massKg: 5_000 + below(random, 25_000),
      },
      from: site.cranes[from]!,
      to: site.cranes[to]!,
      via: site.via.filter(() => random.nextFloat() < 0.5).map((role) => ({ role, side: "vn" as const })),
      releaseMs,
      dueMs: releaseMs + 3_600_000,
      priority: below(random, 10),
    };
  });
}

function drawNetwork(random: Prng): NetworkConditions {
  if (random.nextFloat() < IDEAL_SHARE) return IDEAL_NETWORK;
  return {
    latencyMs: below(random, 200),
    jitterMs: below(random, 300),
    lossShare: random.nextFloat() * 0.15,
    duplicateShare: random.nextFloat() * 0.1,
    reorderShare: random.nextFloat() * 0.1,
    reorderMs: below(random, 3000),
  };
}

function drawFaults(site: SiteCase, orders: readonly TransportOrder[], random: Prng): FuzzFault[] {
  return Array.from({ length: below(random, FAULTS_MAX + 1) }, () => {
    const fromMs = 5_000 + below(random, FAULTS_MS);
    // Half are over soon, the others last up to ten minutes.
    const lastsMs = random.nextFloat() < 0.5 ? 2_000 + below(random, 28_000) : 30_000 + below(random, 570_000);
    const span = { fromMs, toMs: fromMs + lastsMs };
    const vehicle = below(random, site.starts.length);
    const order = below(random, orders.length);
    switch (below(random, 11)) {
      case 0:
        return { ...span, kind: "breakdown", vehicle };
      case 1:
        return { ...span, kind: "brake-stuck", vehicle };
      case 2:
      case 3:
        return { ...span, kind: "radio-lost", vehicle };
      case 4:
        return { ...span, kind: "paused", vehicle };
      case 5:
        return { ...span, kind: "broker-lost" };
      case 6:
        return { ...span, kind: "all-paused" };
      case 7:
        return { ...span, kind: "station-out", station: site.cranes[below(random, site.cranes.length)]! };
      case 8: {
        const { lanes } = site.site;
        return { ...span, kind: "lane-closed", lane: lanes[below(random, lanes.length)]!.id };
      }
      case 9:
        return random.nextFloat() < 0.5
          ? { ...span, kind: "cancelled", order }
          : { ...span, kind: "prioritised", order, priority: below(random, 10) };
      default: {
        const to = site.cranes[below(random, site.cranes.length)]!;
        return to === orders[order]!.from
          ? { ...span, kind: "cancelled", order }
          : { ...span, kind: "retargeted", order, to };
      }
    }
  });
}
