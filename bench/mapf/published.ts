/**
 * Figures of the published planners that ours stand beside: lacam3 (Okumura, AAMAS 2024), medians over the official
 * `random` scenarios 1 to 3 of the MovingAI benchmark, measured on a machine of two cores.
 */

/** lacam3 as plain LaCAM with swap, one thread: `--no-star --no-scatter --no-multi-thread --pibt-num 1`. */
export interface PlainFigures {
  readonly firstMs: number;
  /** Sum of loss over its lower bound. */
  readonly loss: number;
}

/** lacam3 with all default options. `undefined`: no run was that long, or had no plan yet. */
export interface DefaultFigures {
  readonly firstMs?: number;
  readonly firstLoss?: number;
  readonly lossAt10s?: number;
  readonly lossAt30s?: number;
}

export interface PublishedInstance {
  readonly map: string;
  readonly agents: number;
  readonly plain?: PlainFigures;
  readonly standard?: DefaultFigures;
  /** Where congestion is worst, ours must be better by a tenth. */
  readonly isDense?: boolean;
  /** Seconds within which every scenario must have a plan. */
  readonly successS: number;
}

const row = (
  map: string,
  agents: number,
  plain: readonly [number, number] | null,
  standard: readonly (number | undefined)[] | null,
  more: { readonly isDense?: boolean; readonly successS?: number } = {},
): PublishedInstance => {
  const [firstMs, firstLoss, lossAt10s, lossAt30s] = standard ?? [];
  return {
    map,
    agents,
    successS: 10,
    ...more,
    ...(plain === null ? {} : { plain: { firstMs: plain[0], loss: plain[1] } }),
    ...(standard === null
      ? {}
      : {
          standard: {
            ...(firstMs === undefined ? {} : { firstMs }),
            ...(firstLoss === undefined ? {} : { firstLoss }),
            ...(lossAt10s === undefined ? {} : { lossAt10s }),
            ...(lossAt30s === undefined ? {} : { lossAt30s }),
          },
        }),
  };
};

/** Every instance of both tables. */
export const PUBLISHED: readonly PublishedInstance[] = [
  row("random-32-32-20", 100, [6, 1.254], [88, 1.125, 1.05]),
  row("random-32-32-20", 200, [14, 1.596], [95, 1.312, 1.183]),
  row("random-32-32-20", 400, [34, 2.647], [664, 2.377, 2.018, 1.93], { isDense: true }),
  row("random-64-64-20", 400, [51, 1.292], [585, 1.091, 1.058]),
  row("random-64-64-20", 1000, [142, 1.97], [2953, 1.616, 1.576, 1.453], { isDense: true }),
  row("room-64-64-8", 400, [61, 1.966], [862, 1.887, 1.71]),
  row("room-64-64-8", 1000, null, [3244, 4.204, 4.203], { isDense: true }),
  row("maze-32-32-2", 200, null, [177, 2.051, 1.836]),
  row("warehouse-10-20-10-2-1", 400, [70, 1.606], [926, 1.11, 1.054]),
  row("warehouse-10-20-10-2-1", 1000, [224, 2.507], [3967, 1.643, 1.643, 1.564], { isDense: true }),
  row("warehouse-10-20-10-2-2", 1000, [275, 1.24], [2710, 1.039, 1.03]),
  row("den520d", 1000, [670, 1.1], [7301, 1.016, 1.017, 1.011]),
  row("Berlin_1_256", 1000, [1359, 1.049], [4628, 1.008, 1.008, 1.005]),
  row("Boston_0_256", 1000, null, [6091, 1.014, 1.014]),
  row("warehouse-20-40-10-2-2", 1000, [895, 1.064], [5753, 1.004, 1.004]),
  row("warehouse-20-40-10-2-2", 2000, [1693, 1.126], [18_975, 1.008, undefined, 1.008]),
  row("warehouse-20-40-10-2-2", 5000, [4768, 1.306], null),
  row("warehouse-20-40-10-2-2", 10_000, [13_566, 1.736], [], { successS: 30 }),
];
