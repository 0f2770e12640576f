/**
 * Ways of looking at the corridor. A corridor is long and narrow, so its long axis lies along the screen.
 * - strips: the whole corridor from above, cut into rows that read like lines of text;
 * - plan: from above, moved and zoomed;
 * - perspective: the same, tilted and turned.
 */
import type { Box } from "../../model/site-view.ts";
import { type Camera, OrthographicCamera, PerspectiveCamera, Plane, Raycaster, Vector2, Vector3 } from "./three.ts";

export type ViewMode = "strips" | "plan" | "perspective";

/** A camera and the part of the canvas that it fills, in CSS pixels from the top left. */
export interface Pane {
  readonly camera: Camera;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Of the ground at the pane's centre. */
  readonly pxPerM: number;
  /** Ground shown in a strip, metres along the long axis; null in the other views. */
  readonly along: { readonly from: number; readonly to: number } | null;
}

const MARGIN_M = 14;
const STRIP_OVERLAP_M = 12;
const STRIP_GAP_PX = 6;
const PX_PER_M_MIN = 0.15;
const PX_PER_M_MAX = 40;
const FIELD_OF_VIEW = (40 * Math.PI) / 180;
const FAR_M = 20_000;

export class Views {
  mode: ViewMode = "strips";
  centerX = 0;
  centerY = 0;
  pxPerM = 1;
  /** Turn of the view, radians clockwise; 0: the long axis to the right. */
  turn = -0.45;
  /** Height of the camera above the horizon, radians. */
  tilt = 0.62;
  readonly #box: Box;
  /** Angle of the direction that points to the right of the screen. */
  readonly #rightAngle: number;
  #width = 1;
  #height = 1;

  constructor(box: Box) {
    this.#box = box;
    this.#rightAngle = box.maxY - box.minY > box.maxX - box.minX ? Math.PI / 2 : 0;
    this.centerX = (box.minX + box.maxX) / 2;
    this.centerY = (box.minY + box.maxY) / 2;
  }

  /** True when up on the screen is not north. */
  get northRight(): boolean {
    return this.#rightAngle !== 0;
  }

  resize(width: number, height: number): void {
    this.#width = Math.max(1, width);
    this.#height = Math.max(1, height);
  }

  /** Shows the whole corridor in the present mode. */
  fit(): void {
    this.centerX = (this.#box.minX + this.#box.maxX) / 2;
    this.centerY = (this.#box.minY + this.#box.maxY) / 2;
    this.pxPerM = Math.min(
      this.#width / (this.#longM() + 2 * MARGIN_M),
      this.#height / (this.#shortM() + 2 * MARGIN_M),
    );
    this.turn = -0.45;
    this.tilt = 0.62;
    if (this.mode === "perspective") this.pxPerM *= 1.5;
  }

  panes(): Pane[] {
    if (this.mode === "strips") return this.#strips();
    const camera = this.mode === "plan" ? this.#planCamera(this.#width, this.#height) : this.#perspectiveCamera();
    return [{ camera, left: 0, top: 0, width: this.#width, height: this.#height, pxPerM: this.pxPerM, along: null }];
  }

  /** Moves the ground by pixels of the screen. */
  pan(dx: number, dy: number): void {
    const turn = this.mode === "perspective" ? this.turn : 0;
    const right = this.#rightAngle + turn;
    const up = right + Math.PI / 2;
    const rise = this.mode === "perspective" ? 1 / Math.sin(this.tilt) : 1;
    this.centerX -= (dx * Math.cos(right) - dy * rise * Math.cos(up)) / this.pxPerM;
    this.centerY -= (dx * Math.sin(right) - dy * rise * Math.sin(up)) / this.pxPerM;
    this.#clampCenter();
  }

  /** Zooms about a point of the ground, which stays where it is on the screen. */
  zoom(factor: number, about: { x: number; y: number } | null): void {
    const before = this.pxPerM;
    this.pxPerM = Math.min(PX_PER_M_MAX, Math.max(PX_PER_M_MIN, before * factor));
    if (about === null) return;
    const share = 1 - before / this.pxPerM;
    this.centerX += (about.x - this.centerX) * share;
    this.centerY += (about.y - this.centerY) * share;
    this.#clampCenter();
  }

  rotate(dx: number, dy: number): void {
    this.turn -= dx * 0.006;
    this.tilt = Math.min(1.5, Math.max(0.18, this.tilt + dy * 0.006));
  }

  lookAt(x: number, y: number): void {
    this.centerX = x;
    this.centerY = y;
  }

  /** The pane and the ground under a point of the canvas. */
  groundAt(x: number, y: number): { pane: Pane; x: number; y: number } | null {
    for (const pane of this.panes()) {
      if (x < pane.left || y < pane.top || x > pane.left + pane.width || y > pane.top + pane.height) continue;
      const caster = new Raycaster();
      const point = new Vector2(((x - pane.left) / pane.width) * 2 - 1, 1 - ((y - pane.top) / pane.height) * 2);
      caster.setFromCamera(point, pane.camera);
      const hit = caster.ray.intersectPlane(new Plane(new Vector3(0, 0, 1), 0), new Vector3());
      return hit === null ? null : { pane, x: hit.x, y: hit.y };
    }
    return null;
  }

  #longM(): number {
    return Math.max(this.#box.maxX - this.#box.minX, this.#box.maxY - this.#box.minY);
  }

  #shortM(): number {
    return Math.min(this.#box.maxX - this.#box.minX, this.#box.maxY - this.#box.minY);
  }

  #clampCenter(): void {
    this.centerX = Math.min(this.#box.maxX + 50, Math.max(this.#box.minX - 50, this.centerX));
    this.centerY = Math.min(this.#box.maxY + 50, Math.max(this.#box.minY - 50, this.centerY));
  }

  /** As many rows as make the ground largest. */
  #strips(): Pane[] {
    const long = this.#longM() + 2 * MARGIN_M;
    const short = this.#shortM() + 2 * MARGIN_M;
    let rows = 1;
    let pxPerM = 0;
    for (let n = 1; n <= 5; n++) {
      const rowHeight = (this.#height - (n - 1) * STRIP_GAP_PX) / n;
      const scale = Math.min(this.#width / (long / n + STRIP_OVERLAP_M), rowHeight / short);
      if (scale > pxPerM * 1.02) {
        rows = n;
        pxPerM = scale;
      }
    }
    const height = (this.#height - (rows - 1) * STRIP_GAP_PX) / rows;
    const vertical = this.northRight;
    const start = (vertical ? this.#box.minY : this.#box.minX) - MARGIN_M;
    const across = vertical ? (this.#box.minX + this.#box.maxX) / 2 : (this.#box.minY + this.#box.maxY) / 2;
    return Array.from({ length: rows }, (_, i): Pane => {
      const middle = start + ((i + 0.5) * long) / rows;
      const camera = this.#topCamera(
        vertical ? across : middle,
        vertical ? middle : across,
        this.#width / pxPerM,
        height / pxPerM,
      );
      const half = this.#width / pxPerM / 2;
      return {
        camera,
        left: 0,
        top: i * (height + STRIP_GAP_PX),
        width: this.#width,
        height,
        pxPerM,
        along: { from: middle - half, to: middle + half },
      };
    });
  }

  #planCamera(width: number, height: number): Camera {
    return this.#topCamera(this.centerX, this.centerY, width / this.pxPerM, height / this.pxPerM);
  }

  #topCamera(x: number, y: number, widthM: number, heightM: number): Camera {
    const camera = new OrthographicCamera(-widthM / 2, widthM / 2, heightM / 2, -heightM / 2, 1, 1000);
    const up = this.#rightAngle + Math.PI / 2;
    camera.up.set(Math.cos(up), Math.sin(up), 0);
    camera.position.set(x, y, 500);
    camera.lookAt(x, y, 0);
    camera.updateMatrixWorld();
    return camera;
  }

  #perspectiveCamera(): Camera {
    const camera = new PerspectiveCamera((FIELD_OF_VIEW * 180) / Math.PI, this.#width / this.#height, 1, FAR_M);
    const distance = this.#height / (2 * Math.tan(FIELD_OF_VIEW / 2) * this.pxPerM);
    const behind = this.#rightAngle + this.turn - Math.PI / 2;
    camera.up.set(0, 0, 1);
    camera.position.set(
      this.centerX + Math.cos(behind) * Math.cos(this.tilt) * distance,
      this.centerY + Math.sin(behind) * Math.cos(this.tilt) * distance,
      Math.sin(this.tilt) * distance,
    );
    camera.near = Math.max(1, distance / 100);
    camera.far = distance * 30 + 3000;
    camera.updateProjectionMatrix();
    camera.lookAt(this.centerX, this.centerY, 0);
    camera.updateMatrixWorld();
    return camera;
  }
}
