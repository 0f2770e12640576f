/** Flat coloured geometry on the ground, gathered into one mesh: ribbons along lines, quads, polygons, triangles. */
import {
  BufferAttribute,
  BufferGeometry,
  Color,
  DoubleSide,
  DynamicDrawUsage,
  Mesh,
  MeshBasicMaterial,
  ShapeUtils,
  Vector2,
} from "./three.ts";

type Rgb = readonly [number, number, number];
const parsed = new Map<string, Rgb>();

/** Reading a colour's text costs more than drawing with it. */
function rgbOf(css: string): Rgb {
  let rgb = parsed.get(css);
  if (rgb === undefined) {
    const color = new Color(css);
    rgb = [color.r, color.g, color.b];
    parsed.set(css, rgb);
  }
  return rgb;
}

/** Triangles with a colour and an opacity each vertex. Heights are metres above the ground. */
export class Paint {
  readonly #positions: number[] = [];
  readonly #colors: number[] = [];

  get triangles(): number {
    return this.#positions.length / 9;
  }

  clear(): void {
    this.#positions.length = 0;
    this.#colors.length = 0;
  }

  triangle(points: readonly number[], z: number, css: string, opacity = 1): void {
    const [r, g, b] = rgbOf(css);
    this.#positions.push(points[0]!, points[1]!, z, points[2]!, points[3]!, z, points[4]!, points[5]!, z);
    this.#colors.push(r, g, b, opacity, r, g, b, opacity, r, g, b, opacity);
  }

  /** A rectangle about (x, y), its length along `theta`. */
  quad(
    x: number,
    y: number,
    theta: number,
    lengthM: number,
    widthM: number,
    z: number,
    css: string,
    opacity = 1,
  ): void {
    const c = Math.cos(theta);
    const s = Math.sin(theta);
    const corner = (along: number, across: number): [number, number] => [
      x + (along * c * lengthM) / 2 - (across * s * widthM) / 2,
      y + (along * s * lengthM) / 2 + (across * c * widthM) / 2,
    ];
    const [a, b, d, e] = [corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1)];
    this.triangle([...a, ...b, ...d], z, css, opacity);
    this.triangle([...a, ...d, ...e], z, css, opacity);
  }

  /** The outline of a rectangle. */
  frame(
    x: number,
    y: number,
    theta: number,
    lengthM: number,
    widthM: number,
    lineM: number,
    z: number,
    css: string,
    opacity = 1,
  ): void {
    const c = Math.cos(theta);
    const s = Math.sin(theta);
    for (const side of [-1, 1]) {
      const across = (side * (widthM - lineM)) / 2;
      this.quad(x - across * s, y + across * c, theta, lengthM, lineM, z, css, opacity);
      const along = (side * (lengthM - lineM)) / 2;
      this.quad(x + along * c, y + along * s, theta, lineM, widthM, z, css, opacity);
    }
  }

  /** A ribbon along [x0, y0, x1, y1, …]. */
  ribbon(xy: ArrayLike<number>, widthM: number, z: number, css: string, opacity = 1): void {
    const n = xy.length / 2;
    if (n < 2) return;
    const half = widthM / 2;
    let leftX = 0;
    let leftY = 0;
    let rightX = 0;
    let rightY = 0;
    for (let i = 0; i < n; i++) {
      const before = Math.max(0, i - 1);
      const after = Math.min(n - 1, i + 1);
      const dx = xy[2 * after]! - xy[2 * before]!;
      const dy = xy[2 * after + 1]! - xy[2 * before + 1]!;
      const length = Math.hypot(dx, dy) || 1;
      const nx = (-dy / length) * half;
      const ny = (dx / length) * half;
      const x = xy[2 * i]!;
      const y = xy[2 * i + 1]!;
      if (i > 0) {
        this.triangle([leftX, leftY, rightX, rightY, x - nx, y - ny], z, css, opacity);
        this.triangle([leftX, leftY, x - nx, y - ny, x + nx, y + ny], z, css, opacity);
      }
      leftX = x + nx;
      leftY = y + ny;
      rightX = x - nx;
      rightY = y - ny;
    }
  }

  /** A ribbon of dashes. */
  dashes(
    xy: ArrayLike<number>,
    widthM: number,
    dashM: number,
    gapM: number,
    z: number,
    css: string,
    opacity = 1,
  ): void {
    let phase = 0;
    for (let i = 0; i + 3 < xy.length; i += 2) {
      const x0 = xy[i]!;
      const y0 = xy[i + 1]!;
      const length = Math.hypot(xy[i + 2]! - x0, xy[i + 3]! - y0);
      if (length === 0) continue;
      const ux = (xy[i + 2]! - x0) / length;
      const uy = (xy[i + 3]! - y0) / length;
      for (let at = 0; at < length; ) {
        const inDash = phase < dashM;
        const step = Math.min(length - at, (inDash ? dashM : dashM + gapM) - phase);
        if (inDash) {
          const end = at + step;
          this.ribbon([x0 + ux * at, y0 + uy * at, x0 + ux * end, y0 + uy * end], widthM, z, css, opacity);
        }
        at += Math.max(step, 1e-6);
        phase = (phase + Math.max(step, 1e-6)) % (dashM + gapM);
      }
    }
  }

  /** A polygon with holes; rings of [x0, y0, …], closed or not. */
  polygon(rings: readonly Float64Array[], z: number, css: string, opacity = 1): void {
    const [outer, ...holes] = rings.map(ringPoints);
    if (outer === undefined) return;
    const all = [outer, ...holes].flat();
    for (const [a, b, c] of ShapeUtils.triangulateShape(outer, holes) as [number, number, number][]) {
      const [p, q, r] = [all[a]!, all[b]!, all[c]!];
      this.triangle([p.x, p.y, q.x, q.y, r.x, r.y], z, css, opacity);
    }
  }

  /** Puts what was painted into a mesh made by `paintMesh`. */
  into(mesh: Mesh<BufferGeometry, MeshBasicMaterial>): void {
    fill(mesh.geometry, "position", this.#positions, 3);
    fill(mesh.geometry, "color", this.#colors, 4);
    mesh.geometry.setDrawRange(0, this.#positions.length / 3);
  }
}

/** Reuses the attribute's array while it is large enough: paint changes many times a second. */
function fill(geometry: BufferGeometry, name: string, values: readonly number[], itemSize: number): void {
  const present = geometry.getAttribute(name) as BufferAttribute | undefined;
  if (present !== undefined && present.array.length >= values.length) {
    (present.array as Float32Array).set(values);
    present.needsUpdate = true;
    return;
  }
  const array = new Float32Array(Math.ceil((values.length * 1.5) / itemSize) * itemSize);
  array.set(values);
  const attribute = new BufferAttribute(array, itemSize);
  attribute.setUsage(DynamicDrawUsage);
  geometry.setAttribute(name, attribute);
}

export function paintMesh(order: number): Mesh<BufferGeometry, MeshBasicMaterial> {
  const material = new MeshBasicMaterial({
    vertexColors: true,
    transparent: true,
    depthWrite: false,
    side: DoubleSide,
  });
  const mesh = new Mesh(new BufferGeometry(), material);
  mesh.frustumCulled = false;
  mesh.renderOrder = order;
  return mesh;
}

function ringPoints(ring: Float64Array): Vector2[] {
  const points: Vector2[] = [];
  for (let i = 0; i < ring.length; i += 2) points.push(new Vector2(ring[i]!, ring[i + 1]!));
  const first = points[0];
  const last = points[points.length - 1];
  if (first !== undefined && last !== undefined && points.length > 1 && first.equals(last)) points.pop();
  return points;
}
