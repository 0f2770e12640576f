import type { Connection, VehicleState } from "../../../engine/index.ts";
import type { DiagnosticArray, DiagnosticStatus, KeyValue, Time } from "../messages.ts";

/** Constants of diagnostic_msgs/DiagnosticStatus. */
export const LEVEL = { ok: 0, warn: 1, error: 2, stale: 3 } as const;

/** What fleet control knows of one vehicle. */
export interface DiagnosedVehicle {
  readonly id: string;
  readonly connection: Connection | "UNKNOWN";
  readonly state: VehicleState | null;
  /** Since its last state, ms. */
  readonly ageMs: number;
  readonly activity: string;
  /** Transport order in hand, or "". */
  readonly order: string;
  readonly waitingFor: readonly string[];
  /** Why it is not taken into the fleet, or "". */
  readonly obstacle: string;
}

/** One status a vehicle, for /diagnostics. */
export function toDiagnostics(vehicles: readonly DiagnosedVehicle[], stamp: Time): DiagnosticArray {
  return { header: { stamp, frame_id: "" }, status: vehicles.map(statusOf) };
}

function statusOf(vehicle: DiagnosedVehicle): DiagnosticStatus {
  const [level, message] = judge(vehicle);
  const { state } = vehicle;
  const values: KeyValue[] = [
    { key: "connection", value: vehicle.connection },
    { key: "activity", value: vehicle.activity },
    { key: "transport order", value: vehicle.order },
    { key: "waiting for", value: vehicle.waitingFor.join(", ") },
  ];
  if (state !== null) {
    values.push(
      { key: "last state, s ago", value: (vehicle.ageMs / 1000).toFixed(1) },
      { key: "operating mode", value: state.operatingMode },
      { key: "emergency stop", value: state.eStop },
      { key: "state of charge, %", value: (state.soc * 100).toFixed(1) },
      { key: "order", value: `${state.orderId} update ${state.orderUpdateId}` },
      { key: "lane", value: `${state.lane}@${state.s.toFixed(1)}` },
      { key: "loads", value: state.loads.join(", ") },
      ...state.errors.map((error) => ({ key: error.errorType, value: error.errorDescription })),
    );
  }
  return { level, name: `kalong: ${vehicle.id}`, message, hardware_id: vehicle.id, values };
}

/** The worst that holds, and a sentence about it. */
function judge({ connection, state, obstacle, activity }: DiagnosedVehicle): readonly [level: number, message: string] {
  if (state === null) return [LEVEL.stale, "has never sent a state"];
  if (connection !== "ONLINE") return [LEVEL.stale, `is out of reach (${connection}); its ground stays its own`];
  if (state.eStop !== "NONE") return [LEVEL.error, `emergency stop ${state.eStop}`];
  if (state.fieldViolation) return [LEVEL.error, "protective field violated"];
  const fatal = state.errors.find((error) => error.errorLevel === "FATAL");
  if (fatal !== undefined) return [LEVEL.error, `${fatal.errorType}: ${fatal.errorDescription}`];
  if (state.operatingMode !== "AUTOMATIC") return [LEVEL.warn, `is in mode ${state.operatingMode}`];
  if (obstacle !== "") return [LEVEL.warn, obstacle];
  const warning = state.errors[0];
  if (warning !== undefined) return [LEVEL.warn, `${warning.errorType}: ${warning.errorDescription}`];
  return [LEVEL.ok, activity];
}
