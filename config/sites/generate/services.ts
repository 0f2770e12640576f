import type { Distribution } from "../../../planner/index.ts";

/** Smart gate: recognition, weighing, e-seal; 2 % manual exceptions. Assumed, from vendors' 16 s and <= 30 s at Ganqimaodu. */
export const gateService: Distribution = {
  kind: "triangular",
  minS: 8,
  modeS: 16,
  maxS: 30,
  exception: { probability: 0.02, service: { kind: "lognormal", meanS: 300, cv: 0.8 } },
};

/** Drive-through X-ray portal, 150 an hour (Euromax, Port Calls). */
export const portalService: Distribution = { kind: "normal", meanS: 24, sdS: 3 };

/** Disinfection, drive-through. Assumed. */
export const disinfectionService: Distribution = { kind: "normal", meanS: 20, sdS: 3 };

/** The part of a gantry move that holds the vehicle, a container. Positioning is drawn once a stop, in the scenario. */
export const liftService: Distribution = { kind: "triangular", minS: 50, modeS: 85, maxS: 150 };

/** A container taken out for inspection, dock time. Assumed. */
export const inspectionService: Distribution = { kind: "lognormal", meanS: 2700, cv: 0.6 };
