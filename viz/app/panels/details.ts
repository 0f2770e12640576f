/** The selected vehicle or station. */
import type { Ground } from "../../model/ground.ts";
import type { SiteView } from "../../model/site-view.ts";
import type { Texts } from "../i18n/texts.ts";
import type { ContainerLook } from "../scene/fleet.ts";
import { element, keyedChildren, setText } from "./dom.ts";
import { type Moment, type Panel, waitingWords } from "./moment.ts";

interface DetailsSource {
  readonly site: SiteView;
  readonly ground: Ground;
  lookOf(container: string, laden: boolean): ContainerLook;
}

export function detailsPanel(texts: Texts, source: DetailsSource, close: () => void): Panel {
  const title = element("h2");
  const rows = element("dl");
  const button = element(
    "button",
    { class: "close", type: "button", "aria-label": texts.t("details.close"), title: texts.t("details.close") },
    "✕",
  );
  button.addEventListener("click", close);
  const root = element("section", { class: "card details" }, title, button, rows);
  root.hidden = true;
  return {
    root,
    update(moment) {
      const { selection } = moment;
      const facts =
        selection === null
          ? null
          : selection.kind === "vehicle"
            ? vehicleFacts(moment, selection.id)
            : stationFacts(moment, selection.id);
      root.hidden = facts === null;
      if (facts === null || selection === null) return;
      setText(title, selection.id);
      keyedChildren(
        rows,
        facts,
        ([label]) => label,
        ([label]) => element("div", {}, element("dt", {}, label), element("dd")),
        (row, [, text]) => setText(row.lastElementChild as HTMLElement, text),
      );
    },
  };

  function orderWords(reason: string): string {
    return texts.ofCode("orderWait", reason, reason);
  }

  function vehicleFacts(moment: Moment, id: string): (readonly [string, string])[] | null {
    const vehicle = moment.vehicles.find(({ sample }) => sample.id === id);
    if (vehicle === undefined) return null;
    const { sample, v } = vehicle;
    const order = moment.openOrders.find(({ record }) => record.id === sample.order);
    const why = waitingWords(texts, sample.waitingFor) || orderWords(order?.reason ?? "");
    const plan = source.ground.planOf(id);
    const container = sample.containers[0];
    const facts: (readonly [string, string])[] = [
      [texts.t("details.state"), texts.ofCode("state", sample.state, sample.state)],
    ];
    if (why !== "") facts.push([texts.t("details.why"), why]);
    facts.push(
      [texts.t("details.speed"), texts.t("unit.speed", { n: texts.number(v, 1) })],
      [texts.t("details.battery"), `${texts.number(sample.soc * 100)} %`],
      [texts.t("details.order"), sample.order === "" ? texts.t("details.empty") : sample.order],
      [texts.t("details.container"), container === undefined ? texts.t("details.empty") : sample.containers.join(", ")],
    );
    if (container !== undefined) {
      const { commodity } = source.lookOf(container, sample.laden);
      if (commodity !== null) facts.push([texts.t("details.load"), texts.ofCode("commodity", commodity, commodity)]);
    }
    facts.push([texts.t("details.lane"), `${sample.lane} · ${texts.number(sample.s)} m`]);
    if (plan !== undefined && plan.restsAt !== "") facts.push([texts.t("details.restsAt"), plan.restsAt]);
    return facts;
  }

  function stationFacts(moment: Moment, id: string): (readonly [string, string])[] | null {
    const station = source.site.stations.find((one) => one.id === id);
    if (station === undefined) return null;
    const here = moment.vehicles.filter(({ x, y }) => station.bays.some((bay) => Math.hypot(bay.x - x, bay.y - y) < 3));
    const waiting = moment.openOrders.filter(
      ({ status, place }) => status !== "inTransit" && (place === id || station.bays.some((bay) => bay.id === place)),
    );
    const facts: (readonly [string, string])[] = [
      [texts.t("details.role"), texts.ofCode("role", station.role, station.role)],
      [texts.t("details.side"), texts.t(station.side === "cn" ? "scene.cn" : "scene.vn")],
      [texts.t("details.bays"), texts.number(station.bays.length)],
      [texts.t("details.here"), here.map(({ sample }) => sample.id).join(", ") || texts.t("details.empty")],
    ];
    if (station.role === "crane") facts.push([texts.t("details.waitingHere"), texts.number(waiting.length)]);
    return facts;
  }
}
