/** The replay's timeline: play, speed, a track to scrub on with the hours and what happened when. */
import type { EventEntry } from "../../model/ledger.ts";
import { HOUR_MS } from "../../model/ledger.ts";
import type { Texts } from "../i18n/texts.ts";
import { element, setAttribute, setText } from "./dom.ts";
import { clockText } from "./moment.ts";

export const speeds = [1, 5, 10, 30, 60, 120, 300] as const;

export interface TimelineState {
  readonly tMs: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly playing: boolean;
  readonly speed: number;
  /** Share of the recording whose log has been read. */
  readonly indexed: number;
  readonly events: readonly EventEntry[];
  /** Delivered in each hour from hour 0 of the run, for the shape behind the track. */
  readonly deliveredByHour: readonly number[];
}

export interface TimelineActions {
  toggle(): void;
  speed(speed: number): void;
  seek(tMs: number): void;
  step(ms: number): void;
}

export interface Timeline {
  readonly root: HTMLElement;
  update(state: TimelineState): void;
}

const MINUTE_MS = 60_000;

export function timeline(texts: Texts, actions: TimelineActions): Timeline {
  const button = (text: string, title: string, act: () => void, id: string): HTMLButtonElement => {
    const made = element("button", { type: "button", title, "aria-label": title, id }, text);
    made.addEventListener("click", act);
    return made;
  };
  const play = button("▶", texts.t("timeline.play"), () => actions.toggle(), "play");
  const back = button("−1′", texts.t("timeline.back"), () => actions.step(-MINUTE_MS), "back");
  const forward = button("+1′", texts.t("timeline.forward"), () => actions.step(MINUTE_MS), "forward");
  const select = element("select", {
    title: texts.t("timeline.speed"),
    "aria-label": texts.t("timeline.speed"),
    id: "speed",
  });
  for (const speed of speeds) select.append(element("option", { value: String(speed) }, `${speed}×`));
  select.addEventListener("change", () => actions.speed(Number(select.value)));
  const time = element("output", { class: "time" });
  const canvas = element("canvas", {});
  const tip = element("span", { class: "tip" });
  const note = element("span", { class: "note" });
  const track = element(
    "div",
    { class: "track", role: "slider", tabindex: "0", "aria-label": texts.t("timeline.seek"), id: "track" },
    canvas,
    tip,
    note,
  );
  const root = element("footer", { class: "timeline" }, play, back, forward, select, track, time);
  let state: TimelineState | null = null;
  let drawnKey = "";

  const timeAt = (event: PointerEvent): number => {
    const { left, width } = track.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (event.clientX - left) / width));
    return state === null ? 0 : state.startMs + share * (state.endMs - state.startMs);
  };
  track.addEventListener("pointerdown", (event) => {
    track.setPointerCapture(event.pointerId);
    actions.seek(timeAt(event));
  });
  track.addEventListener("pointermove", (event) => {
    const { left, width } = track.getBoundingClientRect();
    setText(tip, clockText(timeAt(event)));
    tip.style.left = `${Math.min(width - 30, Math.max(30, event.clientX - left))}px`;
    if (track.hasPointerCapture(event.pointerId)) actions.seek(timeAt(event));
  });

  return {
    root,
    update(next) {
      state = next;
      setText(play, next.playing ? "❚❚" : "▶");
      setAttribute(play, "title", texts.t(next.playing ? "timeline.pause" : "timeline.play"));
      if (select.value !== String(next.speed)) select.value = String(next.speed);
      setText(time, clockText(next.tMs));
      setText(
        note,
        next.indexed < 1 ? texts.t("timeline.indexing", { percent: texts.number(next.indexed * 100) }) : "",
      );
      setAttribute(track, "aria-valuetext", clockText(next.tMs));
      setAttribute(track, "aria-valuemin", String(next.startMs / 1000));
      setAttribute(track, "aria-valuemax", String(next.endMs / 1000));
      setAttribute(track, "aria-valuenow", String(Math.round(next.tMs / 1000)));
      const { clientWidth: width, clientHeight: height } = track;
      const share = (next.tMs - next.startMs) / Math.max(1, next.endMs - next.startMs);
      const key = `${width} ${height} ${Math.round(share * width * 2)} ${next.events.length} ${next.indexed}`;
      if (key === drawnKey || width === 0) return;
      drawnKey = key;
      drawTrack(canvas, width, height, next, share);
    },
  };
}

const LABEL_PX = 56;

function drawTrack(
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
  state: TimelineState,
  share: number,
): void {
  const ratio = Math.min(2, devicePixelRatio);
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const context = canvas.getContext("2d")!;
  context.scale(ratio, ratio);
  const spanMs = Math.max(1, state.endMs - state.startMs);
  const x = (tMs: number): number => ((tMs - state.startMs) / spanMs) * width;
  const top = 4;
  const bottom = height - 16;
  context.fillStyle = "#1a232d";
  context.fillRect(0, top, width, bottom - top);
  context.fillStyle = "#22384d";
  context.fillRect(0, top, share * width, bottom - top);
  const most = Math.max(1, ...state.deliveredByHour);
  context.fillStyle = "rgba(91,184,240,0.30)";
  state.deliveredByHour.forEach((n, hour) => {
    const from = Math.max(0, x(hour * HOUR_MS));
    const to = Math.min(width, x((hour + 1) * HOUR_MS));
    const h = (n / most) * (bottom - top - 4);
    if (to > from) context.fillRect(from, bottom - h, to - from - 0.5, h);
  });
  const stepMs =
    [1, 2, 5, 10, 15, 30, 60, 120, 180, 360]
      .map((m) => m * MINUTE_MS)
      .find((ms) => (ms / spanMs) * width >= LABEL_PX) ?? 6 * HOUR_MS;
  context.font = '500 10px "Segoe UI", "Noto Sans", system-ui, sans-serif';
  context.textAlign = "center";
  for (let t = Math.ceil(state.startMs / stepMs) * stepMs; t <= state.endMs; t += stepMs) {
    context.fillStyle = "#3a4a59";
    context.fillRect(x(t), top, 1, bottom - top + 3);
    context.fillStyle = "#95a5b4";
    const label = clockText(t).slice(0, 5);
    if (x(t) > 16 && x(t) < width - 16) context.fillText(label, x(t), height - 3);
  }
  for (const { tMs, severity } of state.events) {
    if (severity === "info") continue;
    context.fillStyle = severity === "alarm" ? "#ff5b3d" : "#f2c230";
    context.beginPath();
    context.moveTo(x(tMs), top + 9);
    context.lineTo(x(tMs) - 4, top + 1);
    context.lineTo(x(tMs) + 4, top + 1);
    context.fill();
  }
  context.fillStyle = "#ffffff";
  context.fillRect(share * width - 1, top - 3, 2, bottom - top + 6);
}
