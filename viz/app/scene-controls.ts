/** Mouse, touch and keys over the scene. */
import type { CorridorScene, Picked } from "./scene/corridor-scene.ts";
import type { ViewMode } from "./scene/views.ts";

export interface SceneControls {
  /** Vehicle in the middle of the view, or null. */
  following: string | null;
  /** Keeps a vehicle in the middle, near enough to see it; null lets go. */
  follow(vehicle: string | null): void;
  view(mode: ViewMode): void;
  fit(): void;
}

const CLICK_PX = 4;
const WHEEL_STEP = 0.0015;
/** The tilted view begins near enough for the vehicles to be seen as what they are. */
const ENTRY_PX_PER_M = 2.4;
/** A vehicle that is followed is 75 pixels long or more. */
const CLOSE_UP_PX_PER_M = 5;

/**
 * @param pick  what is at a pixel of the scene
 * @param focus the place of most interest, to begin a near view at
 */
export function sceneControls(
  host: HTMLElement,
  scene: CorridorScene,
  pick: (x: number, y: number) => Picked | null,
  select: (picked: Picked | null) => void,
  focus: () => { readonly x: number; readonly y: number } | null,
): SceneControls {
  const { views } = scene;
  const controls: SceneControls = {
    following: null,
    follow(vehicle) {
      controls.following = vehicle;
      if (vehicle === null) return;
      if (views.mode === "strips") views.mode = "plan";
      views.pxPerM = Math.max(views.pxPerM, CLOSE_UP_PX_PER_M);
    },
    view(mode) {
      const before = views.mode;
      views.mode = mode;
      if (mode === "strips") controls.following = null;
      if (before === "strips" || mode === "strips") views.fit();
      if (before !== "perspective" && mode === "perspective") {
        views.pxPerM = Math.max(views.pxPerM, ENTRY_PX_PER_M);
        const at = focus();
        if (before === "strips" && at !== null) views.lookAt(at.x, at.y);
      }
    },
    fit() {
      controls.following = null;
      views.fit();
    },
  };
  /** Leaves the overview for the plan at a point of it, which stays under the pointer. */
  const openPlan = (x: number, y: number): void => {
    const hit = views.groundAt(x, y);
    if (hit === null) return;
    views.mode = "plan";
    views.pxPerM = hit.pane.pxPerM;
    views.lookAt(hit.x, hit.y);
    views.pan(x - host.clientWidth / 2, y - host.clientHeight / 2);
  };
  let drag: { x: number; y: number; startX: number; startY: number; rotate: boolean } | null = null;

  const place = (event: MouseEvent): { x: number; y: number } => {
    const { left, top } = host.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };
  host.addEventListener("contextmenu", (event) => event.preventDefault());
  host.addEventListener("pointerdown", (event) => {
    host.setPointerCapture(event.pointerId);
    const { x, y } = place(event);
    drag = { x, y, startX: x, startY: y, rotate: event.button === 2 || event.shiftKey };
  });
  host.addEventListener("pointermove", (event) => {
    if (drag === null) return;
    const { x, y } = place(event);
    const [dx, dy] = [x - drag.x, y - drag.y];
    const moved = Math.hypot(x - drag.startX, y - drag.startY) > CLICK_PX;
    if (moved && views.mode !== "strips") {
      if (drag.rotate && views.mode === "perspective") views.rotate(dx, dy);
      else {
        controls.following = null;
        views.pan(dx, dy);
      }
    }
    drag = { ...drag, x, y };
  });
  host.addEventListener("pointerup", (event) => {
    const { x, y } = place(event);
    if (drag !== null && Math.hypot(x - drag.startX, y - drag.startY) <= CLICK_PX) select(pick(x, y));
    drag = null;
  });
  host.addEventListener("dblclick", (event) => {
    const { x, y } = place(event);
    const picked = pick(x, y);
    if (views.mode === "strips") openPlan(x, y);
    if (picked?.kind === "vehicle") controls.follow(picked.id);
    else views.zoom(2, views.groundAt(x, y));
  });
  host.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const { x, y } = place(event);
      if (views.mode === "strips") {
        if (event.deltaY >= 0) return;
        openPlan(x, y);
      }
      const hit = views.groundAt(x, y);
      views.zoom(Math.exp(-event.deltaY * WHEEL_STEP), controls.following !== null || hit === null ? null : hit);
    },
    { passive: false },
  );
  return controls;
}
