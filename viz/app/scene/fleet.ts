/** Vehicles to scale with their containers, and the containers that wait at the cranes. */
import type { VehicleNow } from "../../model/pose-track.ts";
import type { SiteView } from "../../model/site-view.ts";
import { Boxes } from "./boxes.ts";
import type { Paint } from "./paint.ts";
import { commodityColors, commodityColorUnknown, stateColors, stateColorUnknown } from "./palette.ts";
import { BAY_WIDTH_M, outwardSide } from "./static-ground.ts";
import type { Group } from "./three.ts";

/** Outer sizes of ISO containers, metres: 8 ft wide, 8 ft 6 in high (ISO 668). */
const CONTAINER_WIDTH_M = 2.44;
const CONTAINER_HEIGHT_M = 2.59;
const CHASSIS_HEIGHT_M = 1.4;
const CHASSIS_COLOR = "#76879a";
const containerLengthM: Readonly<Record<number, number>> = { 20: 6.06, 40: 12.19, 45: 13.72 };

export interface ContainerLook {
  readonly commodity: string | null;
  readonly lengthFt: number;
  readonly laden: boolean;
}

export interface VehicleSize {
  readonly length: number;
  readonly width: number;
}

export interface WaitingStack {
  readonly bay: string;
  readonly containers: readonly ContainerLook[];
}

export function containerColor(look: ContainerLook): string {
  return look.commodity === null ? commodityColorUnknown : (commodityColors[look.commodity] ?? commodityColorUnknown);
}

export class Fleet {
  readonly #boxes: Boxes;
  readonly #stacks: Boxes;
  readonly #site: SiteView;
  readonly #outward = new Map<string, 1 | -1>();

  constructor(site: SiteView, group: Group) {
    this.#site = site;
    this.#boxes = new Boxes(group);
    this.#stacks = new Boxes(group, 256);
  }

  /**
   * @param under   flat marks under the vehicles (a halo in the colour of the state, a mark at the front) go here
   * @param pxPerM  seen from above vehicles keep a least size in pixels, so that they are found on the whole corridor
   */
  drawVehicles(
    vehicles: readonly VehicleNow[],
    sizeOf: (type: string) => VehicleSize,
    lookOf: (container: string, laden: boolean) => ContainerLook,
    under: Paint,
    pxPerM: number,
    selected: string | null,
  ): void {
    this.#boxes.begin();
    for (const vehicle of vehicles) {
      const { sample, x, y, theta } = vehicle;
      const size = sizeOf(sample.type);
      const lengthM = Math.max(size.length, 15 / pxPerM);
      const widthM = Math.max(size.width, 6 / pxPerM);
      const stretch = { length: lengthM / size.length, width: widthM / size.width };
      const state = stateColors[sample.state] ?? stateColorUnknown;
      const edge = Math.max(0.5, 1.3 / pxPerM);
      const c = Math.cos(theta);
      const s = Math.sin(theta);
      if (sample.id === selected) {
        under.quad(x, y, theta, lengthM + 8 * edge, widthM + 8 * edge, 0, "#ffffff", 0.28);
      }
      under.quad(x, y, theta, lengthM + 2 * edge, widthM + 2 * edge, 0, state);
      const nose = lengthM / 2 + edge * 1.5;
      const tip = Math.max(2.4, 5 / pxPerM);
      const half = widthM / 2 + edge;
      under.triangle(
        [
          x + c * (nose + tip),
          y + s * (nose + tip),
          x + c * nose - s * half,
          y + s * nose + c * half,
          x + c * nose + s * half,
          y + s * nose - c * half,
        ],
        0,
        state,
      );
      this.#boxes.add(x, y, 0.3, theta, lengthM, widthM, CHASSIS_HEIGHT_M - 0.3, CHASSIS_COLOR);
      sample.containers.forEach((container, i) => {
        const look = lookOf(container, sample.laden);
        const boxM = (containerLengthM[look.lengthFt] ?? 12.19) * stretch.length;
        const along = sample.containers.length > 1 ? (i - (sample.containers.length - 1) / 2) * (boxM + 0.4) : 0;
        this.#boxes.add(
          x + c * along,
          y + s * along,
          CHASSIS_HEIGHT_M,
          theta,
          boxM,
          CONTAINER_WIDTH_M * stretch.width,
          CONTAINER_HEIGHT_M,
          containerColor(look),
        );
      });
    }
    this.#boxes.end();
  }

  /** Blocks of three tiers beside each crane bay, filled from the bay outwards. */
  drawStacks(stacks: readonly WaitingStack[]): void {
    this.#stacks.begin();
    for (const stack of stacks) {
      const bay = this.#site.bays.get(stack.bay);
      if (bay === undefined) continue;
      const side = this.#outwardOf(bay.id);
      const c = Math.cos(bay.theta);
      const s = Math.sin(bay.theta);
      stack.containers.forEach((look, i) => {
        const tier = i % 3;
        const row = Math.floor(i / 3) % 3;
        const column = Math.floor(i / 9);
        const across = side * (BAY_WIDTH_M / 2 + 3.2 + column * 2.9);
        const along = (row - 1) * 13;
        this.#stacks.add(
          bay.x + along * c - across * s,
          bay.y + along * s + across * c,
          tier * CONTAINER_HEIGHT_M,
          bay.theta,
          containerLengthM[look.lengthFt] ?? 12.19,
          CONTAINER_WIDTH_M,
          CONTAINER_HEIGHT_M,
          containerColor(look),
        );
      });
    }
    this.#stacks.end();
  }

  /** Where a stack's count is written: beside the bay, outwards. */
  stackLabelAt(bayId: string): { x: number; y: number } | null {
    const bay = this.#site.bays.get(bayId);
    if (bay === undefined) return null;
    const across = this.#outwardOf(bayId) * (BAY_WIDTH_M / 2 + 14);
    return { x: bay.x - across * Math.sin(bay.theta), y: bay.y + across * Math.cos(bay.theta) };
  }

  #outwardOf(bayId: string): 1 | -1 {
    let side = this.#outward.get(bayId);
    if (side === undefined) {
      side = outwardSide(this.#site, this.#site.bays.get(bayId)!);
      this.#outward.set(bayId, side);
    }
    return side;
  }
}
