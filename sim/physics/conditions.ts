/** What the weather makes of the road and the air, shared by all vehicles of a run; whoever simulates the weather sets it. */
export class Conditions {
  /** Factor on braking and on the adhesion of tyres: 1 dry, 0.7 in heavy rain (rule of the corridor study). */
  roadFactor = 1;
  /** Temperature of the air, °C. */
  ambientC = 22;
}
