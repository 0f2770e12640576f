/** The corridor on the screen. One renderer, a scene of about ten draw calls, labels on a canvas above it. */
import type { Ground } from "../../model/ground.ts";
import { type LaneRoutes, makeLaneRoutes } from "../../model/lane-route.ts";
import type { SiteMessage } from "../../model/messages.ts";
import type { VehicleNow } from "../../model/pose-track.ts";
import type { SiteView } from "../../model/site-view.ts";
import { annotate, type SceneWords } from "./annotate.ts";
import { paintAuthority } from "./authority.ts";
import { type ContainerLook, Fleet, type VehicleSize, type WaitingStack } from "./fleet.ts";
import { Labels } from "./labels.ts";
import { Paint, paintMesh } from "./paint.ts";
import { groundColors } from "./palette.ts";
import { staticGround } from "./static-ground.ts";
import { AmbientLight, Color, DirectionalLight, Group, Scene, WebGLRenderer } from "./three.ts";
import { Views } from "./views.ts";

export interface SceneFrame {
  readonly vehicles: readonly VehicleNow[];
  readonly ground: Ground;
  readonly stacks: readonly WaitingStack[];
  readonly selected: string | null;
  readonly lookOf: (container: string, laden: boolean) => ContainerLook;
  readonly words: SceneWords;
}

export type Picked = { readonly kind: "vehicle" | "station"; readonly id: string };

const PICK_PX = 18;
const AUTHORITY_EVERY_MS = 150;
const DEFAULT_SIZE: VehicleSize = { length: 15, width: 3 };

/**
 * Smooth edges cost a graphics card nothing and a computer that draws in software half of its pictures a second. There
 * they are left out unless the address asks for them (`?smooth`).
 */
function drawsSmooth(): boolean {
  if (new URLSearchParams(location.search).has("smooth")) return true;
  const context = document.createElement("canvas").getContext("webgl2");
  const names = context?.getExtension("WEBGL_debug_renderer_info");
  const renderer = names ? String(context!.getParameter(names.UNMASKED_RENDERER_WEBGL)) : "";
  context?.getExtension("WEBGL_lose_context")?.loseContext();
  return !/swiftshader|llvmpipe|software|basic render/i.test(renderer);
}

export class CorridorScene {
  readonly views: Views;
  readonly #renderer: WebGLRenderer;
  readonly #scene = new Scene();
  readonly #site: SiteView;
  readonly #routes: LaneRoutes;
  readonly #sizes: ReadonlyMap<string, VehicleSize>;
  readonly #fleet: Fleet;
  readonly #labels: Labels;
  readonly #authority = new Paint();
  readonly #authorityMesh = paintMesh(3);
  readonly #under = new Paint();
  readonly #underMesh = paintMesh(4);
  readonly #host: HTMLElement;
  #static: Group | null = null;
  #staticPxPerM = 0;
  #authorityKey = "";
  #authorityMs = Number.NEGATIVE_INFINITY;
  #authoritySelected: string | null = null;
  #width = 0;
  #height = 0;

  /** @throws Error when the browser has no WebGL */
  constructor(host: HTMLElement, message: SiteMessage, site: SiteView) {
    this.#host = host;
    this.#site = site;
    this.#routes = makeLaneRoutes(site);
    this.#sizes = new Map(message.vehicleTypes.map((type) => [type.type, type]));
    this.#renderer = new WebGLRenderer({ antialias: drawsSmooth(), powerPreference: "low-power" });
    this.#renderer.setScissorTest(true);
    this.#renderer.autoClear = false;
    this.#renderer.setClearColor(new Color(groundColors.background));
    const labelCanvas = document.createElement("canvas");
    labelCanvas.className = "scene-labels";
    host.replaceChildren(this.#renderer.domElement, labelCanvas);
    this.#labels = new Labels(labelCanvas);
    this.views = new Views(site.box);
    const sun = new DirectionalLight("#ffffff", 1.6);
    sun.position.set(-300, 200, 600);
    this.#scene.add(new AmbientLight("#ffffff", 1.7), sun, this.#authorityMesh, this.#underMesh);
    const boxes = new Group();
    this.#scene.add(boxes);
    this.#fleet = new Fleet(site, boxes);
    this.resize();
    this.views.fit();
  }

  /** Takes the size of its place in the page. */
  resize(): void {
    const { clientWidth, clientHeight } = this.#host;
    if (clientWidth === this.#width && clientHeight === this.#height) return;
    this.#width = clientWidth;
    this.#height = clientHeight;
    const ratio = Math.min(2, devicePixelRatio);
    this.#renderer.setPixelRatio(ratio);
    this.#renderer.setSize(clientWidth, clientHeight);
    this.#labels.resize(clientWidth, clientHeight, ratio);
    this.views.resize(clientWidth, clientHeight);
  }

  /** Changes when the scene must be drawn anew though the run did not change: it was moved, turned or resized. */
  viewKey(): string {
    const { mode, centerX, centerY, pxPerM, turn, tilt } = this.views;
    const { clientWidth, clientHeight } = this.#host;
    return [mode, centerX, centerY, pxPerM, turn, tilt, clientWidth, clientHeight, devicePixelRatio].join(" ");
  }

  draw(frame: SceneFrame): void {
    this.resize();
    const panes = this.views.panes();
    const pxPerM = panes[0]?.pxPerM ?? 1;
    this.#keepStatic(pxPerM);
    this.#paintAuthority(frame, pxPerM);
    this.#under.clear();
    const symbolPxPerM = this.views.mode === "perspective" ? Math.max(3, pxPerM) : pxPerM;
    this.#fleet.drawVehicles(
      frame.vehicles,
      (type) => this.#sizes.get(type) ?? DEFAULT_SIZE,
      frame.lookOf,
      this.#under,
      symbolPxPerM,
      frame.selected,
    );
    this.#under.into(this.#underMesh);
    this.#fleet.drawStacks(frame.stacks);
    this.#renderer.setScissor(0, 0, this.#width, this.#height);
    this.#renderer.setViewport(0, 0, this.#width, this.#height);
    this.#renderer.clear();
    for (const pane of panes) {
      const bottom = this.#height - pane.top - pane.height;
      this.#renderer.setViewport(pane.left, bottom, pane.width, pane.height);
      this.#renderer.setScissor(pane.left, bottom, pane.width, pane.height);
      this.#renderer.setClearColor(new Color(groundColors.land));
      this.#renderer.clear();
      this.#renderer.render(this.#scene, pane.camera);
    }
    this.#renderer.setClearColor(new Color(groundColors.background));
    annotate(this.#labels, panes, this.#site, frame.vehicles, frame.stacks, this.#fleet, frame.selected, frame.words);
  }

  /** What is under a point of the scene (pixels from its top left): a vehicle, else a station. */
  pick(x: number, y: number, vehicles: readonly VehicleNow[]): Picked | null {
    const hit = this.views.groundAt(x, y);
    if (hit === null) return null;
    let picked: Picked | null = null;
    let nearest = PICK_PX;
    const consider = (kind: Picked["kind"], id: string, px: number, py: number, reachM: number): void => {
      const distance = Math.max(0, Math.hypot(hit.x - px, hit.y - py) - reachM) * hit.pane.pxPerM;
      if (distance < nearest) {
        nearest = distance;
        picked = { kind, id };
      }
    };
    for (const vehicle of vehicles) consider("vehicle", vehicle.sample.id, vehicle.x, vehicle.y, 5);
    if (picked === null) for (const bay of this.#site.bays.values()) consider("station", bay.station, bay.x, bay.y, 5);
    return picked;
  }

  /** Gives the graphics memory back. */
  dispose(): void {
    this.#renderer.dispose();
    this.#host.replaceChildren();
  }

  /** Lines have a least width in pixels, so a far zoom needs other geometry than a near one. */
  #keepStatic(pxPerM: number): void {
    const ratio = pxPerM / this.#staticPxPerM;
    if (this.#static !== null && ratio < 1.5 && ratio > 0.67) return;
    if (this.#static !== null) {
      this.#scene.remove(this.#static);
      this.#static.traverse((part) => {
        (part as { geometry?: { dispose(): void } }).geometry?.dispose();
      });
    }
    this.#static = staticGround(this.#site, pxPerM);
    this.#staticPxPerM = pxPerM;
    this.#scene.add(this.#static);
  }

  /** Ground changes with every metre driven; its geometry is made anew a few times a second. */
  #paintAuthority(frame: SceneFrame, pxPerM: number): void {
    const nowMs = performance.now();
    if (nowMs - this.#authorityMs < AUTHORITY_EVERY_MS && frame.selected === this.#authoritySelected) return;
    const where = frame.vehicles.map(({ sample, x, y }) => `${sample.id}${Math.round(x / 2)},${Math.round(y / 2)}`);
    const key = `${frame.ground.version} ${pxPerM.toPrecision(2)} ${frame.selected} ${where.join(" ")}`;
    if (key === this.#authorityKey) return;
    this.#authorityKey = key;
    this.#authorityMs = nowMs;
    this.#authoritySelected = frame.selected;
    this.#authority.clear();
    paintAuthority(this.#authority, this.#site, this.#routes, frame.ground, frame.vehicles, pxPerM, frame.selected);
    this.#authority.into(this.#authorityMesh);
  }
}
