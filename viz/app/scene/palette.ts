/**
 * Colours of the scene and the panels. Hues follow Okabe and Ito's colour-blind-safe set, lightened for a dark ground;
 * states also differ by sign and word, so no colour stands alone.
 */
export const groundColors = {
  background: "#0a0e13",
  land: "#0d1319",
  yard: "#18222c",
  deck: "#2a3642",
  building: "#303d4a",
  river: "#0c2f45",
  lane: "#34424f",
  laneNoHolding: "#3d4b59",
  laneArrow: "#74879a",
  border: "#c9b6ff",
  bay: "#6d8397",
  gantry: "#9b8748",
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
  "frozen-seafood": "#a8e4f5",
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
