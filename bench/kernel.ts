/**
 * The fixed kernel: a million expansions of a shortest-path search on a grid, on typed arrays and one thread. Its CPU
 * time stands beside every figure, so that figures from two machines can be compared as multiples of it. It is never
 * tuned: a change here makes old ratios worthless.
 */

const WIDTH = 1200;
const CELLS = WIDTH * WIDTH;
const EXPANSIONS = 1_000_000;
const OBSTACLE_SHARE = 0.1;

export interface KernelResult {
  readonly cpuMs: number;
  readonly expansions: number;
  /** Sum of the distances of all expanded cells: the same number everywhere. */
  readonly answer: number;
}

/** Obstacles and costs 1..4 from a fixed multiplicative sequence; 0 is an obstacle. */
function makeGrid(): Uint8Array {
  const grid = new Uint8Array(CELLS);
  let state = 12345;
  for (let cell = 0; cell < CELLS; cell += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    grid[cell] = state / 2 ** 32 < OBSTACLE_SHARE ? 0 : 1 + ((state >>> 8) & 3);
  }
  grid[0] = 1;
  return grid;
}

/** Dijkstra's search from cell 0 with a binary heap of (distance, cell), until a million cells are expanded. */
function search(grid: Uint8Array): { expansions: number; answer: number } {
  const distance = new Int32Array(CELLS).fill(0x7fffffff);
  const heapKey = new Int32Array(4 * CELLS);
  const heapCell = new Int32Array(4 * CELLS);
  let size = 0;
  const push = (key: number, cell: number): void => {
    let at = size;
    size += 1;
    while (at > 0) {
      const up = (at - 1) >> 1;
      if (heapKey[up]! <= key) break;
      heapKey[at] = heapKey[up]!;
      heapCell[at] = heapCell[up]!;
      at = up;
    }
    heapKey[at] = key;
    heapCell[at] = cell;
  };
  const pop = (): void => {
    size -= 1;
    const key = heapKey[size]!;
    const cell = heapCell[size]!;
    let at = 0;
    for (;;) {
      let down = 2 * at + 1;
      if (down >= size) break;
      if (down + 1 < size && heapKey[down + 1]! < heapKey[down]!) down += 1;
      if (heapKey[down]! >= key) break;
      heapKey[at] = heapKey[down]!;
      heapCell[at] = heapCell[down]!;
      at = down;
    }
    heapKey[at] = key;
    heapCell[at] = cell;
  };
  distance[0] = 0;
  push(0, 0);
  let expansions = 0;
  let answer = 0;
  while (size > 0 && expansions < EXPANSIONS) {
    const key = heapKey[0]!;
    const cell = heapCell[0]!;
    pop();
    if (key > distance[cell]!) continue;
    expansions += 1;
    answer += key;
    const x = cell % WIDTH;
    for (let way = 0; way < 4; way += 1) {
      const next = cell + (way === 0 ? 1 : way === 1 ? -1 : way === 2 ? WIDTH : -WIDTH);
      if (next < 0 || next >= CELLS || (way === 0 && x === WIDTH - 1) || (way === 1 && x === 0)) continue;
      const cost = grid[next]!;
      if (cost === 0 || key + cost >= distance[next]!) continue;
      distance[next] = key + cost;
      push(key + cost, next);
    }
  }
  return { expansions, answer };
}

/** CPU time of this thread since the process began, ms. */
export function threadCpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** Runs the kernel `rounds` times after one warm-up. @returns the median CPU time and the answer */
export function timeKernel(rounds = 3): KernelResult {
  const grid = makeGrid();
  let last = search(grid);
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const startMs = threadCpuMs();
    last = search(grid);
    times.push(threadCpuMs() - startMs);
  }
  times.sort((a, b) => a - b);
  return { cpuMs: times[rounds >> 1]!, ...last };
}
