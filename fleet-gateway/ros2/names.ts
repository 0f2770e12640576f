/** Names on the graph. A topic's parts are letters, digits and underscores and do not begin with a digit. */

/** A vehicle's id as a part of a topic and as the prefix of its frames: what may not stand there becomes an underscore. */
export function rosName(vehicle: string): string {
  const name = vehicle.replace(/[^A-Za-z0-9_]/g, "_");
  return /^[0-9]/.test(name) || name === "" ? `v${name}` : name;
}

/** @throws RangeError if two vehicles would have the same name */
export function rosNames(vehicles: readonly string[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const vehicle of vehicles) {
    const name = rosName(vehicle);
    for (const [other, taken] of names) {
      if (taken === name) throw new RangeError(`vehicles ${other} and ${vehicle} would both be /${name} in ROS`);
    }
    names.set(vehicle, name);
  }
  return names;
}

/** Topics of a vehicle that is driven over ROS; `name` by `rosName`. */
export function vehicleTopics(name: string) {
  return {
    /** To the vehicle. */
    order: `/${name}/order`,
    instantActions: `/${name}/instant_actions`,
    path: `/${name}/path`,
    /** From the vehicle. */
    status: `/${name}/status`,
    odometry: `/${name}/odom`,
    battery: `/${name}/battery_state`,
  } as const;
}

/** What fleet control tells of any vehicle. */
export function fleetTopics(name: string) {
  return {
    odometry: `/kalong/${name}/odom`,
    battery: `/kalong/${name}/battery_state`,
    base: `/kalong/${name}/base`,
    horizon: `/kalong/${name}/horizon`,
  } as const;
}

export const TOPICS = {
  transforms: "/tf",
  fixedTransforms: "/tf_static",
  diagnostics: "/diagnostics",
  clock: "/clock",
  kpi: "/kalong/kpi",
  site: "/kalong/site",
  siteMarkers: "/kalong/site_markers",
  reservations: "/kalong/reservations",
} as const;

export const SERVICES = {
  submit: "/kalong/submit_transport_order",
  cancel: "/kalong/cancel_transport_order",
  pause: "/kalong/pause",
  resume: "/kalong/resume",
} as const;
