import type { RecordedKpi } from "../../recording/messages.ts";
import type { KpiMsg, Time } from "../messages.ts";

/** The fleet's key figures; definitions beside `kpiMessageSchema`. */
export function toKpiMsg(kpi: RecordedKpi, stamp: Time): KpiMsg {
  return {
    header: { stamp, frame_id: "" },
    accepted: kpi.accepted,
    delivered: kpi.delivered,
    cancelled: kpi.cancelled,
    waiting: kpi.waiting,
    containers_per_hour: kpi.containersPerHour,
    driven_km: kpi.drivenKm,
    empty_km: kpi.emptyKm,
    empty_km_ratio: kpi.emptyKmRatio,
    waiting_ratio: kpi.waitingRatio,
    energy_kwh: kpi.energyKwh,
    shield_stops: kpi.shieldStops,
    deadlocks: kpi.deadlocks,
  };
}
