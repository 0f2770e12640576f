/** What happened last, newest first. */
import type { EventEntry, Severity } from "../../model/ledger.ts";
import type { Texts } from "../i18n/texts.ts";
import { element, keyedChildren } from "./dom.ts";
import { clockText, type Panel } from "./moment.ts";

const signs: Readonly<Record<Severity, string>> = { info: "·", warning: "◆", alarm: "▲" };

/** An event in the language of the page where its code is in the catalogue, else as the gateway worded it. */
export function eventWords(texts: Texts, { event }: EventEntry): string {
  const vehicle = event.vehicle ?? texts.t("event.everyVehicle");
  return texts.ofCode("event", event.code, event.text === "" ? event.code : event.text, { ...event.data, vehicle });
}

/** @param goTo called with the time of an event that was clicked */
export function eventsPanel(texts: Texts, goTo: (tMs: number) => void): Panel {
  const list = element("div", { class: "rows" });
  const none = element("p", { class: "muted none" }, texts.t("events.none"));
  const root = element("section", { class: "card events" }, element("h2", {}, texts.t("events.title")), none, list);
  const severityName: Readonly<Record<Severity, string>> = {
    info: texts.t("events.info"),
    warning: texts.t("events.warning"),
    alarm: texts.t("events.alarm"),
  };
  const make = (entry: EventEntry): HTMLElement => {
    const row = element(
      "button",
      { class: `row ${entry.severity}`, type: "button" },
      element("span", { class: "sign", title: severityName[entry.severity] }, signs[entry.severity]),
      element("time", {}, clockText(entry.tMs)),
      element("span", { class: "what" }, eventWords(texts, entry)),
    );
    row.title = eventWords(texts, entry);
    row.addEventListener("click", () => goTo(entry.tMs));
    return row;
  };
  return {
    root,
    update({ events }) {
      none.hidden = events.length > 0;
      const seen = new Map<string, number>();
      const keyed = events.map((entry) => {
        const base = `${entry.tMs} ${entry.event.code} ${entry.event.vehicle ?? ""}`;
        const n = (seen.get(base) ?? 0) + 1;
        seen.set(base, n);
        return { entry, key: `${base} ${n}` };
      });
      keyedChildren(
        list,
        keyed,
        ({ key }) => key,
        ({ entry }) => make(entry),
        () => {},
      );
    },
  };
}
