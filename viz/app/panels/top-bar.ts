/** Name, state of the feed, alarms, clocks, language. */
import type { FeedStatus, RunFacts } from "../../feed/feed.ts";
import { DAY_MS, HOUR_MS } from "../../model/ledger.ts";
import { type Language, languages, type Texts } from "../i18n/texts.ts";
import { element, setAttribute, setText } from "./dom.ts";
import { clockText, type Panel, startsAtMs } from "./moment.ts";

const HANOI_H = 7;
const BEIJING_H = 8;

export interface TopBar extends Panel {
  status(status: FeedStatus): void;
}

export function topBar(
  texts: Texts,
  options: { readonly kind: "live" | "replay"; readonly name: string; readonly site: string; readonly facts: RunFacts },
  setLanguage: (language: Language) => void,
): TopBar {
  const status = element("span", { class: "pill" });
  const alarms = element("span", { class: "alarms", role: "status" });
  const clock = (label: string): { root: HTMLElement; value: HTMLElement } => {
    const value = element("b");
    return { root: element("div", { class: "clock" }, element("span", {}, label), value), value };
  };
  const run = clock(texts.t("clock.run"));
  const hanoi = clock(texts.t("clock.hanoi"));
  const beijing = clock(texts.t("clock.beijing"));
  const language = element("div", { class: "languages", role: "group", "aria-label": texts.t("bar.language") });
  for (const { code, name } of languages) {
    const button = element(
      "button",
      {
        type: "button",
        lang: code,
        title: name,
        "aria-pressed": String(code === texts.language),
        "data-language": code,
      },
      code.toUpperCase(),
    );
    button.addEventListener("click", () => setLanguage(code));
    language.append(button);
  }
  const scenario = options.facts.scenario;
  const root = element(
    "header",
    { class: "bar" },
    element("h1", { title: texts.t("app.title") }, "Kalong"),
    element(
      "span",
      { class: "where", title: options.name },
      scenario === undefined ? options.site : `${options.site} · ${scenario}`,
    ),
    status,
    alarms,
    element("div", { class: "clocks" }, run.root, hanoi.root, beijing.root),
    language,
  );
  const startMs = startsAtMs(options.facts);
  return {
    root,
    status(now) {
      const text = {
        opening: texts.t("bar.opening"),
        running: texts.t(options.kind === "live" ? "bar.live" : "bar.replay"),
        reconnecting: texts.t("bar.reconnecting"),
        failed: texts.t("bar.failed"),
      }[now.kind];
      setText(status, text);
      setAttribute(status, "class", `pill ${now.kind} ${options.kind}`);
    },
    update({ tMs, vehicles }) {
      const day = Math.floor(tMs / DAY_MS) + 1;
      setText(run.value, `${day > 1 ? `${texts.t("clock.day", { n: day })} ` : ""}${clockText(tMs)}`);
      // Run time 0 is midnight in Hanoi unless the run says when it began.
      const utcMs = startMs === null ? tMs - HANOI_H * HOUR_MS : startMs + tMs;
      setText(hanoi.value, clockText(utcMs + HANOI_H * HOUR_MS + DAY_MS).slice(0, 5));
      setText(beijing.value, clockText(utcMs + BEIJING_H * HOUR_MS + DAY_MS).slice(0, 5));
      const faults = vehicles.filter(({ sample }) => sample.state === "fault").length;
      setText(alarms, faults > 0 ? texts.t("bar.alarms", { n: faults }) : texts.t("bar.noAlarms"));
      setAttribute(alarms, "class", faults > 0 ? "alarms on" : "alarms");
    },
  };
}
