/**
 * The closed catalogue of reason codes: every answer to "why?" that the engine can give. Each entry's text says what the
 * code means; the sentence for a person (who, where, why, what next) is made at the edge from the code and the ids that
 * travel beside it. There is no code for "other": a case without a code needs a new entry here.
 */

/** Why an accepted transport order is not on a vehicle yet. */
export const ORDER_WAITS = {
  "no-vehicle-free": "every vehicle that could take it has more urgent or nearer work",
  "no-charge": "no vehicle would come out of it with the reserve and the way to a charger left in its battery",
  "station-out": "the station where it is picked up, one that it must pass, or its destination is out of service",
  "lane-closed": "every way to it, or on to its destination, leads over closed ground",
  "no-route": "the lane graph has no way to it, or from it to its destination, for any vehicle of the fleet",
  "not-released-yet": "its release time has not come",
  "assigned-elsewhere": "the vehicles that could take it are bound to other orders that they have not picked up yet",
} as const;
export type OrderWait = keyof typeof ORDER_WAITS;

/** Why a vehicle with something to do stands. `precedence`, `room`, `vehicle-ahead` name a resource and a vehicle. */
export const VEHICLE_WAITS = {
  precedence: "its next leg needs a resource that another vehicle uses before it and has not cleared",
  room: "the lane on which its next leg ends is full until a vehicle ahead has left it",
  service: "the station serves it",
  "queue-at-station": "the station serves another vehicle first",
  "action-retry": "the station's action failed; it is ordered again after a while",
  "vehicle-ahead": "its authority ends behind the tail of the vehicle ahead on the lane",
  "no-plan": "it was asked to go and no plan has been accepted yet",
  paused: "a person paused it",
  "shield-stop": "the safety shield stopped it because of the vehicle named",
  broken: "it is broken down, or reported a fatal error",
  silent: "no state of it has arrived for longer than the limit",
  manual: "it is not in automatic mode",
  closed: "its next leg leads over closed ground",
  "station-out": "the station that it needs next is out of service",
  blocked: "its next event, or any plan for it, depends on a blocked one (broken, silent, closed); the source is named",
} as const;
export type VehicleWait = keyof typeof VEHICLE_WAITS;
/** Those that hold back the grant of a leg. */
export type GrantWaitCode = Extract<VehicleWait, "precedence" | "room" | "queue-at-station" | "blocked">;

/** Why a plan was made, or made anew. */
export const PLAN_REASONS = {
  "new-task": "a vehicle at rest was given a transport order",
  "task-extended": "the next task was appended before the vehicle came to rest",
  relocated: "it was sent to the spare haven because another vehicle needs the place in which it rested",
  "replanned-late": "events came later than planned and a better order was found",
  "replanned-blocked": "the plan before it depended on blocked ground",
  fallback: "the search found nothing better than the plan after the last use of everything on the way",
  charge: "it is sent to a charger",
  cancelled: "its task was cancelled before pick-up",
  retarget: "the destination of what it carries, or of what it fetches, was changed",
  reassigned: "its order was given to another vehicle before pick-up",
  admitted: "it was admitted, or found at a cold start, and rests where it stands",
} as const;
export type PlanReason = keyof typeof PLAN_REASONS;

/** Why an input was refused. A refused input changes nothing. */
export const REFUSALS = {
  "duplicate-order": "a transport order with this id was accepted before",
  "unknown-station": "the site has no such station, or containers are not handled there",
  "same-station": "pick-up and destination are one station",
  "order-book-full": "the maximum of open transport orders is reached",
  "container-in-use": "the container belongs to another open transport order",
  "container-elsewhere": "the container is known to stand at another station than the pick-up",
  "due-before-release": "the order is due before it may be picked up",
  "bad-priority": "the priority is not an integer from 0 to 9",
  "unknown-order": "no transport order has this id",
  "order-closed": "the transport order was already delivered or cancelled",
  "already-picked-up": "the container is on a vehicle and must go somewhere: retarget the order instead",
  "unknown-vehicle": "the fleet has no such vehicle",
  "unknown-type": "no vehicle type has this name",
  "duplicate-vehicle": "a vehicle with this name is in the fleet",
  "unknown-bay": "the site has no such bay",
  "unknown-lane": "the site has no such lane",
  "bay-occupied": "another vehicle stands in the bay, or is to rest there",
  "not-a-haven": "a vehicle is admitted only in a bay in which it may rest",
  "fleet-full": "the maximum fleet of the site (its havens less one) is reached",
} as const;
export type RefusalReason = keyof typeof REFUSALS;

/** Why a transport order was assigned (again), freed or cancelled: the `reason` of such an order event. */
export const ORDER_CHANGES = {
  "first-assignment": "it was given to a vehicle for the first time since it was accepted or freed",
  reassigned: "another vehicle takes it over before pick-up because that is better by more than the threshold",
  "vehicle-lost": "its vehicle broke down, went silent or left automatic mode before pick-up",
  "cancelled-by-person": "a person cancelled it before pick-up",
} as const;
export type OrderChange = keyof typeof ORDER_CHANGES;

/** Why a vehicle is sent to a charger. */
export const CHARGE_REASONS = {
  "below-reserve-next": "after one more task and the way to a charger it would be below reserve",
  staggered: "chargers are too few for all who will need one at the same time: it goes now, before it must",
  opportunity: "a charger is free and there is no work for it",
} as const;
export type ChargeReason = keyof typeof CHARGE_REASONS;

/** Why the safety shield stops a vehicle. */
export const SHIELD_REASONS = {
  "sweep-hits-vehicle": "braking now, it would come within the least distance of where the other vehicle is",
  "sweeps-meet": "if both brake now, the ground of the two overlaps",
  "too-close": "the footprints touch, or are nearer than the least distance and closing",
} as const;
export type ShieldReason = keyof typeof SHIELD_REASONS;

/** Why an episode counts as a deadlock. */
export const DEADLOCK_REASONS = {
  cycle: "unmoved for the limit with a task and no fault, in a cycle of vehicles that wait for each other",
  "unexplained-wait": "a wait beyond the limit that no closure, fault or working station's queue explains",
} as const;
export type DeadlockReason = keyof typeof DEADLOCK_REASONS;

/** Any code of the catalogue. */
export type ReasonCode =
  | OrderWait
  | VehicleWait
  | PlanReason
  | RefusalReason
  | OrderChange
  | ChargeReason
  | ShieldReason
  | DeadlockReason;

/** The catalogue by group, for documentation and for a check that every code is made to happen by some test. */
export const REASON_CATALOGUE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "order waits": ORDER_WAITS,
  "vehicle waits": VEHICLE_WAITS,
  plan: PLAN_REASONS,
  refusal: REFUSALS,
  "order change": ORDER_CHANGES,
  charge: CHARGE_REASONS,
  shield: SHIELD_REASONS,
  deadlock: DEADLOCK_REASONS,
};

/** Whether `code` is in the catalogue. */
export function isReasonCode(code: string): code is ReasonCode {
  for (const group of Object.values(REASON_CATALOGUE)) if (Object.hasOwn(group, code)) return true;
  return false;
}
