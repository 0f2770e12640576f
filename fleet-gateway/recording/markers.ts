/** Pictures of a recording for Foxglove: lanes once, vehicles at a low rate, as foxglove.SceneUpdate. */
import { toLocal } from "../../config/index.ts";
import type { SiteMessage, VehicleSample } from "./messages.ts";

/** Frame of all drawn things: the site's local metres. */
const frameId = "site";
const vehicleHeightM = 1.7;
const containerHeightM = 2.6;

const colours: Readonly<Record<VehicleSample["state"], string>> = {
  idle: colour(0.6, 0.6, 0.6, 1),
  driving: colour(0.1, 0.6, 0.25, 1),
  waiting: colour(0.95, 0.65, 0.1, 1),
  servicing: colour(0.15, 0.45, 0.85, 1),
  charging: colour(0.4, 0.3, 0.8, 1),
  paused: colour(0.85, 0.85, 0.2, 1),
  fault: colour(0.85, 0.1, 0.1, 1),
};
const containerColour = colour(0.75, 0.4, 0.2, 1);

function colour(r: number, g: number, b: number, a: number): string {
  return JSON.stringify({ r, g, b, a });
}

function timestamp(timeMs: number): string {
  return `{"sec":${Math.floor(timeMs / 1000)},"nsec":${(timeMs % 1000) * 1_000_000}}`;
}

function entityHead(id: string, timeMs: number): string {
  return (
    `{"timestamp":${timestamp(timeMs)},"frame_id":"${frameId}","id":${JSON.stringify(id)},` +
    `"lifetime":{"sec":0,"nsec":0},"frame_locked":false,"metadata":[],"arrows":[],"spheres":[],"cylinders":[],` +
    `"triangles":[],"texts":[],"models":[],`
  );
}

/** The lanes and the border as line strips; one SceneUpdate. */
export function laneMarkersJson(site: SiteMessage): string {
  const strips = site.geojson.features.flatMap((feature) => {
    const geometry = feature.geometry as { type: string; coordinates: [number, number][] };
    if (geometry.type !== "LineString") return [];
    const border = (feature.properties as { kind: string }).kind === "border";
    const points = geometry.coordinates.map((lonLat) => {
      const { x, y } = toLocal(site.frame, lonLat);
      return { x: Math.round(x * 1000) / 1000, y: Math.round(y * 1000) / 1000, z: 0 };
    });
    return [
      {
        type: 0,
        pose: { position: { x: 0, y: 0, z: 0 }, orientation: { x: 0, y: 0, z: 0, w: 1 } },
        thickness: border ? 0.5 : 0.2,
        scale_invariant: false,
        points,
        color: border ? { r: 0.8, g: 0.1, b: 0.1, a: 1 } : { r: 0.5, g: 0.55, b: 0.6, a: 1 },
        colors: [],
        indices: [],
      },
    ];
  });
  return `{"deletions":[],"entities":[${entityHead("lanes", 0)}"cubes":[],"lines":${JSON.stringify(strips)}}]}`;
}

/** All vehicles as one entity of boxes, coloured by what they do, with their containers on top; one SceneUpdate. */
export function vehicleMarkersJson(
  timeMs: number,
  vehicles: readonly VehicleSample[],
  sizes: ReadonlyMap<string, { readonly length: number; readonly width: number }>,
): string {
  const cubes: string[] = [];
  for (const vehicle of vehicles) {
    const size = sizes.get(vehicle.type);
    if (size === undefined) continue;
    cubes.push(cube(vehicle, size.length, size.width, 0, vehicleHeightM, colours[vehicle.state]));
    if (vehicle.laden) cubes.push(cube(vehicle, 12.2, 2.44, vehicleHeightM, containerHeightM, containerColour));
  }
  return `{"deletions":[],"entities":[${entityHead("vehicles", timeMs)}"lines":[],"cubes":[${cubes.join(",")}]}]}`;
}

function cube(
  pose: { readonly x: number; readonly y: number; readonly theta: number },
  lengthM: number,
  widthM: number,
  floorM: number,
  heightM: number,
  color: string,
): string {
  const z = Math.sin(pose.theta / 2).toFixed(5);
  const w = Math.cos(pose.theta / 2).toFixed(5);
  return (
    `{"pose":{"position":{"x":${pose.x.toFixed(2)},"y":${pose.y.toFixed(2)},"z":${(floorM + heightM / 2).toFixed(2)}},` +
    `"orientation":{"x":0,"y":0,"z":${z},"w":${w}}},` +
    `"size":{"x":${lengthM},"y":${widthM},"z":${heightM}},"color":${color}}`
  );
}
