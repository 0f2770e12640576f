/** Every vehicle in a row: state, what it carries, charge, and what it waits for. */
import type { VehicleNow } from "../../model/pose-track.ts";
import type { Texts } from "../i18n/texts.ts";
import { stateColors, stateColorUnknown } from "../scene/palette.ts";
import { element, keyedChildren, setAttribute, setText } from "./dom.ts";
import { icon, statePath } from "./icons.ts";
import { type Panel, type Selection, waitingWords } from "./moment.ts";

export function vehiclesPanel(texts: Texts, select: (selection: Selection) => void): Panel {
  const list = element("div", { class: "rows", role: "listbox", "aria-label": texts.t("vehicles.title") });
  const none = element("p", { class: "muted none" }, texts.t("vehicles.none"));
  const count = element("span", { class: "muted" });
  const root = element(
    "section",
    { class: "card vehicles" },
    element("h2", {}, texts.t("vehicles.title"), " ", count),
    none,
    list,
  );
  const make = (vehicle: VehicleNow): HTMLElement => {
    const row = element(
      "button",
      { class: "row", role: "option", type: "button" },
      element("span", { class: "sign" }, icon()),
      element("span", { class: "id" }, vehicle.sample.id),
      element("span", { class: "what" }),
      element("span", { class: "load" }),
      element("span", { class: "soc" }, element("i"), element("b")),
    );
    row.addEventListener("click", () => select({ kind: "vehicle", id: vehicle.sample.id }));
    return row;
  };
  const update = (row: HTMLElement, { sample }: VehicleNow, chosen: boolean): void => {
    const [sign, , what, load, soc] = [...row.children] as HTMLElement[];
    setAttribute(sign!.querySelector("path")!, "d", statePath(sample.state));
    setAttribute(sign!, "style", `color:${stateColors[sample.state] ?? stateColorUnknown}`);
    const state = texts.ofCode("state", sample.state, sample.state);
    const why = waitingWords(texts, sample.waitingFor);
    setText(what!, sample.state === "waiting" && why !== "" ? why : why === "" ? state : `${state} – ${why}`);
    setAttribute(what!, "title", why === "" ? state : `${state}: ${why}`);
    setText(load!, sample.containers[0] ?? "");
    const percent = Math.round(sample.soc * 100);
    const [bar, text] = [...soc!.children] as HTMLElement[];
    bar!.style.width = `${percent}%`;
    setText(text!, `${percent}%`);
    setAttribute(soc!, "class", `soc${percent < 25 ? " low" : ""}`);
    setAttribute(soc!, "title", texts.t("vehicles.battery", { percent }));
    setAttribute(row, "class", `row ${sample.state}${chosen ? " chosen" : ""}`);
    setAttribute(row, "aria-selected", String(chosen));
  };
  return {
    root,
    update({ vehicles: all, selection }) {
      // What needs a person comes first; other states change too often for a list to follow them.
      const faulty = ({ sample }: VehicleNow): boolean => sample.state === "fault";
      const vehicles = [...all.filter(faulty), ...all.filter((vehicle) => !faulty(vehicle))];
      none.hidden = vehicles.length > 0;
      setText(count, vehicles.length > 0 ? texts.number(vehicles.length) : "");
      keyedChildren(
        list,
        vehicles,
        ({ sample }) => sample.id,
        make,
        (row, vehicle) => update(row, vehicle, selection?.kind === "vehicle" && selection.id === vehicle.sample.id),
      );
    },
  };
}
