/** Text over the scene, on a canvas of its own: every label is placed where it covers no other, or left out. */

import { Vector3 } from "./three.ts";
import type { Pane } from "./views.ts";

export interface LabelStyle {
  readonly font: string;
  readonly color: string;
  /** Box behind the text; null for bare text. */
  readonly fill: string | null;
  readonly stroke: string | null;
  /** A filled dot before the text in this colour; null for none. */
  readonly dot: string | null;
}

interface Rect {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** Where a label may go relative to its point, in the order in which places are tried. */
export type Placement = "around" | "over";

const PAD_X = 5;
const HEIGHT = 16;

export class Labels {
  readonly #context: CanvasRenderingContext2D;
  readonly #canvas: HTMLCanvasElement;
  readonly #widths = new Map<string, number>();
  #taken: Rect[] = [];
  #ratio = 1;
  readonly #point = new Vector3();

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
    const context = canvas.getContext("2d");
    if (context === null) throw new Error("this browser gives no 2D canvas");
    this.#context = context;
  }

  resize(width: number, height: number, ratio: number): void {
    this.#canvas.width = Math.round(width * ratio);
    this.#canvas.height = Math.round(height * ratio);
    this.#ratio = ratio;
  }

  begin(): void {
    this.#context.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    this.#context.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
    this.#context.textBaseline = "middle";
    this.#taken = [];
  }

  /** Pixels of a point of the world; null when it is outside the pane. */
  project(pane: Pane, x: number, y: number, z: number): { x: number; y: number } | null {
    const p = this.#point.set(x, y, z).project(pane.camera);
    if (Math.abs(p.x) > 1 || Math.abs(p.y) > 1 || Math.abs(p.z) > 1) return null;
    return { x: pane.left + ((p.x + 1) / 2) * pane.width, y: pane.top + ((1 - p.y) / 2) * pane.height };
  }

  /** Keeps a place free of labels. */
  keepFree(x: number, y: number, w: number, h: number): void {
    this.#taken.push({ x, y, w, h });
  }

  /**
   * Writes `text` near a pixel.
   * @param gapPx distance from the point to the label's edge
   * @param must written even where it covers another
   * @returns whether there was room
   */
  put(
    pane: Pane,
    x: number,
    y: number,
    gapPx: number,
    text: string,
    style: LabelStyle,
    placement: Placement,
    must = false,
  ): boolean {
    const w = this.#width(text, style.font) + 2 * PAD_X + (style.dot === null ? 0 : 11);
    const h = HEIGHT;
    const candidates: readonly (readonly [number, number])[] =
      placement === "over"
        ? [[x - w / 2, y - h / 2]]
        : [
            [x - w / 2, y - gapPx - h],
            [x - w / 2, y + gapPx],
            [x + gapPx + 4, y - h / 2],
            [x - gapPx - 4 - w, y - h / 2],
            [x - w / 2, y - gapPx - 2 * h - 2],
            [x - w / 2, y + gapPx + h + 2],
          ];
    const inPane = ([left, top]: readonly [number, number]): Rect => ({
      x: Math.min(pane.left + pane.width - w - 2, Math.max(pane.left + 2, left)),
      y: Math.min(pane.top + pane.height - h - 1, Math.max(pane.top + 1, top)),
      w,
      h,
    });
    const free = candidates.map(inPane).find((rect) => !this.#taken.some((other) => overlap(rect, other)));
    const rect = free ?? (must ? inPane(candidates[0]!) : null);
    if (rect === null) return false;
    this.#taken.push(rect);
    this.#write(rect, text, style);
    return true;
  }

  /** A line between two pixels. */
  line(x0: number, y0: number, x1: number, y1: number, color: string, width: number): void {
    const context = this.#context;
    context.strokeStyle = color;
    context.lineWidth = width;
    context.beginPath();
    context.moveTo(x0, y0);
    context.lineTo(x1, y1);
    context.stroke();
  }

  /** Text at a fixed place, top left. */
  corner(x: number, y: number, text: string, font: string, color: string): void {
    const context = this.#context;
    context.font = font;
    context.fillStyle = color;
    context.fillText(text, x, y);
  }

  textWidth(text: string, font: string): number {
    return this.#width(text, font);
  }

  #write(rect: Rect, text: string, style: LabelStyle): void {
    const context = this.#context;
    if (style.fill !== null) {
      context.fillStyle = style.fill;
      context.beginPath();
      context.roundRect(rect.x, rect.y, rect.w, rect.h, 4);
      context.fill();
      if (style.stroke !== null) {
        context.strokeStyle = style.stroke;
        context.lineWidth = 1.2;
        context.stroke();
      }
    }
    let x = rect.x + PAD_X;
    const y = rect.y + rect.h / 2 + 0.5;
    if (style.dot !== null) {
      context.fillStyle = style.dot;
      context.beginPath();
      context.arc(x + 3.5, y, 3.5, 0, 2 * Math.PI);
      context.fill();
      x += 11;
    }
    context.font = style.font;
    if (style.fill === null) {
      context.strokeStyle = "rgba(8,12,16,0.85)";
      context.lineWidth = 3;
      context.lineJoin = "round";
      context.strokeText(text, x, y);
    }
    context.fillStyle = style.color;
    context.fillText(text, x, y);
  }

  #width(text: string, font: string): number {
    const key = `${font}\n${text}`;
    let width = this.#widths.get(key);
    if (width === undefined) {
      if (this.#widths.size > 5_000) this.#widths.clear();
      this.#context.font = font;
      width = this.#context.measureText(text).width;
      this.#widths.set(key, width);
    }
    return width;
  }
}

function overlap(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}
