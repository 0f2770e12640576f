export * from "./leg-graph.ts";
export * from "./site.ts";
export * from "./vehicle-type.ts";
