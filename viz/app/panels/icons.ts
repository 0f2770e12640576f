/** Small drawn signs: fonts differ in which symbols they have. */

/** A sign for each state of a vehicle, so that colour is not the only mark; paths in a square of 16. */
const statePaths: Readonly<Record<string, string>> = {
  driving: "M4 2.5 13 8 4 13.5Z",
  waiting: "M3 2h10v2L9.5 8l3.5 4v2H3v-2l3.5-4L3 4Z",
  servicing: "M8 1.5 13.6 4.7v6.6L8 14.5 2.4 11.3V4.7ZM8 6a2 2 0 1 0 0 4 2 2 0 0 0 0-4Z",
  charging: "M9.5 1 3 9h4l-1.5 6L13 6.5H8.5Z",
  idle: "M8 3a5 5 0 1 0 0 10A5 5 0 0 0 8 3Zm0 2a3 3 0 1 1 0 6 3 3 0 0 1 0-6Z",
  paused: "M4 2.5h3v11H4ZM9 2.5h3v11H9Z",
  fault: "M3.5 1.8 8 6.3l4.5-4.5 1.7 1.7L9.7 8l4.5 4.5-1.7 1.7L8 9.7l-4.5 4.5-1.7-1.7L6.3 8 1.8 3.5Z",
};

/** Path of a state's sign; an empty one for a state that has none. */
export function statePath(state: string): string {
  return statePaths[state] ?? "";
}

export function icon(path = ""): SVGSVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  const shape = document.createElementNS("http://www.w3.org/2000/svg", "path");
  shape.setAttribute("fill", "currentColor");
  shape.setAttribute("fill-rule", "evenodd");
  shape.setAttribute("d", path);
  svg.append(shape);
  return svg;
}
