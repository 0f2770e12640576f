/** Buttons over the scene: ways of looking, and what the colours mean. */
import type { Texts } from "../i18n/texts.ts";
import { authorityColors, commodityColors } from "../scene/palette.ts";
import type { ViewMode } from "../scene/views.ts";
import { element } from "./dom.ts";

export interface SceneTools {
  readonly buttons: HTMLElement;
  readonly legend: HTMLElement;
  show(mode: ViewMode, following: boolean, canFollow: boolean): void;
}

export interface SceneActions {
  view(mode: ViewMode): void;
  fit(): void;
  follow(): void;
}

export function sceneTools(texts: Texts, actions: SceneActions): SceneTools {
  const modes: readonly (readonly [ViewMode, string])[] = [
    ["strips", texts.t("view.strips")],
    ["plan", texts.t("view.plan")],
    ["perspective", texts.t("view.perspective")],
  ];
  const button = (text: string, name: string, act: () => void): HTMLButtonElement => {
    const made = element("button", { type: "button", "data-view": name }, text);
    made.addEventListener("click", act);
    return made;
  };
  const modeButtons = modes.map(([mode, text]) => button(text, mode, () => actions.view(mode)));
  const fit = button(texts.t("view.fit"), "fit", () => actions.fit());
  const follow = button(texts.t("view.follow"), "follow", () => actions.follow());
  const swatch = (color: string, text: string, kind: string): HTMLElement =>
    element("span", {}, element("i", { class: kind, style: `--swatch:${color}` }), text);
  const commodityText = (commodity: string): string =>
    texts.ofCode("commodity", commodity, texts.t("commodity.unknown"));
  return {
    buttons: element(
      "div",
      { class: "views", title: texts.t("view.help") },
      element("div", { class: "group" }, ...modeButtons),
      element("div", { class: "group" }, fit, follow),
    ),
    legend: element(
      "div",
      { class: "legend" },
      swatch(authorityColors.base, texts.t("legend.base"), "band"),
      swatch(authorityColors.horizon, texts.t("legend.plan"), "dash"),
      ...Object.entries(commodityColors).map(([commodity, color]) => swatch(color, commodityText(commodity), "box")),
    ),
    show(mode, following, canFollow) {
      modeButtons.forEach((one, i) => {
        one.setAttribute("aria-pressed", String(modes[i]![0] === mode));
      });
      follow.setAttribute("aria-pressed", String(following));
      follow.disabled = !canFollow;
      fit.disabled = mode === "strips";
    },
  };
}
