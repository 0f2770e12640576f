import type { Time } from "../messages.ts";

/** ROS time of milliseconds since its epoch (1970, or the start of the run under simulated time), to the nanosecond. */
export function rosTime(ms: number): Time {
  const sec = Math.floor(ms / 1000);
  const nanosec = Math.round((ms - sec * 1000) * 1e6);
  return nanosec >= 1e9 ? { sec: sec + 1, nanosec: 0 } : { sec, nanosec };
}

/** Milliseconds of a ROS time, fractions included. */
export function rosTimeMs(time: Time): number {
  return time.sec * 1000 + time.nanosec / 1e6;
}
