/** Containers delivered today against the day's target, and by hour. */
import type { RunFacts } from "../../feed/feed.ts";
import { DAY_MS, HOUR_MS } from "../../model/ledger.ts";
import type { Texts } from "../i18n/texts.ts";
import { element, setAttribute, setText } from "./dom.ts";
import { type Panel, targetPerDay } from "./moment.ts";

export function throughputPanel(texts: Texts, facts: RunFacts): Panel {
  const target = targetPerDay(facts);
  const figure = element("strong", { class: "figure", id: "throughput-figure" }, "0");
  const of = element("span", { class: "of" });
  const pace = element("span", { class: "pace" });
  const lastHour = element("span", { class: "muted" });
  const done = element("span", { class: "done" });
  const due = element("span", { class: "due" });
  const meter = element("div", { class: "meter" }, done, due);
  const bars = element("div", {
    class: "bars",
    role: "img",
    "aria-label": texts.t("throughput.byHour"),
    title: texts.t("throughput.byHour"),
  });
  const hours = Array.from({ length: 24 }, () => element("i"));
  const level = element("b", { class: "level" });
  bars.append(...hours, level);
  const axis = element(
    "div",
    { class: "axis" },
    ...["00", "06", "12", "18", "24"].map((hour) => element("span", {}, hour)),
  );
  if (target !== null) setText(of, texts.t("throughput.ofTarget", { target: texts.number(target) }));
  else meter.hidden = true;
  const root = element(
    "section",
    { class: "card throughput" },
    element("h2", {}, texts.t("throughput.title")),
    element("div", { class: "line" }, figure, of, pace),
    meter,
    bars,
    axis,
    lastHour,
  );
  return {
    root,
    update({ tMs, figures }) {
      setText(figure, texts.number(figures.deliveredToday));
      const dayShare = (tMs % DAY_MS) / DAY_MS;
      if (target === null) setText(pace, texts.t("throughput.noTarget"));
      else {
        const ahead = Math.round(figures.deliveredToday - target * dayShare);
        setText(
          pace,
          ahead > 0
            ? texts.t("throughput.ahead", { n: texts.number(ahead) })
            : ahead < 0
              ? texts.t("throughput.behind", { n: texts.number(-ahead) })
              : texts.t("throughput.onPace"),
        );
        setAttribute(pace, "class", `pace ${ahead < 0 ? "behind" : "ahead"}`);
        done.style.width = `${Math.min(100, (100 * figures.deliveredToday) / target)}%`;
        due.style.left = `${100 * dayShare}%`;
      }
      const perHour = figures.kpi?.containersPerHour;
      setText(lastHour, perHour === undefined ? "" : texts.t("throughput.lastHour", { n: texts.number(perHour, 0) }));
      const most = Math.max(4, target === null ? 0 : target / 24, ...figures.deliveredByHour) * 1.1;
      const hourNow = Math.floor((tMs % DAY_MS) / HOUR_MS);
      hours.forEach((bar, hour) => {
        const n = figures.deliveredByHour[hour] ?? 0;
        bar.style.height = `${(100 * n) / most}%`;
        setAttribute(bar, "class", hour === hourNow ? "now" : "");
        setAttribute(bar, "title", texts.t("throughput.hour", { hour, n: texts.number(n) }));
      });
      level.hidden = target === null;
      if (target !== null) level.style.bottom = `${(100 * target) / 24 / most}%`;
    },
  };
}
