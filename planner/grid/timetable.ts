/**
 * Who is where and when, for paths of a common horizon: a bit a vertex and timestep, from which safe intervals are read
 * by counting bits, and the agent behind each bit. Every agent rests at its goal at the last timestep and ever after, so
 * a vertex that is free then is free for ever.
 */

const WORD_BITS = 32;

export class Timetable {
  /** Timesteps, 0 to horizon - 1. */
  readonly horizon: number;
  readonly #words: number;
  /** [vertex * words + word] Bit t % 32 of word t / 32: taken at timestep t. */
  readonly #taken: Int32Array;
  /** [vertex * horizon + timestep] agent + 1, or 0. */
  readonly #agents: Uint16Array | Int32Array;

  constructor(vertexCount: number, agents: number, horizon: number) {
    this.horizon = horizon;
    this.#words = Math.ceil(horizon / WORD_BITS);
    this.#taken = new Int32Array(vertexCount * this.#words);
    const Agents = agents < 65_535 ? Uint16Array : Int32Array;
    this.#agents = new Agents(vertexCount * horizon);
  }

  /** The agent on `vertex` at timestep `t`, or -1. */
  agentAt(vertex: number, t: number): number {
    return this.#agents[vertex * this.horizon + t]! - 1;
  }

  isFree(vertex: number, t: number): boolean {
    return this.#agents[vertex * this.horizon + t] === 0;
  }

  /** The first timestep from `t` on at which `vertex` is free, or the horizon. */
  firstFree(vertex: number, t: number): number {
    const base = vertex * this.#words;
    let word = t >>> 5;
    if (word >= this.#words) return this.horizon;
    let free = ~this.#taken[base + word]! & (-1 << (t & 31));
    while (free === 0) {
      if (++word === this.#words) return this.horizon;
      free = ~this.#taken[base + word]!;
    }
    return Math.min(this.horizon, (word << 5) + 31 - Math.clz32(free & -free));
  }

  /** The first timestep from `t` on at which `vertex` is taken, or the horizon: never. */
  firstTaken(vertex: number, t: number): number {
    const base = vertex * this.#words;
    let word = t >>> 5;
    if (word >= this.#words) return this.horizon;
    let taken = this.#taken[base + word]! & (-1 << (t & 31));
    while (taken === 0) {
      if (++word === this.#words) return this.horizon;
      taken = this.#taken[base + word]!;
    }
    return (word << 5) + 31 - Math.clz32(taken & -taken);
  }

  /** Whether somebody goes from `from` to `to` and is there at timestep `t`. */
  isCrossed(from: number, to: number, t: number): boolean {
    const agent = this.#agents[from * this.horizon + t - 1]!;
    return agent !== 0 && agent === this.#agents[to * this.horizon + t];
  }

  /** Enters the path `vertices[offset + t]`, which rests on its last vertex from timestep `arrival` on. */
  add(agent: number, vertices: Int32Array, offset: number, arrival: number): void {
    this.#write(vertices, offset, arrival, agent + 1);
  }

  /** Takes a path out again. */
  remove(vertices: Int32Array, offset: number, arrival: number): void {
    this.#write(vertices, offset, arrival, 0);
  }

  /** The first timestep at which the path collides with one entered, or -1. */
  firstCollision(vertices: Int32Array, offset: number, arrival: number): number {
    for (let t = 0; t < arrival; t++) {
      const vertex = vertices[offset + t]!;
      if (!this.isFree(vertex, t)) return t;
      if (t > 0 && vertex !== vertices[offset + t - 1] && this.isCrossed(vertex, vertices[offset + t - 1]!, t))
        return t;
    }
    const goal = vertices[offset + arrival]!;
    if (this.firstTaken(goal, arrival) !== this.horizon) return arrival;
    if (arrival > 0 && goal !== vertices[offset + arrival - 1]) {
      if (this.isCrossed(goal, vertices[offset + arrival - 1]!, arrival)) return arrival;
    }
    return -1;
  }

  #write(vertices: Int32Array, offset: number, arrival: number, mark: number): void {
    const { horizon } = this;
    const words = this.#words;
    const taken = this.#taken;
    const agents = this.#agents;
    for (let t = 0; t < arrival; t++) {
      const vertex = vertices[offset + t]!;
      agents[vertex * horizon + t] = mark;
      taken[vertex * words + (t >>> 5)]! ^= 1 << (t & 31);
    }
    const goal = vertices[offset + arrival]!;
    agents.fill(mark, goal * horizon + arrival, (goal + 1) * horizon);
    let word = arrival >>> 5;
    taken[goal * words + word]! ^= -1 << (arrival & 31);
    while (++word < words) taken[goal * words + word]! ^= -1;
  }
}
