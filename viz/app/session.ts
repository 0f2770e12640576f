/** One run on the screen: takes what the feed tells, moves the playhead, draws the scene and keeps the page current. */
import type { Feed, FeedListener, FeedStatus, RunFacts } from "../feed/feed.ts";
import type { OrderNow } from "../model/ledger.ts";
import type { VehicleNow } from "../model/pose-track.ts";
import { World } from "../model/world.ts";
import { type Language, rememberLanguage, type Texts, textsIn } from "./i18n/texts.ts";
import { makePage, type Page, type PageActions, showError } from "./page.ts";
import { element } from "./panels/dom.ts";
import type { Selection } from "./panels/moment.ts";
import { Playback } from "./playback.ts";
import type { SceneWords } from "./scene/annotate.ts";
import { CorridorScene } from "./scene/corridor-scene.ts";
import type { ContainerLook, WaitingStack } from "./scene/fleet.ts";
import { type SceneControls, sceneControls } from "./scene-controls.ts";

const PANELS_EVERY_MS = 250;
const EVENTS_SHOWN = 60;

/** What tests and curious people may read in `window.__kalong`. */
export interface DebugState {
  readonly tMs: number;
  readonly language: Language;
  readonly status: FeedStatus["kind"];
  readonly indexed: number;
  readonly deliveredToday: number;
  /** How long the last seek took until its motion was there, milliseconds. */
  readonly seekMs: number;
  readonly framesDrawn: number;
  readonly vehicles: readonly { id: string; x: number; y: number; theta: number; v: number; state: string }[];
}

export interface Session {
  /** Draws a frame and moves on; `nowMs` is the page's clock. */
  frame(nowMs: number): void;
  debug(): DebugState;
}

/** Begins to show a feed in `app`. */
export function startSession(app: HTMLElement, feed: Feed, name: string, language: Language): Session {
  const playback = new Playback(feed);
  let texts: Texts = textsIn(language);
  let world: World | null = null;
  let facts: RunFacts = {};
  let scene: CorridorScene | null = null;
  let controls: SceneControls | null = null;
  let page: Page | null = null;
  let status: FeedStatus = { kind: "opening" };
  let selection: Selection | null = null;
  let sceneHost = element("div", { class: "scene" });
  let lastFrameMs = 0;
  let panelsMs = Number.NEGATIVE_INFINITY;
  let stacks: readonly WaitingStack[] = [];
  let seekStartedMs = 0;
  let seekMs = 0;
  let framesDrawn = 0;
  let drawnKey = "";
  /** Something changed since the panels were updated. */
  let panelsBehind = false;

  const lookOf = (container: string, laden: boolean): ContainerLook => {
    const load = world?.ledger.loadOf(container) ?? null;
    return { commodity: load?.commodity ?? null, lengthFt: load?.lengthFt ?? 40, laden: load?.laden ?? laden };
  };

  const seek = (tMs: number): void => {
    seekStartedMs = performance.now();
    playback.seek(tMs);
  };

  const actions: PageActions = {
    select(next) {
      selection = next;
      if (controls !== null && controls.following !== null && next?.kind === "vehicle") controls.follow(next.id);
      panelsMs = Number.NEGATIVE_INFINITY;
    },
    language(next) {
      rememberLanguage(next);
      texts = textsIn(next);
      openPage();
    },
    view: (mode) => controls?.view(mode),
    fit: () => controls?.fit(),
    follow() {
      controls?.follow(controls.following === null && selection?.kind === "vehicle" ? selection.id : null);
    },
    toggle: () => playback.toggle(),
    speed(speed) {
      playback.speed = speed;
    },
    seek,
    step: (ms) => seek(playback.tMs + ms),
  };

  const openPage = (): void => {
    if (world === null) return;
    page = makePage(app, sceneHost, texts, { kind: feed.kind, name, facts, world, lookOf }, actions);
    page.status(status);
    panelsMs = Number.NEGATIVE_INFINITY;
  };

  const fail = (words: string, detail: string): void => {
    scene?.dispose();
    scene = null;
    world = null;
    page = null;
    showError(app, texts, words, detail);
  };

  const listener: FeedListener = {
    site(message, newFacts) {
      scene?.dispose();
      const mode = scene?.views.mode;
      facts = newFacts;
      sceneHost = element("div", { class: "scene" });
      world = new World(message);
      openPage();
      try {
        scene = new CorridorScene(sceneHost, message, world.site);
      } catch (error) {
        fail(texts.t("error.webgl"), error instanceof Error ? error.message : String(error));
        return;
      }
      const opened = scene;
      controls = sceneControls(
        sceneHost,
        opened,
        (x, y) => (world === null ? null : opened.pick(x, y, world.vehicles())),
        actions.select,
        () => placeOfInterest(world, selection),
      );
      if (mode !== undefined) controls.view(mode);
    },
    restart(atMs, ground) {
      world?.restart(atMs, ground);
      playback.restarted(atMs);
      panelsMs = Number.NEGATIVE_INFINITY;
    },
    motion(messages) {
      world?.add(messages);
      if (seekStartedMs > 0) {
        seekMs = performance.now() - seekStartedMs;
        seekStartedMs = 0;
      }
    },
    log(messages) {
      for (const message of messages) world?.ledger.apply(message);
    },
    status(next) {
      status = next;
      page?.status(next);
      if (next.kind === "failed") fail(texts.t("error.feed"), next.detail);
    },
  };

  const updatePanels = (current: World, tMs: number): void => {
    const openOrders = current.ledger.openOrders(tMs);
    stacks = waitingStacks(current, openOrders, lookOf);
    const all = current.ledger.events(0, tMs);
    page?.update({
      tMs,
      vehicles: current.vehicles(),
      figures: current.ledger.figures(tMs),
      openOrders,
      events: all.slice(-EVENTS_SHOWN).reverse(),
      selection,
    });
  };

  const draw = (target: CorridorScene, current: World, vehicles: readonly VehicleNow[]): void => {
    target.draw({
      vehicles,
      ground: current.ground,
      stacks,
      selected: selection?.kind === "vehicle" ? selection.id : null,
      lookOf,
      words: sceneWords(texts),
    });
    framesDrawn++;
  };

  addEventListener("keydown", (event) => {
    if (event.target instanceof HTMLSelectElement) return;
    if (event.key === " " && feed.kind === "replay") playback.toggle();
    else if (event.key === "ArrowLeft") actions.step(-10_000);
    else if (event.key === "ArrowRight") actions.step(10_000);
    else if (event.key === "1") actions.view("strips");
    else if (event.key === "2") actions.view("plan");
    else if (event.key === "3") actions.view("perspective");
    else if (event.key === "f") actions.follow();
    else if (event.key === "Escape") actions.select(null);
    else return;
    event.preventDefault();
  });
  feed.start(listener);

  return {
    frame(nowMs) {
      const frameMs = nowMs - lastFrameMs;
      lastFrameMs = nowMs;
      if (world === null || scene === null || page === null) return;
      playback.frame(nowMs, frameMs);
      world.advance(playback.tMs);
      const vehicles = world.vehicles();
      if (controls !== null && controls.following !== null) {
        const followed = vehicles.find(({ sample }) => sample.id === controls?.following);
        if (followed !== undefined) scene.views.lookAt(followed.x, followed.y);
      }
      const key = `${playback.tMs} ${world.ledger.version} ${world.ground.version} ${selection?.id} ${texts.language} ${scene.viewKey()}`;
      const changed = key !== drawnKey;
      if (nowMs - panelsMs >= PANELS_EVERY_MS && (changed || panelsMs === Number.NEGATIVE_INFINITY || panelsBehind)) {
        panelsMs = nowMs;
        panelsBehind = false;
        updatePanels(world, playback.tMs);
      } else panelsBehind ||= changed;
      // A page that stands still costs nothing: it may be open all night.
      if (changed || panelsMs === nowMs) {
        drawnKey = key;
        draw(scene, world, vehicles);
      }
      page.tools.show(scene.views.mode, controls?.following !== null, selection?.kind === "vehicle");
      const { startMs, endMs } = feed.span();
      page.timeline?.update({
        tMs: playback.tMs,
        startMs,
        endMs,
        playing: playback.playing,
        speed: playback.speed,
        indexed: feed.indexed(),
        events: world.ledger.events(startMs, endMs),
        deliveredByHour: world.ledger.deliveredByHour(endMs),
      });
    },
    debug: () => ({
      tMs: playback.tMs,
      language: texts.language,
      status: status.kind,
      indexed: feed.indexed(),
      deliveredToday: world?.ledger.figures(playback.tMs).deliveredToday ?? 0,
      seekMs,
      framesDrawn,
      vehicles: (world?.vehicles() ?? []).map(({ sample, x, y, theta, v }) => ({
        id: sample.id,
        x,
        y,
        theta,
        v,
        state: sample.state,
      })),
    }),
  };
}

/** The selected vehicle, else the one nearest to the middle of the site. */
function placeOfInterest(world: World | null, selection: Selection | null): { x: number; y: number } | null {
  if (world === null) return null;
  const { minX, maxX, minY, maxY } = world.site.box;
  const fromMiddle = ({ x, y }: { x: number; y: number }): number =>
    Math.hypot(x - (minX + maxX) / 2, y - (minY + maxY) / 2);
  const vehicles = world.vehicles();
  return (
    vehicles.find(({ sample }) => selection?.kind === "vehicle" && sample.id === selection.id) ??
    vehicles.sort((a, b) => fromMiddle(a) - fromMiddle(b))[0] ??
    null
  );
}

/** Containers that stand at cranes: of orders accepted and not yet picked up, by bay. */
function waitingStacks(
  world: World,
  orders: readonly OrderNow[],
  lookOf: (container: string, laden: boolean) => ContainerLook,
): WaitingStack[] {
  const byBay = new Map<string, ContainerLook[]>();
  for (const { status, place, record } of orders) {
    if (status !== "waiting" && status !== "assigned") continue;
    const bay = world.site.bays.has(place) ? place : world.site.stations.find(({ id }) => id === place)?.bays[0]?.id;
    if (bay === undefined) continue;
    const containers = byBay.get(bay) ?? [];
    containers.push(lookOf(record.container, true));
    byBay.set(bay, containers);
  }
  return [...byBay].map(([bay, containers]) => ({ bay, containers }));
}

function sceneWords(texts: Texts): SceneWords {
  return {
    role: (role) => texts.ofCode("role", role, role),
    side: (side) => texts.t(side === "cn" ? "scene.cn" : "scene.vn"),
    river: texts.t("scene.river"),
    border: texts.t("scene.border"),
    north: texts.t("scene.north"),
  };
}
