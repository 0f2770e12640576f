/** The configurations that a LaCAM* search has met: rows of an arena, found again by an open-addressing hash. */

const NONE = -1;
const SLOTS_FIRST = 1 << 12;
const CHUNK_NUMBERS = 1 << 15;
const CHUNK_ROWS_MIN = 16;

/** Hash of one agent on one vertex; a configuration's is the exclusive or of its agents'. */
export function placeHash(agent: number, vertex: number): number {
  let hash = Math.imul(agent + 1, 0x9e3779b1) ^ Math.imul(vertex + 1, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
  return hash ^ (hash >>> 15);
}

/** Rows of equal length, in chunks, so that growing copies nothing. */
export class RowArena {
  readonly rowLength: number;
  readonly #rowsPerChunk: number;
  readonly #chunks: Int32Array[] = [];

  constructor(rowLength: number) {
    this.rowLength = rowLength;
    this.#rowsPerChunk = Math.max(CHUNK_ROWS_MIN, Math.floor(CHUNK_NUMBERS / Math.max(1, rowLength)));
  }

  /** The chunk that holds `row`, made where it is new; the row begins there at `offset(row)`. */
  chunk(row: number): Int32Array {
    const index = Math.floor(row / this.#rowsPerChunk);
    while (index >= this.#chunks.length) this.#chunks.push(new Int32Array(this.#rowsPerChunk * this.rowLength));
    return this.#chunks[index]!;
  }

  offset(row: number): number {
    return (row % this.#rowsPerChunk) * this.rowLength;
  }
}

export class ConfigurationStore {
  readonly #configurations: RowArena;
  #slots = new Int32Array(SLOTS_FIRST).fill(NONE);
  #hashes = new Int32Array(1024);
  #count = 0;

  constructor(agents: number) {
    this.#configurations = new RowArena(agents);
  }

  get count(): number {
    return this.#count;
  }

  hashOf(node: number): number {
    return this.#hashes[node]!;
  }

  chunk(node: number): Int32Array {
    return this.#configurations.chunk(node);
  }

  offset(node: number): number {
    return this.#configurations.offset(node);
  }

  /** The node of `configuration`, whose hash is `hash`; -1 where it was not met yet. */
  find(configuration: Int32Array, hash: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    for (let slot = hash & mask; slots[slot] !== NONE; slot = (slot + 1) & mask) {
      const node = slots[slot]!;
      if (this.#hashes[node] === hash && this.#equals(node, configuration)) return node;
    }
    return NONE;
  }

  /** Adds a configuration that `find` does not find, as the next node. */
  add(configuration: Int32Array, hash: number): number {
    const node = this.#count++;
    this.chunk(node).set(configuration, this.offset(node));
    if (node === this.#hashes.length) {
      const hashes = new Int32Array(2 * node);
      hashes.set(this.#hashes);
      this.#hashes = hashes;
    }
    this.#hashes[node] = hash;
    if (2 * this.#count > this.#slots.length) this.#grow();
    this.#insert(node);
    return node;
  }

  #equals(node: number, configuration: Int32Array): boolean {
    const chunk = this.chunk(node);
    const offset = this.offset(node);
    for (let agent = 0; agent < configuration.length; agent++) {
      if (chunk[offset + agent] !== configuration[agent]) return false;
    }
    return true;
  }

  #insert(node: number): void {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = this.#hashes[node]! & mask;
    while (slots[slot] !== NONE) slot = (slot + 1) & mask;
    slots[slot] = node;
  }

  #grow(): void {
    this.#slots = new Int32Array(2 * this.#slots.length).fill(NONE);
    for (let node = 0; node < this.#count; node++) this.#insert(node);
  }
}
