import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { siteMessage } from "../../fleet-gateway/index.ts";
import type { LiveFrame } from "../feed/live-messages.ts";
import { smallSite } from "../small-site.fixture.ts";
import { writeSyntheticRecording } from "../synthetic-recording.fixture.ts";
import en from "./i18n/en.json" with { type: "json" };
import vi from "./i18n/vi.json" with { type: "json" };
import type { DebugState } from "./session.ts";

const root = resolve(import.meta.dirname, "../..");
const executable = process.env.KALONG_TEST_CHROMIUM ?? "/usr/bin/chromium";
const skips = existsSync(executable) ? "" : ` – skipped: no Chromium at ${executable} (set KALONG_TEST_CHROMIUM)`;
/** Where to leave pictures of the page, for people and for the documentation. */
const pictures = process.env.KALONG_TEST_PICTURES ?? null;
/** Software rendering is slow: the page is drawn in its full size only when somebody wants to look at it. */
const viewport = pictures === null ? { width: 900, height: 520 } : { width: 1280, height: 720 };
const SECONDS = 7200;
/** Part of the recording of the corridor at which its pictures are taken. */
const CORRIDOR_AT = 0.8;

async function startReplay(recording: string): Promise<{ server: ChildProcess; address: string }> {
  const program = `
    import { Command } from "commander";
    import { runCommandLine } from "./command-line.ts";
    import { register } from "./fleet-gateway/command.ts";
    const program = new Command("kalong");
    register(program);
    process.exitCode = await runCommandLine(program, ["node", "kalong", "replay", process.argv[1], "--no-open"]);`;
  const server = spawn(process.execPath, ["--input-type=module", "-e", program, "--", recording], {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const line = await new Promise<string>((done) => server.stdout!.setEncoding("utf8").once("data", done));
  return { server, address: /http:\S+/.exec(line)![0] };
}

describe.skipIf(skips !== "")(`the viewer in Chromium${skips}`, { timeout: 120_000 }, () => {
  let folder = "";
  let browser: Browser;
  let replay: { server: ChildProcess; address: string };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "kalong-browser-"));
    const recording = join(folder, "run.mcap");
    await writeSyntheticRecording(recording, smallSite, { vehicles: 3, seconds: SECONDS, seed: 11, targetPerDay: 300 });
    replay = await startReplay(recording);
    browser = await chromium.launch({
      executablePath: executable,
      args: [
        "--no-sandbox",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    });
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    replay?.server.kill("SIGINT");
    await rm(folder, { recursive: true });
  });

  /** A page whose errors are gathered; the driver's notes about slow software rendering are no errors. */
  async function open(
    prepare: (page: Page) => Promise<void> = async () => {},
  ): Promise<{ page: Page; errors: string[] }> {
    const page = await browser.newPage({ viewport, locale: "en-GB" });
    const errors: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error") errors.push(message.text());
    });
    page.on("pageerror", (error) => errors.push(error.message));
    page.on("requestfailed", (request) => errors.push(`${request.url()}: ${request.failure()?.errorText}`));
    await prepare(page);
    await page.goto(`${replay.address}/${pictures === null ? "" : "?smooth"}`);
    await page.waitForFunction(() => (window.__kalong?.state.vehicles.length ?? 0) > 0);
    return { page, errors };
  }

  const state = (page: Page): Promise<DebugState> => page.evaluate(() => window.__kalong!.state);
  const picture = async (page: Page, name: string): Promise<void> => {
    if (pictures !== null) await page.screenshot({ path: join(pictures, `${name}.png`) });
  };

  test("vehicles move, in the numbers and on the screen", async () => {
    const { page, errors } = await open();
    const shot = (): Promise<Buffer> => page.locator(".scene").screenshot();
    await page.waitForFunction(() => window.__kalong!.state.tMs > 500);
    const [before, pictureBefore] = [await state(page), await shot()];
    await page.waitForFunction((tMs) => window.__kalong!.state.tMs > tMs + 1000, before.tMs);
    const [after, pictureAfter] = [await state(page), await shot()];
    const moved = after.vehicles.map(({ x, y }, i) => Math.hypot(x - before.vehicles[i]!.x, y - before.vehicles[i]!.y));
    expect(Math.max(...moved)).toBeGreaterThan(2);
    expect(Math.max(...moved)).toBeLessThan(((after.tMs - before.tMs) / 1000) * 5);
    expect(Buffer.compare(pictureBefore, pictureAfter)).not.toBe(0);
    expect(errors).toEqual([]);
    await page.close();
  });

  test("the timeline scrubs: another time, other vehicles, another throughput; back again gives the same", async () => {
    const { page, errors } = await open();
    await page.waitForFunction(() => window.__kalong!.state.indexed === 1);
    await page.click("#play");
    const scrub = async (share: number): Promise<DebugState> => {
      const box = (await page.locator("#track").boundingBox())!;
      await page.mouse.click(box.x + share * box.width, box.y + box.height / 2);
      const wantedMs = share * SECONDS * 1000;
      await page.waitForFunction((ms) => Math.abs(window.__kalong!.state.tMs - ms) < 20_000, wantedMs);
      return state(page);
    };
    const figure = page.locator("#throughput-figure");
    const early = await scrub(0.1);
    await expect.poll(() => figure.textContent()).toBe(String(early.deliveredToday));
    const late = await scrub(0.9);
    await expect.poll(() => figure.textContent()).toBe(String(late.deliveredToday));
    expect(late.deliveredToday).toBeGreaterThan(early.deliveredToday);
    await picture(page, "small-overview-en");
    expect((await scrub(0.1)).vehicles).toEqual(early.vehicles);
    expect(late.seekMs).toBeGreaterThan(0);
    expect(late.seekMs).toBeLessThan(2000);
    await page.selectOption("#speed", "300");
    await page.click("#play");
    await page.waitForFunction((ms) => window.__kalong!.state.tMs > ms + 120_000, early.tMs);
    expect(errors).toEqual([]);
    await page.close();
  });

  test("every view and both languages render, and a vehicle can be chosen and followed", async () => {
    const { page, errors } = await open();
    await page.click('[data-language="vi"]');
    expect(await page.locator("aside h2").first().textContent()).toBe(vi["throughput.title"]);
    await page.click(".vehicles .row");
    await expect.poll(() => page.locator(".details h2").textContent()).toBe("V01");
    await expect.poll(() => page.locator(".details dt").first().textContent()).toBe(vi["details.state"]);
    await picture(page, "small-overview-vi");
    const colours: number[] = [];
    for (const view of ["plan", "perspective", "strips"]) {
      await page.click(`[data-view="${view}"]`);
      if (view === "perspective") await page.click('[data-view="follow"]');
      const drawn = (await state(page)).framesDrawn;
      await page.waitForFunction((n) => window.__kalong!.state.framesDrawn > n + 2, drawn);
      colours.push((await page.locator(".scene").screenshot()).length);
      await picture(page, `small-${view}`);
    }
    // A picture of one colour compresses to a few kilobytes.
    expect(Math.min(...colours)).toBeGreaterThan(6_000);
    await page.click('[data-language="en"]');
    expect(await page.locator("aside h2").first().textContent()).toBe(en["throughput.title"]);
    expect(await page.locator("html").getAttribute("lang")).toBe("en");
    expect(errors).toEqual([]);
    await page.close();
  });

  test.runIf(pictures !== null)("the corridor, for the documentation", { timeout: 400_000 }, async () => {
    const out = join(folder, "corridor");
    const run = ["kalong.ts", "run", "pilot-2026-saturated", "--hours", "3", "--seed", "1", "--out", out];
    execFileSync(process.execPath, run, { cwd: root, stdio: "ignore" });
    const corridor = await startReplay(join(out, "run.mcap"));
    const errors: string[] = [];
    try {
      for (const language of ["en", "vi"] as const) {
        const page = await browser.newPage({ viewport });
        page.on("pageerror", (error) => errors.push(error.message));
        await page.goto(`${corridor.address}/?smooth&lang=${language}`);
        await page.waitForFunction(() => window.__kalong?.state.indexed === 1);
        await page.click("#play");
        const box = (await page.locator("#track").boundingBox())!;
        await page.mouse.click(box.x + CORRIDOR_AT * box.width, box.y + box.height / 2);
        await page.waitForFunction(() => window.__kalong!.state.deliveredToday > 10);
        const drawnAfter = async (act: () => Promise<void>): Promise<void> => {
          const drawn = (await state(page)).framesDrawn;
          await act();
          await page.waitForFunction((n) => window.__kalong!.state.framesDrawn > n, drawn);
        };
        await picture(page, `overview-${language}`);
        if (language === "vi") {
          await drawnAfter(() => page.click(".vehicles .row"));
          await drawnAfter(() => page.click('[data-view="perspective"]'));
          await picture(page, `3d-${language}`);
        }
        await page.close();
      }
    } finally {
      corridor.server.kill("SIGINT");
    }
    expect(errors).toEqual([]);
  });

  test("live frames from a WebSocket are shown by the same page, without a timeline", async () => {
    const timers: ReturnType<typeof setInterval>[] = [];
    const { page, errors } = await open(async (page) => {
      await page.route("**/viewer.json", (route) =>
        route.fulfill({ json: { mode: "live", name: "small", socket: "live" } }),
      );
      await page.routeWebSocket(/\/live$/, (socket) => {
        const send = (frame: LiveFrame): void => socket.send(JSON.stringify(frame));
        let t = 3600;
        const vehicles = (): LiveFrame => ({
          topic: "/vehicles",
          message: { t, vehicles: [liveVehicle((t - 3600) * 4)] },
        });
        send({ topic: "/run", message: { scenario: "live-test", targetPerDay: "300" } });
        send({ topic: "/site", message: { ...siteMessage(smallSite, []), t } });
        send(vehicles());
        send({ topic: "/live", message: { snapshot: "complete" } });
        timers.push(
          setInterval(() => {
            t += 0.5;
            send(vehicles());
          }, 500),
        );
        send({
          topic: "/orders",
          message: {
            t,
            order: "1",
            event: "delivered",
            vehicle: "V01",
            container: "C1",
            place: "crane-cn",
            reason: "",
          },
        });
      });
    });
    const before = await state(page);
    await page.waitForFunction((y) => window.__kalong!.state.vehicles[0]!.y > y + 2, before.vehicles[0]!.y);
    expect((await state(page)).status).toBe("running");
    await expect.poll(() => page.locator(".pill").textContent()).toBe(en["bar.live"]);
    await expect.poll(() => page.locator("#throughput-figure").textContent()).toBe("1");
    expect(await page.locator("#track").count()).toBe(0);
    await picture(page, "small-live");
    expect(errors).toEqual([]);
    for (const timer of timers) clearInterval(timer);
    await page.close();
  });

  test("a recording that cannot be read is said in words", async () => {
    const page = await browser.newPage();
    await page.route("**/recording.mcap", (route) => route.fulfill({ status: 200, body: "nothing of the kind" }));
    await page.goto(`${replay.address}/?lang=en`);
    await page.waitForSelector(".error");
    expect(await page.locator(".error").textContent()).toContain(en["error.feed"]);
    await page.close();
  });
});

function liveVehicle(s: number): Extract<LiveFrame, { topic: "/vehicles" }>["message"]["vehicles"][number] {
  return {
    id: "V01",
    type: "igv",
    x: 6,
    y: -40 + s,
    theta: Math.PI / 2,
    v: 4,
    a: 0,
    lane: "n3",
    s,
    laden: false,
    containers: [],
    soc: 0.6,
    state: "driving",
    node: "",
    order: "",
    waitingFor: [],
  };
}
