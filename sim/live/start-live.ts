import type { Scenario } from "../../config/index.ts";
import {
  type EmbeddedBroker,
  openRosPort,
  type Ros2Choice,
  RosNode,
  type RunningServe,
  startBroker,
  startServe,
} from "../../fleet-gateway/index.ts";
import { compileLegs } from "../../planner/index.ts";
import { createDemand } from "../demand/index.ts";
import { fleetType } from "../run/fleet.ts";
import { runFacts } from "../run/run-facts.ts";
import { type LiveVehicles, startLiveVehicles } from "./start-vehicles.ts";

export interface LiveOptions {
  readonly scenario: Scenario;
  readonly seed: number;
  /** Broker to use, or null: the embedded one, in a process of its own. */
  readonly brokerUrl: string | null;
  readonly port: number | null;
  readonly dataDir: string | null;
  readonly trace: boolean;
  /** Folder with the built viewer; null: none. */
  readonly viewer: string | null;
  readonly version: string;
  readonly log: (line: string) => void;
  readonly onFailure: (error: unknown) => void;
  /** The fleet goes on a ROS 2 graph too; the vehicles named there are simulated ROS nodes and not on MQTT. */
  readonly ros2?: Ros2Choice;
}

export interface RunningLive {
  readonly serve: RunningServe;
  readonly vehicles: LiveVehicles;
  readonly brokerUrl: string;
  stop(): Promise<void>;
}

/** A scenario in real time: broker, simulated vehicles over MQTT, the control system, and the scenario's orders. */
export async function startLive(options: LiveOptions): Promise<RunningLive> {
  const { scenario, seed } = options;
  const type = fleetType(scenario);
  const graph = compileLegs(scenario.site, type);
  const undo: (() => Promise<void>)[] = [];
  try {
    let brokerUrl = options.brokerUrl;
    if (brokerUrl === null) {
      const broker: EmbeddedBroker = await startBroker();
      undo.unshift(() => broker.stop());
      brokerUrl = broker.url;
    }
    const demand = createDemand(scenario, seed);
    let control: RunningServe["control"] | null = null;
    const serve = await startServe({
      site: scenario.site,
      type,
      graph,
      fleet: scenario.vehicles.map(({ id }) => ({
        ...{ id, type: type.type, manufacturer: "kalong", serialNumber: id },
        ...{ version: "2.1.0", instantActionsKey: "actions" as const },
      })),
      brokerUrl,
      port: options.port,
      dataDir: options.dataDir,
      trace: options.trace,
      viewer: options.viewer,
      version: options.version,
      facts: runFacts(scenario, seed),
      log: options.log,
      onFailure: options.onFailure,
      // The run is simulated: its time is the graph's.
      ...(options.ros2 === undefined ? {} : { ros2: { ...options.ros2, time: "run" } }),
      beforeTick(nowMs) {
        if (control === null) return;
        const waiting = control.engine.orders.open.filter(
          ({ phase }) => phase === "accepted" || phase === "assigned",
        ).length;
        for (const order of demand.release(nowMs, waiting)) void control.submit({ kind: "transport-order", order });
      },
    });
    control = serve.control;
    undo.unshift(() => serve.stop());
    let ros2: Parameters<typeof startLiveVehicles>[0]["ros2"];
    if (options.ros2 !== undefined && options.ros2.vehicles.length > 0) {
      const onReport = ({ code, reason }: { code: string; reason: string }): void =>
        options.log(`ros2 vehicles: ${code}: ${reason}`);
      const port = await openRosPort({ rosbridge: options.ros2.rosbridge, nodeName: "kalong_vehicles", onReport });
      undo.splice(1, 0, () => port.close());
      ros2 = { vehicles: options.ros2.vehicles, node: new RosNode(port, onReport), startMs: serve.control.runMs };
    }
    const vehicles = await startLiveVehicles({
      site: scenario.site,
      type,
      graph,
      vehicles: scenario.vehicles,
      positioning: scenario.positioning,
      brokerUrl,
      seed,
      onReport: (vehicle, code, reason) => options.log(`${vehicle}: ${code}: ${reason}`),
      onFailure: options.onFailure,
      ...(ros2 === undefined ? {} : { ros2 }),
    });
    const [stopServe, ...stopOthers] = undo;
    return {
      serve,
      vehicles,
      brokerUrl,
      async stop() {
        await Promise.all([stopServe!(), vehicles.stop()]);
        for (const each of stopOthers) await each();
      },
    };
  } catch (error) {
    for (const each of undo) await each();
    throw error;
  }
}
