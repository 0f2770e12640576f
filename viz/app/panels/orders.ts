/** How many transport orders wait, are on vehicles, are done. */
import type { Texts } from "../i18n/texts.ts";
import { element, setText } from "./dom.ts";
import type { Panel } from "./moment.ts";

export function ordersPanel(texts: Texts): Panel {
  const value = (): HTMLElement => element("strong", {}, "0");
  const waiting = value();
  const oldest = value();
  const transit = value();
  const delivered = value();
  const cell = (number: HTMLElement, label: string): HTMLElement =>
    element("div", {}, number, element("span", {}, label));
  const root = element(
    "section",
    { class: "card orders" },
    element("h2", {}, texts.t("orders.title")),
    element(
      "div",
      { class: "cells" },
      cell(waiting, texts.t("orders.waiting")),
      cell(oldest, texts.t("orders.oldest")),
      cell(transit, texts.t("orders.transit")),
      cell(delivered, texts.t("orders.delivered")),
    ),
  );
  return {
    root,
    update({ figures }) {
      setText(waiting, texts.number(figures.waiting + figures.assigned));
      setText(oldest, figures.waiting + figures.assigned > 0 ? texts.duration(figures.oldestWaitMs) : "–");
      setText(transit, texts.number(figures.inTransit));
      setText(delivered, texts.number(figures.delivered));
    },
  };
}
