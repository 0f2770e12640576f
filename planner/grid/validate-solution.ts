/** Judges a solution of one-shot MAPF by the map alone: it shares no code with any planner. */
import type { Instance } from "./instance.ts";
import type { Solution } from "./solution.ts";

export type SolutionRule = "shape" | "start" | "goal" | "connectivity" | "vertex-conflict" | "swap-conflict";

export interface SolutionFault {
  readonly rule: SolutionRule;
  readonly timestep: number;
  /** The agent or agents at fault. */
  readonly agents: readonly number[];
  readonly message: string;
}

/**
 * The first fault of `solution`, or null where it is right: it starts on the starts and ends on the goals, every move is
 * a wait or goes to one of the four neighbouring free cells, no two agents are on one vertex at a timestep, and no two
 * exchange their vertices in one.
 */
export function solutionFault(instance: Instance, solution: Solution): SolutionFault | null {
  const { map, starts, goals } = instance;
  const { agents, makespan, vertices } = solution;
  const at = (t: number, agent: number): number => vertices[t * agents + agent]!;
  const place = (vertex: number): string => {
    const cell = map.cellOf[vertex];
    return cell === undefined ? `vertex ${vertex}` : `(${cell % map.width},${Math.floor(cell / map.width)})`;
  };
  const fault = (rule: SolutionRule, timestep: number, who: readonly number[], what: string): SolutionFault => ({
    rule,
    timestep,
    agents: who,
    message: `timestep ${timestep}: ${what}`,
  });
  if (agents !== starts.length || vertices.length !== (makespan + 1) * agents) {
    const found = `${agents} agents, makespan ${makespan}, ${vertices.length} vertices`;
    return fault("shape", 0, [], `${found}: expected ${starts.length} agents and one vertex an agent and timestep`);
  }
  for (let agent = 0; agent < agents; agent++) {
    if (at(0, agent) !== starts[agent]) {
      const found = `agent ${agent} starts on ${place(at(0, agent))}`;
      return fault("start", 0, [agent], `${found}, expected ${place(starts[agent]!)}`);
    }
  }
  const width = map.width;
  const here = new Int32Array(map.vertexCount).fill(-1);
  const before = new Int32Array(map.vertexCount).fill(-1);
  for (let t = 0; t <= makespan; t++) {
    for (let agent = 0; agent < agents; agent++) {
      const vertex = at(t, agent);
      const cell = map.cellOf[vertex];
      if (cell === undefined)
        return fault("connectivity", t, [agent], `agent ${agent} is on vertex ${vertex} of no map`);
      if (t > 0 && vertex !== at(t - 1, agent)) {
        const last = map.cellOf[at(t - 1, agent)]!;
        const columns = Math.abs((cell % width) - (last % width));
        const rows = Math.abs(Math.floor(cell / width) - Math.floor(last / width));
        if (columns + rows !== 1) {
          const move = `from ${place(at(t - 1, agent))} to ${place(vertex)}`;
          return fault("connectivity", t, [agent], `agent ${agent} jumps ${move}`);
        }
      }
      const other = here[vertex]!;
      if (other >= 0) {
        return fault("vertex-conflict", t, [other, agent], `agents ${other} and ${agent} are both on ${place(vertex)}`);
      }
      here[vertex] = agent;
    }
    for (let agent = 0; agent < agents && t > 0; agent++) {
      const other = before[at(t, agent)]!;
      if (other >= 0 && other !== agent && at(t, other) === at(t - 1, agent)) {
        const edge = `${place(at(t - 1, agent))} and ${place(at(t, agent))}`;
        return fault("swap-conflict", t, [agent, other], `agents ${agent} and ${other} exchange ${edge}`);
      }
    }
    for (let agent = 0; agent < agents; agent++) {
      if (t > 0) before[at(t - 1, agent)] = -1;
    }
    for (let agent = 0; agent < agents; agent++) {
      before[at(t, agent)] = agent;
      here[at(t, agent)] = -1;
    }
  }
  for (let agent = 0; agent < agents; agent++) {
    if (at(makespan, agent) !== goals[agent]) {
      const found = `agent ${agent} ends on ${place(at(makespan, agent))}`;
      return fault("goal", makespan, [agent], `${found}, expected ${place(goals[agent]!)}`);
    }
  }
  return null;
}
