/** Solutions of one-shot MAPF, their costs, and the text form that other tools read. */
import type { DistanceTables } from "./distance-tables.ts";
import type { Instance } from "./instance.ts";

/** Where every agent is at every timestep. */
export interface Solution {
  readonly agents: number;
  /** Timesteps after the first configuration. */
  readonly makespan: number;
  /** [timestep * agents + agent] vertex, for timesteps 0 to makespan. */
  readonly vertices: Int32Array;
}

export interface SolutionCosts {
  readonly makespan: number;
  /** Sum over agents of the timestep from which on the agent rests at its goal. */
  readonly sumOfCosts: number;
  /** Sum over agents of the timesteps in which the agent does not rest at its goal: the objective of LaCAM*. */
  readonly sumOfLoss: number;
}

export function solutionCosts(solution: Solution, goals: Int32Array): SolutionCosts {
  const { agents, makespan, vertices } = solution;
  let sumOfCosts = 0;
  let sumOfLoss = 0;
  for (let agent = 0; agent < agents; agent++) {
    const goal = goals[agent]!;
    let arrival = 0;
    for (let t = 0; t < makespan; t++) {
      if (vertices[t * agents + agent] === goal && vertices[(t + 1) * agents + agent] === goal) continue;
      arrival = t + 1;
      sumOfLoss++;
    }
    sumOfCosts += arrival;
  }
  return { makespan, sumOfCosts, sumOfLoss };
}

export interface LowerBounds {
  /** Longest of the agents' shortest ways. */
  readonly makespan: number;
  /** Sum of the agents' shortest ways: bounds sum of costs and sum of loss. */
  readonly sumOfCosts: number;
}

/** The bounds; infinite where an agent has no way at all. */
export function lowerBounds(instance: Instance, tables: DistanceTables): LowerBounds {
  let makespan = 0;
  let sumOfCosts = 0;
  for (let agent = 0; agent < instance.starts.length; agent++) {
    const start = instance.starts[agent]!;
    const table = tables.table(instance.goals[agent]!, start);
    if (!table.reaches(start)) return { makespan: Number.POSITIVE_INFINITY, sumOfCosts: Number.POSITIVE_INFINITY };
    const distance = table.distance(start);
    makespan = Math.max(makespan, distance);
    sumOfCosts += distance;
  }
  return { makespan, sumOfCosts };
}

/** One line a timestep, `t:(x,y),(x,y),…`: agents in order, x the column, y the row, t from 0. */
export function solutionText(solution: Solution, instance: Instance): string {
  const { agents, makespan, vertices } = solution;
  const { width, cellOf } = instance.map;
  const names = new Map<number, string>();
  const nameOf = (vertex: number): string => {
    let name = names.get(vertex);
    if (name === undefined) {
      const cell = cellOf[vertex]!;
      name = `(${cell % width},${Math.floor(cell / width)})`;
      names.set(vertex, name);
    }
    return name;
  };
  const lines: string[] = [];
  for (let t = 0; t <= makespan; t++) {
    const row = Array.from(vertices.subarray(t * agents, (t + 1) * agents), nameOf);
    lines.push(`${t}:${row.join(",")}`);
  }
  return `${lines.join("\n")}\n`;
}
