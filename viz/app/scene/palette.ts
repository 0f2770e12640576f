/**
 * Colours of the scene and the panels. Hues follow Okabe and Ito's colour-blind-safe set, lightened for a dark ground;
 * states also differ by sign and word, so no colour stands alone.
 */
export const groundColors = {
  background: "#0a0e13",
  land: "#0f151c",
  yard: "#151d26",
  deck: "#252f3a",
  building: "#2b3642",
  river: "#0b2a3d",
  lane: "#2a3540",
  laneNoHolding: "#303c48",
  laneArrow: "#566675",
  border: "#c9b6ff",
  bay: "#5d7183",
  gantry: "#8a7a4a",
} as const;

export const stateColors: Readonly<Record<string, string>> = {
  driving: "#eef3f8",
  waiting: "#f2c230",
  servicing: "#5bb8f0",
  charging: "#2bc79a",
  idle: "#8796a5",
  paused: "#b796ff",
  fault: "#ff5b3d",
};
export const stateColorUnknown = "#8796a5";

export const commodityColors: Readonly<Record<string, string>> = {
  "fresh-produce": "#43c78f",
  "frozen-seafood": "#4ea4ea",
  electronics: "#e08fc8",
  general: "#d3a968",
};
export const commodityColorUnknown = "#a9b4bf";

export const authorityColors = {
  base: "#2f8fe8",
  baseSelected: "#6cc0ff",
  horizon: "#6fb3ea",
  horizonSelected: "#c4e4ff",
} as const;
