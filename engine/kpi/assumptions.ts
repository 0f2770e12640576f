/**
 * What the engine cannot know and the figures for CO2 and cost need. All are assumptions, to be replaced by the
 * operator's own; none has a source in the corridor study. They are in the options so that a report can print them.
 */
export interface KpiAssumptions {
  /** kg CO2 a diesel tractor that does the same yard-to-yard move would emit for one container. */
  readonly dieselKgCo2PerContainer: number;
  /** kg CO2 per kWh from the grid. */
  readonly gridKgCo2PerKwh: number;
  /** Price of a kWh. */
  readonly costPerKwh: number;
  /** One vehicle for a day: price over its life, maintenance, its share of chargers. */
  readonly costPerVehicleDay: number;
  /** Everything that does not depend on the fleet: control room, network, software, for a day. */
  readonly costFixedPerDay: number;
}

/**
 * Diesel: 10 l/h of a terminal tractor at work x 0.23 h (half of the corridor's 1,655 s free-flow round trip) x 2.68 kg
 * CO2/l (combustion of a litre of diesel). Grid: between the factors of the Vietnamese and the South China grid, about
 * 0.66 and 0.4. Costs in US dollars: 0.09 a kWh; 350,000 a vehicle over ten years and 5 % a year for maintenance and
 * charger; four shifts of one controller and support, 130 a day.
 */
export const KPI_ASSUMPTIONS: KpiAssumptions = {
  dieselKgCo2PerContainer: 6.2,
  gridKgCo2PerKwh: 0.55,
  costPerKwh: 0.09,
  costPerVehicleDay: 144,
  costFixedPerDay: 130,
};
