/** The page for one language: its panels and what their buttons do. Switching the language makes another page. */
import type { FeedStatus, RunFacts } from "../feed/feed.ts";
import type { World } from "../model/world.ts";
import type { Language, Texts } from "./i18n/texts.ts";
import { detailsPanel } from "./panels/details.ts";
import { element } from "./panels/dom.ts";
import { eventsPanel } from "./panels/events.ts";
import type { Moment, Selection } from "./panels/moment.ts";
import { ordersPanel } from "./panels/orders.ts";
import { type SceneActions, type SceneTools, sceneTools } from "./panels/scene-tools.ts";
import { throughputPanel } from "./panels/throughput.ts";
import { type Timeline, type TimelineActions, timeline } from "./panels/timeline.ts";
import { topBar } from "./panels/top-bar.ts";
import { vehiclesPanel } from "./panels/vehicles.ts";
import type { ContainerLook } from "./scene/fleet.ts";

export interface PageActions extends SceneActions, TimelineActions {
  select(selection: Selection | null): void;
  language(language: Language): void;
}

export interface Page {
  readonly tools: SceneTools;
  /** Null when live. */
  readonly timeline: Timeline | null;
  status(status: FeedStatus): void;
  update(moment: Moment): void;
}

/** @param sceneHost the element that holds the scene; it outlives the page */
export function makePage(
  app: HTMLElement,
  sceneHost: HTMLElement,
  texts: Texts,
  run: {
    readonly kind: "live" | "replay";
    readonly name: string;
    readonly facts: RunFacts;
    readonly world: World;
    lookOf(container: string, laden: boolean): ContainerLook;
  },
  actions: PageActions,
): Page {
  const { world } = run;
  const bar = topBar(texts, { ...run, site: world.site.id }, actions.language);
  const panels = [
    throughputPanel(texts, run.facts),
    ordersPanel(texts),
    vehiclesPanel(texts, actions.select),
    eventsPanel(texts, (tMs) => actions.seek(tMs)),
  ];
  const details = detailsPanel(texts, { site: world.site, ground: world.ground, lookOf: run.lookOf }, () =>
    actions.select(null),
  );
  const tools = sceneTools(texts, actions);
  const line = run.kind === "replay" ? timeline(texts, actions) : null;
  app.replaceChildren(
    bar.root,
    element("main", {}, sceneHost, element("div", { class: "tools" }, tools.legend, tools.buttons)),
    element("aside", {}, ...panels.map((panel) => panel.root), details.root),
    ...(line === null ? [] : [line.root]),
  );
  app.dataset.kind = run.kind;
  document.documentElement.lang = texts.language;
  document.title = `${texts.t("app.title")} – ${world.site.id}`;
  return {
    tools,
    timeline: line,
    status: (status) => bar.status(status),
    update(moment) {
      for (const panel of [bar, details, ...panels]) panel.update(moment);
    },
  };
}

/** A message in place of the page when there is nothing to show. */
export function showError(app: HTMLElement, texts: Texts, words: string, detail: string): void {
  app.replaceChildren(
    element(
      "div",
      { class: "error", role: "alert" },
      element("h1", {}, texts.t("error.title")),
      element("p", {}, words),
      ...(detail === "" ? [] : [element("pre", {}, detail)]),
    ),
  );
}
