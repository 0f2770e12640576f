import type { Scenario } from "../../config/index.ts";
import { type EmbeddedBroker, type RunningServe, startBroker, startServe } from "../../fleet-gateway/index.ts";
import { compileLegs } from "../../planner/index.ts";
import { createDemand } from "../demand/index.ts";
import { fleetType } from "../run/fleet.ts";
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
      facts: {
        scenario: scenario.id,
        seed: String(seed),
        ...(scenario.targets.containersPerDay === undefined
          ? {}
          : { targetPerDay: String(scenario.targets.containersPerDay) }),
      },
      log: options.log,
      onFailure: options.onFailure,
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
    });
    undo.splice(1, 0, () => vehicles.stop());
    return {
      serve,
      vehicles,
      brokerUrl,
      async stop() {
        for (const each of undo) await each();
      },
    };
  } catch (error) {
    for (const each of undo) await each();
    throw error;
  }
}
