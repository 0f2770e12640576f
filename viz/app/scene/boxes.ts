/** Many boxes in one draw: instances are written anew each frame. */
import { BoxGeometry, Color, DynamicDrawUsage, InstancedMesh, Matrix4, MeshLambertMaterial } from "./three.ts";

const FACTOR = 2;

const parsed = new Map<string, Color>();

function colorOf(css: string): Color {
  let color = parsed.get(css);
  if (color === undefined) {
    color = new Color(css);
    parsed.set(css, color);
  }
  return color;
}

export class Boxes {
  readonly #parent: { add(mesh: InstancedMesh): unknown; remove(mesh: InstancedMesh): unknown };
  #mesh: InstancedMesh;
  #used = 0;
  readonly #matrix = new Matrix4();
  readonly #color = new Color();

  constructor(parent: { add(mesh: InstancedMesh): unknown; remove(mesh: InstancedMesh): unknown }, capacity = 64) {
    this.#parent = parent;
    this.#mesh = this.#make(capacity);
  }

  begin(): void {
    this.#used = 0;
  }

  /** A box of length along `theta`, standing on height `z`. */
  add(
    x: number,
    y: number,
    z: number,
    theta: number,
    lengthM: number,
    widthM: number,
    heightM: number,
    css: string,
  ): void {
    if (this.#used === this.#mesh.instanceMatrix.count) this.#grow();
    const c = Math.cos(theta);
    const s = Math.sin(theta);
    this.#matrix.set(
      c * lengthM, -s * widthM, 0, x,
      s * lengthM, c * widthM, 0, y,
      0, 0, heightM, z + heightM / 2,
      0, 0, 0, 1,
    ); // biome-ignore format: a matrix reads by rows
    this.#mesh.setMatrixAt(this.#used, this.#matrix);
    this.#mesh.setColorAt(this.#used, colorOf(css));
    this.#used++;
  }

  end(): void {
    this.#mesh.count = this.#used;
    this.#mesh.instanceMatrix.needsUpdate = true;
    if (this.#mesh.instanceColor !== null) this.#mesh.instanceColor.needsUpdate = true;
  }

  #make(capacity: number): InstancedMesh {
    const mesh = new InstancedMesh(new BoxGeometry(1, 1, 1), new MeshLambertMaterial(), capacity);
    mesh.instanceMatrix.setUsage(DynamicDrawUsage);
    mesh.setColorAt(0, this.#color.set("#ffffff"));
    mesh.frustumCulled = false;
    mesh.renderOrder = 10;
    this.#parent.add(mesh);
    return mesh;
  }

  #grow(): void {
    const old = this.#mesh;
    const mesh = this.#make(old.instanceMatrix.count * FACTOR);
    for (let i = 0; i < this.#used; i++) {
      old.getMatrixAt(i, this.#matrix);
      mesh.setMatrixAt(i, this.#matrix);
      old.getColorAt(i, this.#color);
      mesh.setColorAt(i, this.#color);
    }
    this.#parent.remove(old);
    old.dispose();
    this.#mesh = mesh;
  }
}
